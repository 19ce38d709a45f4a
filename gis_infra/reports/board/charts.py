"""The charts of a sector: how old its layers are, how well known, and of what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from gis_infra.catalogue.definitions import Catalogue, Language
from gis_infra.features.figures.model import Breakdown
from gis_infra.reports import numbers
from gis_infra.reports.board.layers import AGE_KEYS, name_part
from gis_infra.reports.board.words import BOARD_WORDS
from gis_infra.reports.charts.bars import Bar, Bars, render_bars
from gis_infra.reports.charts.stacks import Stack, StackClass, Stacks, render_stacks

Found = Mapping[str, Any]

UNKNOWN_COLOR, OTHER_COLOR = "#dcdcdc", "#8f8f8f"
# From new to old, and from what is measured to what only records say; None is what is not recorded.
AGE_COLORS: Mapping[str | None, str] = dict(
    zip(AGE_KEYS, ("#c9b8e8", "#d6e6f4", "#9ecae1", "#5fa3d1", "#2b74b3", "#0a3f7d", UNKNOWN_COLOR), strict=True)
)
QUALITY_COLORS: Mapping[str | None, str] = {
    "a": "#14633a", "b1": "#3d9460", "b2": "#86c492", "b3": "#cfe6b4", "b4": "#f4d58a", "c": "#e79b4b", "d": "#b8452f",
    None: UNKNOWN_COLOR,
}  # fmt: skip
COLORS: Mapping[Breakdown, Mapping[str | None, str]] = {"age": AGE_COLORS, "quality_level": QUALITY_COLORS}


@dataclass(frozen=True)
class Chart:
    """A chart with what it shows. layers: those in it; bare: titles of layers in which nothing of it is recorded."""

    name: Breakdown
    title: str
    svg: Markup
    layers: tuple[Found, ...]
    bare: tuple[str, ...] = ()


def draw_charts(sector: Found, catalogue: Catalogue, language: Language) -> list[Chart]:
    """The charts there is something to draw of. sector: as `gathering` gives it."""
    held = [each for each in sector["layers"] if each["features"]]
    stacks = [draw_stacks(name, held, catalogue, language) for name in COLORS]
    bars = [draw_material(each, language) for each in held if is_recorded(each, "material")]
    return [each for each in (*stacks, *bars) if each is not None]


def is_recorded(layer: Found, name: Breakdown) -> bool:
    """Whether a layer has anything recorded of a breakdown."""
    return any(part["key"] is not None for part in layer["parts"].get(name, ()))


def weigh(layer: Found, part: Found) -> float:
    """What a part counts in its layer's bar: metres of lines, numbers of anything else."""
    return float(part["size"] if layer["measure"] == "length" else part["features"])


def draw_stacks(name: Breakdown, layers: Iterable[Found], catalogue: Catalogue, language: Language) -> Chart | None:
    """A bar for each layer that has something recorded, cut into classes; None where no layer has."""
    held = list(layers)
    shown = [each for each in held if is_recorded(each, name)]
    if not shown:
        return None
    title = BOARD_WORDS[f"board.{name}"].get_in(language)
    bare = tuple(each["title"][language] for each in held if each not in shown)
    svg = render_stacks(make_stacks(name, shown, catalogue, language, title), language)
    return Chart(name, title, svg, tuple(shown), bare)


def make_stacks(name: Breakdown, layers: list[Found], catalogue: Catalogue, language: Language, title: str) -> Stacks:
    """The bars of layers and the classes they are cut into."""
    found = {part["key"] for each in layers for part in each["parts"][name]}
    colors = {**dict.fromkeys(sorted(found - set(COLORS[name]))), **COLORS[name]}
    layer = catalogue.get_layer(layers[0]["id"])
    classes = tuple(
        StackClass(name_part(layer, name, key).get_in(language), color or OTHER_COLOR) for key, color in colors.items()
    )
    stacks = []
    for each in layers:
        sizes = {part["key"]: weigh(each, part) for part in each["parts"][name]}
        stacks.append(Stack(each["title"][language], tuple(sizes.get(key, 0.0) for key in colors)))
    return Stacks(classes, tuple(stacks), title)


def draw_material(layer: Found, language: Language) -> Chart:
    """A bar for each material of a layer, the longest first."""
    title = BOARD_WORDS["board.material_of"].get_in(language).format(name=layer["title"][language])
    parts = sorted(layer["parts"]["material"], key=lambda part: (part["key"] is None, -weigh(layer, part)))
    whole = sum(weigh(layer, part) for part in parts)
    bars = tuple(
        Bar(part["title"][language], weigh(layer, part), show_weight(layer, weigh(layer, part), whole, language))
        for part in parts
    )
    return Chart("material", title, render_bars(Bars(bars, (), title)), (layer,))


def show_weight(layer: Found, weight: float, whole: float, language: Language) -> str:
    """A weight with its unit, and its share."""
    shown = (
        numbers.show_length(weight, language) if layer["measure"] == "length" else numbers.show_number(weight, language)
    )
    return f"{shown}, {numbers.show_share(weight / whole if whole else None, language)}"
