"""The table of a page of features: which columns, how each is sorted, what each cell shows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gis_infra.catalogue.definitions import Field, Language, Layer
from gis_infra.features.query import Feature, FeaturePage, SortKey
from gis_infra.web.ogcapi.pages import addresses
from gis_infra.web.ogcapi.pages.formatting import CUT, Shown, get_unit, show_in_table

MOST_COLUMNS = 9  # that are shown unasked
NUMBERS = frozenset({"integer", "number"})
# What says most about any asset, beside the layer's own properties.
FIRST = ("asset_code", "name")
LAST = ("status", "owner", "installed_on")

Order = Literal["ascending", "descending", "none"]


@dataclass(frozen=True)
class Header:
    """The head of a column. href: the same page sorted by it, the other way where it already is."""

    name: str
    title: str
    unit: str
    order: Order
    href: str
    is_number: bool


@dataclass(frozen=True)
class Line:
    """One feature in the table. label: what it is called, its id where it has no name of its own."""

    id: int
    label: str
    cells: tuple[Shown, ...]


def choose_columns(page: FeaturePage, layer: Layer) -> tuple[Field, ...]:
    """The columns of the table: those asked for, in the layer's order; else the telling ones that are not empty."""
    if page.query.properties is not None:
        return tuple(each for each in layer.fields if each.name in page.query.properties)
    filled = {name for each in page.features for name, value in each.properties.items() if value is not None}
    own = [each.name for each in layer.own_fields]
    wanted = [name for name in dict.fromkeys((*list_first(layer), *own, *LAST)) if name in filled]
    # Who owns an asset and whether it is in use matter more than the last of many properties of its own.
    room = MOST_COLUMNS - sum(name in wanted for name in LAST)
    kept = [name for name in wanted if name not in LAST][:room] + [name for name in wanted if name in LAST]
    return tuple(layer.get_field(name) for name in kept)


def find_naming(columns: Sequence[Field], layer: Layer) -> Field | None:
    """The column that names the features, which is shown first and leads to them; None where it is not wanted."""
    return next((each for each in columns if each.name == layer.label), None)


def list_first(layer: Layer) -> tuple[str, ...]:
    """What a feature of the layer is called by, its label first."""
    return (layer.label, *FIRST) if layer.label else FIRST


def make_headers(
    columns: Sequence[Field], sort: Sequence[SortKey], arguments: Mapping[str, str], language: Language
) -> tuple[Header, ...]:
    """The heads of the columns. arguments: the query string of the page."""
    return tuple(make_header(each, sort, arguments, language) for each in columns)


def make_header(field: Field, sort: Sequence[SortKey], arguments: Mapping[str, str], language: Language) -> Header:
    """The head of one column."""
    order = get_order(field.name, sort)
    turned = f"-{field.name}" if order == "ascending" else field.name
    return Header(
        name=field.name,
        title=field.title.get_in(language),
        unit=get_unit(field),
        order=order,
        href=addresses.restart(arguments, {"sortby": turned}),
        is_number=field.type in NUMBERS,
    )


def get_order(name: str, sort: Sequence[SortKey]) -> Order:
    """How the page is sorted by this column, if it is the first it is sorted by."""
    if not sort or sort[0].name != name:
        return "none"
    return "descending" if sort[0].descending else "ascending"


def make_lines(page: FeaturePage, columns: Sequence[Field], layer: Layer, language: Language) -> tuple[Line, ...]:
    """The lines of the table, in the page's order; long texts are cut."""
    return tuple(
        Line(
            each.id,
            get_label(layer, each),
            tuple(show_in_table(field, each.properties.get(field.name), language) for field in columns),
        )
        for each in page.features
    )


def get_label(layer: Layer, feature: Feature) -> str:
    """What a feature is called: its label, else its code or its name, else its id; never empty, never long."""
    values = (feature.properties.get(name) for name in list_first(layer))
    return next((str(value)[:CUT] for value in values if value not in (None, "")), str(feature.id))
