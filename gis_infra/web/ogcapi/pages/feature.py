"""One feature: what is known of it in groups, what is not, and where it lies on the planner's map. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from gis_infra.catalogue.definitions import Field, Language, Layer
from gis_infra.features.query import Feature
from gis_infra.web.ogcapi.pages import addresses, narrowing, table
from gis_infra.web.ogcapi.pages.formatting import Shown, format_number, show
from gis_infra.web.ogcapi.pages.layers import list_style_fields, pair
from gis_infra.web.ogcapi.pages.narrowing import Asked
from gis_infra.web.ogcapi.pages.targets import Target, list_forms

STREET_ZOOM = 18

# The attributes every layer has, by what one looks for them for; what is in none of these is the last's.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "keeping": ("asset_code", "name", "owner", "operator", "status", "sensitivity"),
    "dates": ("installed_on", "decommissioned_on", "planned_from", "planned_to"),
    "height": (
        "vertical_position",
        "cover_m",
        "crown_level_m",
        "invert_level_m",
        "level_reference",
        "vertical_datum",
    ),
    "quality": (
        "quality_level",
        "horizontal_accuracy_m",
        "vertical_accuracy_m",
        "survey_date",
        "survey_method",
        "surveyor",
        "source_dataset",
        "source_srid",
    ),
    "more": ("remarks", "import_id", "created_at", "updated_at"),
}


@dataclass(frozen=True)
class Value:
    """One property of the feature. other_title: in the language the page is not in."""

    name: str
    title: str
    other_title: str
    shown: Shown


@dataclass(frozen=True)
class Group:
    """Properties that belong together, those without a value left out. id: a word of the page; "own": the layer's."""

    id: str
    values: tuple[Value, ...]


def make_groups(layer: Layer, feature: Feature, language: Language) -> tuple[Group, ...]:
    """What is known of the feature: the layer's own properties first, then what every asset has; no group is empty."""
    placed = {name for names in GROUPS.values() for name in names}
    own = [each for each in layer.fields if each.name not in placed]
    groups = [Group("own", list_values(own, feature, language))]
    for name, members in GROUPS.items():
        fields = [each for each in layer.fields if each.name in members]
        groups.append(Group(name, list_values(fields, feature, language)))
    return tuple(each for each in groups if each.values)


def list_values(fields: Sequence[Field], feature: Feature, language: Language) -> tuple[Value, ...]:
    """The fields that have a value, with it."""
    return tuple(
        Value(each.name, *pair(each.title, language), show(each, feature.properties[each.name], language))
        for each in fields
        if has_value(feature.properties.get(each.name))
    )


def has_value(value: Any) -> bool:
    """Whether there is anything to show; 0 and "no" are something."""
    return value is not None and value != ""


def list_empty(layer: Layer, feature: Feature, language: Language) -> tuple[str, ...]:
    """The titles of the properties that nobody has filled in."""
    return tuple(
        each.title.get_in(language)
        for each in layer.fields
        if each.name in feature.properties and not has_value(feature.properties[each.name])
    )


@dataclass(frozen=True)
class Around:
    """What stands around a feature.

    may_edit: whether the reader may change it. before, after: the ids beside it; None where it is the first, the last.
    """

    may_edit: bool
    before: int | None
    after: int | None


@dataclass(frozen=True)
class FeatureView:
    """All that the page of one feature shows; an address is empty where it leads nowhere."""

    label: str
    groups: tuple[Group, ...]
    empty: tuple[str, ...]
    empty_title: str
    has_shape: bool
    features_href: str
    map_place: str
    history_href: str
    may_edit: bool
    forms: tuple[Target, ...]
    was_on: str
    now_href: str
    before_href: str
    after_href: str


def make_view(layer: Layer, feature: Feature, asked: Asked, around: Around, words: Mapping[str, str]) -> FeatureView:
    """The page of one feature. asked: its path is that of the layer's items."""
    language = asked.language
    empty, moment = list_empty(layer, feature, language), asked.arguments.get("as-of", "")
    own = f"{asked.path}/{feature.id}"
    return FeatureView(
        label=table.get_label(layer, feature),
        groups=make_groups(layer, feature, language),
        empty=empty,
        empty_title=words["empty_fields"].format(count=format_number(len(empty), language)),
        has_shape=feature.geojson is not None,
        features_href=own + make_map_query(layer, asked),
        map_place=find_place(feature),
        history_href=f"{own}/history" + lead(asked, keep_moment=False),
        may_edit=around.may_edit,
        forms=list_forms(own, addresses.narrow(asked.arguments, frozenset({"as-of"}))),
        was_on=words["was_on"].format(date=narrowing.format_time(moment, language)) if moment else "",
        now_href=own + lead(asked, keep_moment=False),
        before_href="" if around.before is None else f"{asked.path}/{around.before}{lead(asked)}",
        after_href="" if around.after is None else f"{asked.path}/{around.after}{lead(asked)}",
    )


def lead(asked: Asked, keep_moment: bool = True) -> str:
    """The query string of another page, at the same moment of the data if that is to be kept."""
    kept = addresses.narrow(asked.arguments, frozenset({"as-of"} if keep_moment else ()))
    return addresses.change({**kept, "lang": asked.language, "f": "html"}, {})


def make_map_query(layer: Layer, asked: Asked) -> str:
    """The query string by which the map asks for the feature, with what its colour goes by."""
    kept = addresses.narrow(asked.arguments, frozenset({"as-of"}))
    return addresses.change({**kept, "f": "json", "properties": ",".join(list_style_fields(layer))}, {})


def find_place(feature: Feature) -> str:
    """The planner's map at the feature, as the part of its address after the sign #; empty without a shape.

    feature: with its geometry as GeoJSON in longitude/latitude.
    """
    if feature.geojson is None:
        return ""
    shape = shapely.from_geojson(feature.geojson)
    if shape.is_empty:
        return ""
    # On a line its middle; a point in the middle of what surrounds a bend would lie beside it.
    place = shape.interpolate(0.5, normalized=True) if shape.geom_type == "LineString" else shape.point_on_surface()
    at = f"{place.x:.6f},{place.y:.6f}"
    return f"{STREET_ZOOM}/{place.y:.6f}/{place.x:.6f}&tool=identify&at={at}"
