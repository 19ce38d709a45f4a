"""The page of a layer's features: what is filtered, the form to filter otherwise, the table, and the ways on. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gis_infra.catalogue.definitions import Field, Language, Layer
from gis_infra.features.query import FeaturePage, FeatureQuery
from gis_infra.web.ogcapi.pages import addresses, layers, narrowing, table
from gis_infra.web.ogcapi.pages.formatting import Shown, format_number
from gis_infra.web.ogcapi.pages.narrowing import SELECTING, Asked, Chip
from gis_infra.web.ogcapi.pages.targets import Target, list_files, list_forms, list_pages
from gis_infra.web.ogcapi.pages.widgets import Widget, make_widgets

Words = Mapping[str, str]

SIZES = (20, 50, 100, 200)
DEFAULT_SIZE, MOST = 50, 200
LENGTH_OF_DAY = len("2026-11-23")
# What a new filter leaves as it is.
HIDDEN = frozenset({"filter-lang", "filter-crs"})
LASTING = frozenset({"sortby", "datetime", "crs"})


@dataclass(frozen=True)
class Head:
    """The head of one column; without `href` it cannot be sorted by."""

    title: str
    unit: str = ""
    order: table.Order = "none"
    href: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Line:
    """One feature in the table."""

    id: int
    label: str
    href: str
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Choice:
    """One column that can be shown."""

    name: str
    title: str
    is_chosen: bool


@dataclass(frozen=True)
class ItemsView:
    """All that the page of a layer's features shows."""

    count: str
    range: str
    chips: tuple[Chip, ...]
    clear_href: str
    widgets: tuple[Widget, ...]
    corners: Mapping[str, str]
    expert: str
    choices: tuple[Choice, ...]
    as_of: str
    limit: int
    sizes: tuple[int, ...]
    kept: Mapping[str, str]
    search_href: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    pages: tuple[Target, ...]
    files: tuple[Target, ...]
    forms: tuple[Target, ...]
    features_href: str

    @property
    def has_columns(self) -> bool:
        """Whether columns were chosen."""
        return any(each.is_chosen for each in self.choices)


def bound(query: FeatureQuery, arguments: Mapping[str, str]) -> FeatureQuery:
    """The query for a page that people read: of a length that can be scrolled through."""
    limit = query.limit if "limit" in arguments else DEFAULT_SIZE
    return replace(query, limit=min(limit, MOST), skip_geometry=True)


def make_view(page: FeaturePage, document: Mapping[str, Any], asked: Asked, words: Words) -> ItemsView:
    """The page. document: the members of the FeatureCollection beside its features, its links above all."""
    layer, language = page.query.layer, asked.language
    columns = table.choose_columns(page, layer)
    rows = (*narrowing.find_filter_rows(asked, layer), *narrowing.find_plain_rows(asked, layer))
    own = addresses.narrow(asked.arguments, SELECTING | {field.name for field in layer.fields})
    return ItemsView(
        count=format_count(page, words, language),
        range=format_range(page, words, language),
        chips=narrowing.make_chips(asked, layer, words),
        clear_href=addresses.restart(asked.arguments, dict.fromkeys(own)),
        widgets=make_widgets(layer, rows, words, language),
        corners=narrowing.find_corners(asked),
        # What is not CQL2 text in longitude and latitude could not be sent by the form again.
        expert="" if HIDDEN.intersection(asked.arguments) else narrowing.find_expert(asked, layer),
        choices=list_choices(page, layer, language),
        as_of=asked.arguments.get("as-of", "")[:LENGTH_OF_DAY],
        limit=page.query.limit,
        sizes=tuple(sorted({*SIZES, page.query.limit})),
        kept=addresses.narrow(asked.arguments, LASTING),
        search_href=asked.path.removesuffix("/items") + "/search",
        heads=make_heads(page, columns, asked, words),
        lines=make_lines(page, columns, asked),
        pages=list_pages(document),
        files=list_files(asked, layer),
        forms=list_forms(asked.path, {**asked.arguments, "limit": str(page.query.limit)}),
        features_href=asked.path + make_map_query(page, asked),
    )


def format_count(page: FeaturePage, words: Words, language: Language) -> str:
    """How many features there are, or more than how many."""
    if page.matched is None:
        least = page.query.count_bound if page.query.count_bound is not None else len(page.features)
        return words["matched_more"].format(count=format_number(least, language))
    if page.matched < 2:
        return words["matched_none" if page.matched == 0 else "matched_one"]
    return words["matched_many"].format(count=format_number(page.matched, language))


def format_range(page: FeaturePage, words: Words, language: Language) -> str:
    """Which of them are on this page; empty where it is all of them."""
    shown = len(page.features)
    if shown == page.matched or shown == 0:
        return ""
    if page.query.cursor is not None:
        return words["shown_of"].format(shown=format_number(shown, language))
    first = page.query.offset + 1
    ends = (format_number(each, language) for each in (first, first + shown - 1))
    return words["shown_range"].format(**dict(zip(("first", "last"), ends, strict=True)))


def list_choices(page: FeaturePage, layer: Layer, language: Language) -> tuple[Choice, ...]:
    """Every column, and whether it was asked for."""
    chosen = page.query.properties or ()
    return tuple(Choice(each.name, each.title.get_in(language), each.name in chosen) for each in layer.fields)


def make_heads(page: FeaturePage, columns: Sequence[Field], asked: Asked, words: Words) -> tuple[Head, ...]:
    """The heads of the table: what features are called by first, then the other columns."""
    naming = table.find_naming(columns, page.query.layer)
    rest = [each for each in columns if each is not naming]
    fields = rest if naming is None else [naming, *rest]
    heads = tuple(
        Head(each.title, each.unit, each.order, each.href, each.is_number)
        for each in table.make_headers(fields, page.query.sort, asked.arguments, asked.language)
    )
    return heads if naming is not None else (Head(words["number_sign"]), *heads)


def make_lines(page: FeaturePage, columns: Sequence[Field], asked: Asked) -> tuple[Line, ...]:
    """The lines of the table, each leading to the page of its feature."""
    kept = addresses.narrow(asked.arguments, frozenset({"as-of"}))
    suffix = addresses.change({**kept, "lang": asked.language, "f": "html"}, {})
    naming = table.find_naming(columns, page.query.layer)
    rest = [each for each in columns if each is not naming]
    return tuple(
        Line(each.id, each.label if naming is not None else str(each.id), f"{asked.path}/{each.id}{suffix}", each.cells)
        for each in table.make_lines(page, rest, page.query.layer, asked.language)
    )


def make_map_query(page: FeaturePage, asked: Asked) -> str:
    """The query string by which the map asks for this page's features, with what their colours go by."""
    changes = {
        "f": "json",
        "lang": None,
        "crs": None,
        "limit": str(page.query.limit),
        "properties": ",".join(layers.list_style_fields(page.query.layer)),
    }
    return addresses.change(asked.arguments, changes)
