"""What a layer is, as frozen values.

Everything that varies from layer to layer is read from here: tables, validation, import mapping, schemas, styles,
legend and documentation. This module knows neither YAML nor SQL.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gis_infra.errors import UnknownLayer, UnknownProperty

Language = Literal["vi", "en"]
Access = Literal["public", "shared", "restricted"]
FieldType = Literal["text", "integer", "number", "boolean", "date", "timestamp", "code"]
Severity = Literal["error", "warning"]
Comparison = Literal["<", "<=", "=", ">=", ">"]
GeometryType = Literal["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]

ACCESS_LEVELS: tuple[Access, ...] = ("public", "shared", "restricted")
# When a feature begins to be there, and when it ends: the first pair a layer has counts.
TIME_FIELDS = (("starts_on", "ends_on"), ("valid_from", "valid_to"), ("installed_on", "decommissioned_on"))


@dataclass(frozen=True)
class Title:
    """A name for people, in Vietnamese and in English."""

    vi: str
    en: str

    def get_in(self, language: Language) -> str:
        """The title in `language`."""
        return self.vi if language == "vi" else self.en


@dataclass(frozen=True)
class Field:
    """One attribute of a layer: its type, what is allowed in it, and the names surveyors' files use for it."""

    name: str
    type: FieldType
    title: Title
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    max_length: int | None = None
    usual: tuple[float, float] | None = None  # between which most values lie; beyond, the unit is doubted
    codes: Mapping[str, Title] = field(default_factory=dict)
    code_synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # code -> what files write for it
    aliases: tuple[str, ...] = ()
    required: bool = False
    search: bool = False  # found without regard to capitals and accents, by an index
    universal: bool = False  # one of the attributes every layer has
    system: bool = False  # kept by the program itself, read-only to everybody
    description: Title | None = None  # what it means, where the title is not enough


@dataclass(frozen=True)
class Term:
    """One part of a sum: a field, a number in the unit of the check, or the day of checking; and its sign."""

    value: str | float  # the name of a field, TODAY, or a number
    sign: Literal[1, -1] = 1


TODAY = "today"


@dataclass(frozen=True)
class Check:
    """What must hold between the attributes of a row: `left` compared with `right`, each a sum.

    A row without a value for one of the fields is not judged, nor is one that has a code named in `unless`. unit: what
    the sums are in, None for dates and bare numbers. tolerance: how far two equal sums may lie apart, in `unit`.
    """

    left: tuple[Term, ...]
    comparison: Comparison
    right: tuple[Term, ...]
    severity: Severity
    title: Title
    text: str  # as the file has it
    unit: str | None = None
    tolerance: float = 0
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The fields compared, those of the left side first."""
        return tuple(
            each.value for each in (*self.left, *self.right) if isinstance(each.value, str) and each.value != TODAY
        )


@dataclass(frozen=True)
class Licence:
    """Under what terms data may be used: the address of the terms, and their name for people."""

    url: str
    title: str


@dataclass(frozen=True)
class Style:
    """How a layer is drawn; the raw mapping of the YAML file, already validated.

    Keys (all optional): `line`, `point`, `fill`, each a mapping of `color`, `width`, `width_by`, `dash`, `radius`,
    `opacity`, `outline`, `color_by` (a code field) with `colors` (code -> "#rrggbb"); `min_zoom`, `max_zoom`; `order`.
    """

    rules: Mapping[str, Any]


@dataclass(frozen=True)
class Kept:
    """How the program keeps a layer of its own, which people see like any other and nobody edits.

    table: where it is, a table of SQLAlchemy; it has id, geom, lonlat and the fields. select_visible: of the table, or
    what stands for it, and an actor, the condition that holds for rows they may see. Versions of rows are not kept.
    by_person: whether two people with the same grants may see other rows.
    """

    table: Any
    select_visible: Callable[[Any, Any], Any]
    by_person: bool = False


@dataclass(frozen=True)
class Layer:
    """One feature class of the city: a table, a collection, a feature type, a line in the legend."""

    id: str
    sector: str
    title: Title
    geometry: GeometryType
    access: Access
    fields: tuple[Field, ...]  # the layer's own, in file order, then the universal ones
    style: Style
    description: Title | None = None
    label: str | None = None  # field shown beside the feature on the map
    outer_size_mm: str | None = None  # field that holds the outer diameter or width clearances subtract
    nominal_size_mm: str | None = None  # what stands in for it where it is empty
    checks: tuple[Check, ...] = ()  # what must hold between attributes: of every layer, then its own
    licence: Licence | None = None  # where it differs from the city's
    attribution: Title | None = None  # whom to name when the data are shown, where it differs from the city's
    source_file: str = ""
    kept: Kept | None = None  # by the program; None where people put features in

    @property
    def own_fields(self) -> tuple[Field, ...]:
        """The attributes that only this layer has."""
        return tuple(each for each in self.fields if not each.universal)

    def find_time_fields(self) -> tuple[str, str] | None:
        """The fields that say from when to when a feature is there, both days included; None if the layer has none."""
        names = {each.name for each in self.fields}
        return next((pair for pair in TIME_FIELDS if names.issuperset(pair)), None)

    def get_field(self, name: str) -> Field:
        """The attribute called `name`. Raises UnknownProperty, which lists what there is."""
        for each in self.fields:
            if each.name == name:
                return each
        allowed = ", ".join(each.name for each in self.fields)
        raise UnknownProperty(f"layer {self.id} has no property {name!r}; it has {allowed}", where=name)


@dataclass(frozen=True)
class Sector:
    """One of the five sectors, or what they share."""

    id: str
    title: Title
    color: str


@dataclass(frozen=True)
class Catalogue:
    """Every layer the city has, by id, in the order of sector and file."""

    layers: Mapping[str, Layer]
    sectors: Mapping[str, Sector]

    def get_layer(self, layer_id: str) -> Layer:
        """The layer with that id. Raises UnknownLayer."""
        try:
            return self.layers[layer_id]
        except KeyError:
            raise UnknownLayer(f"there is no layer {layer_id!r}", where=layer_id) from None
