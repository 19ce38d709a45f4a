"""What a file has to hold, asked in the same snapshot before a byte is written: counts, sizes, longest texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, false, func

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.batches import SOURCE_ATTRIBUTES
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import list_fields, select_rows

TEXT_TYPES = frozenset({"text", "code"})
FLAT = 2  # dimensions


@dataclass(frozen=True)
class Survey:
    """What a query finds.

    sourced: features with something in `source_attributes`. shaped: those with a geometry; heighted: with heights;
    points: vertices in all. widths: by text attribute, the bytes of its longest value in UTF-8; too_long: how many
    values are longer than a shapefile takes.
    The last five are asked only where the format needs them.
    """

    features: int
    sourced: int = 0
    shaped: int = 0
    heighted: int = 0
    points: int = 0
    widths: Mapping[str, int] = field(default_factory=dict)
    too_long: Mapping[str, int] = field(default_factory=dict)


def measure(connection: Connection, tables: LayerTables, query: FeatureQuery) -> Survey:
    """How many features the query finds, and how many have attributes of the file they came from."""
    table = tables.get(query.layer.id)
    row = ask(connection, tables, query, [func.count(), func.count(table.c[SOURCE_ATTRIBUTES])])
    return Survey(*row)


def measure_closely(connection: Connection, tables: LayerTables, query: FeatureQuery, longest: int | None) -> Survey:
    """All there is to know, in one look at every feature.

    longest: bytes of text beyond which a value is too long, None if none is.
    """
    table = tables.get(query.layer.id)
    names = [each.name for each in list_fields(query) if each.type in TEXT_TYPES]
    lengths = [func.octet_length(table.c[name]) for name in names]
    columns = [
        *(func.count(), func.count(table.c[SOURCE_ATTRIBUTES]), *measure_shapes(table)),
        *(func.coalesce(func.max(each), 0) for each in lengths),
        *(func.count().filter(each > longest if longest is not None else false()) for each in lengths),
    ]
    row = ask(connection, tables, query, columns)
    texts = list(row[5:])
    widths, too_long = texts[: len(names)], texts[len(names) :]
    return replace(Survey(*row[:5]), widths=to_mapping(names, widths), too_long=to_mapping(names, too_long))


def measure_shapes(table: Table) -> tuple[ColumnElement[int], ...]:
    """Features with a geometry, features with heights, vertices."""
    shape = table.c.geom
    return (
        func.count(shape),
        func.count().filter(func.st_ndims(shape) > FLAT),
        func.coalesce(func.sum(func.st_npoints(shape)), 0),
    )


def ask(
    connection: Connection, tables: LayerTables, query: FeatureQuery, columns: Iterable[ColumnElement[Any]]
) -> tuple[Any, ...]:
    """The one row of aggregates over everything the query finds and its actor may see."""
    labelled = [each.label(f"_{number}") for number, each in enumerate(columns)]
    return tuple(connection.execute(select_rows(tables, query).with_only_columns(*labelled)).one())


def to_mapping(names: Iterable[str], numbers: Iterable[int]) -> dict[str, int]:
    """The numbers that are not 0, by name."""
    return {name: int(number) for name, number in zip(names, numbers, strict=True) if number}
