"""The figures of layers as JSON holds them: each layer with what it comes to, and its breakdowns in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from gis_infra.catalogue.definitions import Layer, Title
from gis_infra.features.figures.model import AGES, FUTURE, Breakdown, LayerFigures, Part
from gis_infra.reports.board.words import BOARD_WORDS
from gis_infra.reports.features import to_titles

Json = dict[str, Any]

METRE_DECIMALS = 1
NOT_RECORDED = BOARD_WORDS["board.not_recorded"]
# The classes of age, the youngest first; None is what is not recorded.
AGE_KEYS: tuple[str | None, ...] = (FUTURE, *(str(each) for each in AGES), None)


def to_layer(figures: LayerFigures) -> Json:
    """One layer. size: metres or square metres as `measure` says; parts: by breakdown, in the order of the classes."""
    layer = figures.layer
    return {
        "id": layer.id,
        "title": to_titles(layer.title),
        "geometry": layer.geometry,
        "measure": figures.measure,
        "features": figures.features,
        "size": round(figures.size, METRE_DECIMALS),
        "without_shape": figures.without_shape,
        "parts": {name: to_parts(layer, name, parts) for name, parts in figures.parts.items()},
    }


def to_parts(layer: Layer, name: Breakdown, parts: Iterable[Part]) -> list[Json]:
    """The parts of a breakdown with their words, what is not recorded last."""
    known = {part.key: part for part in parts}
    order = AGE_KEYS if name == "age" else (*layer.get_field(name).codes, None)
    keys = [key for key in order if key in known] + [key for key in known if key not in order]
    return [to_part(known[key], name_part(layer, name, key)) for key in keys]


def to_part(part: Part, title: Title) -> Json:
    """One part; key: null where it is not recorded."""
    size = round(part.size, METRE_DECIMALS)
    return {"key": part.key, "title": to_titles(title), "features": part.features, "size": size}


def name_part(layer: Layer, name: Breakdown, key: str | None) -> Title:
    """What a value of a breakdown is called."""
    if key is None:
        return NOT_RECORDED
    if name == "age":
        return name_age(key)
    return layer.get_field(name).codes.get(key, Title(key, key))


def name_age(key: str) -> Title:
    """What a class of age is called."""
    if key == FUTURE:
        return BOARD_WORDS["board.age.future"]
    at = AGES.index(int(key))
    if at + 1 == len(AGES):
        return fill_in(BOARD_WORDS["board.age.from"], {"least": key})
    return fill_in(BOARD_WORDS["board.age.between"], {"least": key, "most": str(AGES[at + 1] - 1)})


def fill_in(title: Title, values: Mapping[str, str]) -> Title:
    """A title with values in their places."""
    return Title(title.vi.format(**values), title.en.format(**values))


def add_up(layers: Iterable[Json]) -> Json:
    """What layers come to together: features, and metres of their lines."""
    found = list(layers)
    lines = [each["size"] for each in found if each["measure"] == "length"]
    return {"features": sum(each["features"] for each in found), "length_m": round(sum(lines), METRE_DECIMALS)}
