"""What a file has to hold, asked in the same snapshot before a byte is written: counts, sizes, longest texts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Select, func

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.batches import SOURCE_ATTRIBUTES
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import get_source, list_fields, select_rows
from gis_infra.transfer.exporting.formats import Format

TEXT_TYPES = frozenset({"text", "code"})
NUMBER_TYPES = frozenset({"integer", "number"})
FLAT = 2  # dimensions


@dataclass(frozen=True)
class Survey:
    """What a query finds.

    sourced: features with something in `source_attributes`. shaped: those with a geometry; heighted: with heights;
    points: vertices in all. widths: by text attribute, the bytes of its longest value in UTF-8; too_long: how many
    values are longer than the format takes; largest: by attribute of numbers, the greatest without its sign.
    The last six are asked only where the format needs them.
    """

    features: int
    sourced: int = 0
    shaped: int = 0
    heighted: int = 0
    points: int = 0
    widths: Mapping[str, int] = field(default_factory=dict)
    too_long: Mapping[str, int] = field(default_factory=dict)
    largest: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """What a query finds, before anything is asked of it: its rows, and what they are taken from."""

    connection: Connection
    query: FeatureQuery
    source: FromClause
    rows: Select[Any]

    def ask(self, columns: Iterable[ColumnElement[Any]]) -> tuple[Any, ...]:
        """The one row of aggregates over everything the query finds and its actor may see."""
        labelled = [each.label(f"_{number}") for number, each in enumerate(columns)]
        return tuple(self.connection.execute(self.rows.with_only_columns(*labelled)).one())


def measure(connection: Connection, tables: LayerTables, query: FeatureQuery, wanted: Format) -> Survey:
    """What there is to write, as closely as the format needs to know it, in one look at every feature."""
    source = get_source(tables, query)
    found = Found(connection, query, source, select_rows(tables, query, source))
    counts: list[ColumnElement[int]] = [func.count(), func.count(source.c[SOURCE_ATTRIBUTES])]
    if wanted.says_heights:
        counts += [func.count(source.c.geom), func.count().filter(func.st_ndims(source.c.geom) > FLAT)]
    if wanted.longest_text is None:
        return Survey(*found.ask(counts))
    return measure_values(found, counts, wanted.longest_text)


def measure_values(found: Found, counts: list[ColumnElement[int]], longest: int) -> Survey:
    """The counts, the vertices, and how large values are. longest: bytes beyond which a text is too long."""
    source, fields = found.source, list_fields(found.query)
    texts = [each.name for each in fields if each.type in TEXT_TYPES]
    numbers = [each.name for each in fields if each.type in NUMBER_TYPES]
    lengths = [func.octet_length(source.c[name]) for name in texts]
    columns = [
        *(*counts, func.coalesce(func.sum(func.st_npoints(source.c.geom)), 0)),
        *(func.coalesce(func.max(each), 0) for each in lengths),
        *(func.count().filter(each > longest) for each in lengths),
        *(func.coalesce(func.max(func.abs(source.c[name])), 0) for name in numbers),
    ]
    values = iter(found.ask(columns))
    counted = Survey(*(next(values) for _ in range(len(counts) + 1)))
    widths, too_long, largest = (to_mapping(names, values) for names in (texts, texts, numbers))
    return replace(counted, widths=widths, too_long=too_long, largest=largest)


def to_mapping(names: Iterable[str], numbers: Iterator[Any]) -> dict[str, Any]:
    """The next numbers, by name; those that are 0 are left out."""
    return {name: number for name in names if (number := next(numbers))}
