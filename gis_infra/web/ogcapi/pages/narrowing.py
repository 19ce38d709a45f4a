"""What narrows a page of features, in words, each with the page without it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gis_infra.catalogue.definitions import Language, Layer
from gis_infra.filters.tree import Condition
from gis_infra.web.ogcapi.pages import addresses, conditions, filtering
from gis_infra.web.ogcapi.pages.filtering import OPERATORS, Row
from gis_infra.web.ogcapi.pages.formatting import cut, format_date, format_moment, format_number

Words = Mapping[str, str]

# What narrows a page, in the address; a file of the selection is asked for by the same.
SELECTING = frozenset({"filter", "filter-lang", "filter-crs", "bbox", "bbox-crs", "datetime", "as-of"})
FILTER = ("filter", "filter-lang", "filter-crs")
SIDES = ("west", "south", "east", "north")
CORNERS = 4
LENGTH_OF_DAY = len("2026-11-23")
MOST_TEXT = 200


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks.

    path: of the layer's items, on this server. arguments: the query string. filter: its `filter`, read; None for none.
    """

    path: str
    arguments: Mapping[str, str]
    language: Language
    filter: Condition | None = None


@dataclass(frozen=True)
class Chip:
    """One condition in words, and the page without it."""

    text: str
    href: str


def find_filter_rows(asked: Asked, layer: Layer) -> tuple[Row, ...]:
    """The rows that the page's `filter` means; none if there is none, or the form cannot show it."""
    return (conditions.find_rows(asked.filter, layer) or ()) if asked.filter is not None else ()


def find_plain_rows(asked: Asked, layer: Layer) -> tuple[Row, ...]:
    """The rows that the page's `name=value` parameters mean."""
    return tuple(
        Row(field.name, "equals", asked.arguments[field.name])
        for field in layer.fields
        if asked.arguments.get(field.name) and "equals" in OPERATORS[field.type]
    )


def find_expert(asked: Asked, layer: Layer) -> str:
    """The filter as it was written, if the form cannot show it; empty if it can, or there is none."""
    if asked.filter is None or conditions.find_rows(asked.filter, layer) is not None:
        return ""
    return asked.arguments.get("filter", "")


def find_corners(asked: Asked) -> Mapping[str, str]:
    """The sides of the page's box in degrees; none where there is no box, or one that the form cannot show."""
    numbers = asked.arguments.get("bbox", "").split(",")
    if len(numbers) != CORNERS or "bbox-crs" in asked.arguments:
        return {}
    return dict(zip(SIDES, (each.strip() for each in numbers), strict=True))


def make_chips(asked: Asked, layer: Layer, words: Words) -> tuple[Chip, ...]:
    """Everything that narrows the page, in words."""
    return (
        *make_row_chips(asked, layer, words),
        *(
            Chip(conditions.to_sentence(row, layer, words, asked.language), drop(asked, (row.name,)))
            for row in find_plain_rows(asked, layer)
        ),
        *make_other_chips(asked, layer, words),
    )


def make_row_chips(asked: Asked, layer: Layer, words: Words) -> tuple[Chip, ...]:
    """The rows of the form; without one of them the others stay."""
    rows = find_filter_rows(asked, layer)
    return tuple(
        Chip(
            conditions.to_sentence(row, layer, words, asked.language),
            keep(asked, layer, [each for each in rows if each is not row]),
        )
        for row in rows
    )


def keep(asked: Asked, layer: Layer, rows: Sequence[Row]) -> str:
    """The page filtered by these rows alone."""
    return addresses.restart(
        asked.arguments, {**dict.fromkeys(FILTER), "filter": filtering.to_text(rows, layer) or None}
    )


def drop(asked: Asked, names: Sequence[str]) -> str:
    """The page without these parameters."""
    return addresses.restart(asked.arguments, dict.fromkeys(names))


def make_other_chips(asked: Asked, layer: Layer, words: Words) -> tuple[Chip, ...]:
    """What narrows the page besides the rows: a filter written by hand, a box, a time, the state of another day."""
    given, language, chips = asked.arguments, asked.language, []
    if expert := find_expert(asked, layer):
        chips.append(Chip(cut(expert, MOST_TEXT), drop(asked, FILTER)))
    if "bbox" in given:
        text = " ".join((words["in_area"], format_box(given["bbox"], language)))
        chips.append(Chip(text, drop(asked, ("bbox", "bbox-crs"))))
    if "datetime" in given:
        chips.append(Chip(f"{words['in_time']} {format_time(given['datetime'], language)}", drop(asked, ("datetime",))))
    if "as-of" in given:
        chips.append(Chip(f"{words['as_it_was']} {format_time(given['as-of'], language)}", drop(asked, ("as-of",))))
    return tuple(chips)


def format_box(text: str, language: Language) -> str:
    """The corners of a box as people write them; the text as it is where it is not four numbers."""
    try:
        numbers = [format_number(float(each), language, most_digits=5) for each in text.split(",")]
    except ValueError:
        return cut(text, MOST_TEXT)
    return " · ".join(numbers)


def format_time(text: str, language: Language) -> str:
    """A day, a moment, or two of them with a dash between; the text as it is where it is none of these."""
    return " – ".join(format_end(each, language) for each in text.split("/"))


def format_end(text: str, language: Language) -> str:
    """A day or a moment as people write it."""
    if text in ("", ".."):
        return "…"
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return cut(text, MOST_TEXT)
    return format_date(moment.date(), language) if len(text) == LENGTH_OF_DAY else format_moment(moment, language)
