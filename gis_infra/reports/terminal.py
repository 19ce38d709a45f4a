"""Conflicts and coverage as tables for a terminal."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

SEVERITY_COLORS = {"violation": "red", "possible": "yellow"}


def make_register_table(features: Sequence[Mapping[str, Any]]) -> Table:
    """Conflicts, one a line: what, between whom, how far and how far it should be. Unverified rules are marked."""
    table = Table("id", "status", "rule", "left", "right", "distance m", "required m", "length m", "owners")
    for each in features:
        values = each["properties"]
        mark = "" if values["verified"] else " *"
        table.add_row(
            str(values.get("id", "")),
            Text(values.get("status", values["severity"]), SEVERITY_COLORS[values["severity"]]),
            values["rule"] + mark,
            name_asset(values, "left"),
            name_asset(values, "right"),
            f"{values['distance_m']:.3f}",
            f"{values['required_m']:.2f}",
            f"{values.get('length_m') or 0:.1f}",
            ", ".join(dict.fromkeys(filter(None, (values["left_owner"], values["right_owner"])))),
        )
    table.caption = "* the number of this rule was not verified in its source"
    return table


def name_asset(values: Mapping[str, Any], side: str) -> str:
    """An asset as "layer code", by id where it has no code."""
    layer, code = values[f"{side}_layer"], values[f"{side}_code"]
    return "" if layer is None else f"{layer} {code or values[f'{side}_id']}"


def make_services_table(services: Iterable[Mapping[str, Any]]) -> Table:
    """Services and what the latest run of each found for the city."""
    table = Table("service", "reach m", "people", "buildings", "area", "facilities", "latest run")
    for service in services:
        run = service["latest_run"]
        shares = [render_share(run["city"], name) for name in SHARES] if run else ["", "", ""]
        facilities, finished = (str(run["facilities"]), run["finished_at"][:16]) if run else ("", "never run")
        table.add_row(service["id"], f"{service['distance_m']:g}", *shares, facilities, finished)
    return table


def make_coverage_table(report: Mapping[str, Any]) -> Table:
    """One service by ward, the city last."""
    table = Table("code", "ward", "people served", "of", "share", "buildings served", "of", "share", "area")
    rows = [("", "the city", report["run"]["city"])]
    wards = [each["properties"] for each in report["wards"]["features"]]
    for code, name, values in [(each["code"], each["name"], each) for each in wards] + rows:
        table.add_row(
            code or "",
            name or "in no ward",
            f"{values['population_served']:,}",
            f"{values['population']:,}",
            render_share(values, "population_share"),
            f"{values['buildings_served']:,}",
            f"{values['buildings']:,}",
            render_share(values, "building_share"),
            render_share(values, "area_share"),
        )
    return table


SHARES = ("population_share", "building_share", "area_share")


def render_share(values: Mapping[str, Any], name: str) -> str:
    """A share as per cent, a dash where there is nothing to serve."""
    return "–" if values[name] is None else f"{values[name]:.1%}"
