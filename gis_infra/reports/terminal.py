"""Conflicts as lines for a terminal, and tables as they all are there."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

WIDEST = 1000
SEVERITY_COLORS: Mapping[str, str] = {
    "violation": "red",
    "possible": "yellow",
    "vertical_unknown": "magenta",
    "opportunity": "green",
    "clear": "dim",
}


def render_register(features: Sequence[Mapping[str, Any]]) -> Text:
    """Conflicts, two lines each: how far and how far it should be by which rule, then between whom.

    Lines rather than a table: codes and owners are long, and a cut one is worth nothing. Unverified rules are marked.
    """
    text = Text("\n").join(render_conflict(each["properties"]) for each in features)
    if any(not each["properties"]["verified"] for each in features):
        text.append("\n* the number of this rule was not verified in its source", "dim")
    return text


def render_conflict(values: Mapping[str, Any]) -> Text:
    """The two lines of one conflict."""
    number = f"{values['id']:>6}  " if "id" in values else "  "
    stretch = f" along {values['length_m']:.1f} m" if values.get("length_m") else ""
    mark = "" if values["verified"] else "*"
    sides = [name for side in ("left", "right") if (name := name_asset(values, side))]
    text = Text(number)
    text.append(f"{values.get('status', values['severity']):<9}", SEVERITY_COLORS[values["severity"]])
    text.append(f" {render_distance(values)} of {values['required_m']:.2f} m{stretch}, by {values['rule']}{mark}\n")
    text.append(" " * len(number) + " – ".join(sides))
    return text


def render_distance(values: Mapping[str, Any]) -> str:
    """How far apart, and how sure that is; heights that are not known are said to be."""
    if values["distance_m"] is None:
        return "height unknown"
    sure = {"possible": " (possible)"}.get(values["severity"], "")
    return f"{values['distance_m']:.3f} m{sure}"


def name_asset(values: Mapping[str, Any], side: str) -> str:
    """An asset as "layer code (owner)", by id where it has no code; empty where there is none on that side."""
    layer, code, owner = (values[f"{side}_{part}"] for part in ("layer", "code", "owner"))
    if layer is None:
        return ""
    return f"{layer} {code or values[f'{side}_id']} ({owner or 'owner not recorded'})"


def make_table(*columns: str) -> Table:
    """An empty table with a line under its head only."""
    return Table(*columns, box=box.SIMPLE_HEAD, pad_edge=False)


def print_whole(table: Table) -> None:
    """Print a table as wide as it is: a number or a name that was cut to fit is worth nothing."""
    console = Console()
    limits = console.options.update(max_width=WIDEST)
    console.width = max(console.width, Measurement.get(console, limits, table).maximum)
    console.print(table)
