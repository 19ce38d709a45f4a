"""Each finding with what the register calls it by: its fingerprint, its rule's words, and the street it lies in."""

from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, Text, case, cast, func, null, select, text

from gis_infra.analysis.conflicts.scratch import FINDING, SAID
from gis_infra.analysis.scratch import insert_from, make_scratch, make_table
from gis_infra.catalogue.tables import LayerTables

STREETS = "road_segment"
# From the middle of the widest streets to their edge; what is further off lies in none.
STREET_REACH_M = 50.0
FINGERPRINT_DIGITS = 32
# Nothing tells the planner of a temporary table how large it is; without it joins are made row by row. Its shapes are
# left out, as a look at them takes longer than all the rest.
ANALYZE = text("ANALYZE named (fingerprint)")


def copy_columns() -> list[Column[Any]]:
    """The columns of `finding`, then those that `said` has besides."""
    known = {*FINDING.columns.keys()}
    said = [each for each in SAID.columns if each.name not in known]
    return [Column(each.name, each.type) for each in (*FINDING.columns, *said)]


NAMED = make_table("named", Column("fingerprint", Text), Column("street", Text), *copy_columns())


def name_findings(connection: Connection, tables: LayerTables) -> None:
    """Leave every finding of `finding` in the temporary table `named`, with the words of its rule in `said`."""
    make_scratch(connection, NAMED)
    insert_from(connection, NAMED, select_named(tables))
    connection.execute(ANALYZE)


def select_named(tables: LayerTables) -> Select[Any]:
    """The rows of `named`."""
    own = [(FINDING if name in FINDING.columns else SAID).c[name] for name in NAMED.columns.keys()[2:]]
    return select(select_fingerprint(FINDING), select_street(tables, FINDING.c.place), *own).join_from(
        FINDING, SAID, SAID.c.number == FINDING.c.number
    )


def select_fingerprint(finding: Table) -> ColumnElement[str]:
    """What no order of the two assets, no run and no further vertex changes, in 32 hexadecimal digits.

    Source: docs/conflicts.md, Clearance between two assets, Fingerprint.
    """
    left, right = (name_asset(finding, side) for side in ("left", "right"))
    number = cast(func.coalesce(finding.c.stretch, 1), Text)
    words = case(
        (finding.c.right_layer.is_(None), func.concat_ws("|", SAID.c.rule, left, number)),
        else_=func.concat_ws("|", SAID.c.rule, func.least(left, right), func.greatest(left, right), number),
    )
    return func.left(func.encode(func.sha256(func.convert_to(words, "UTF8")), "hex"), FINGERPRINT_DIGITS)


def name_asset(finding: Table, side: str) -> ColumnElement[str]:
    """An asset as "layer:id", in the order of its bytes whatever the database's locale."""
    return (finding.c[f"{side}_layer"] + ":" + cast(finding.c[f"{side}_id"], Text)).collate("C")


def select_street(tables: LayerTables, place: ColumnElement[Any]) -> ColumnElement[Any]:
    """The name of the nearest street that everybody may see, null where none is near or the city keeps no streets.

    The register is read by people of all departments; a name is not told that only some may know.
    """
    table = tables.metadata.tables.get(f"{tables.metadata.schema}.{STREETS}")
    if table is None:
        return null()
    away = func.st_distance(table.c.geom, place)
    return (
        select(table.c.name)
        .where(
            table.c.geom.op("&&")(func.st_expand(place, STREET_REACH_M)),
            func.st_dwithin(table.c.geom, place, STREET_REACH_M),
            table.c.name.is_not(None),
            table.c.status.is_distinct_from("removed"),
            func.coalesce(table.c.sensitivity, "public") == "public",
        )
        .order_by(away, table.c.id)
        .limit(1)
        .scalar_subquery()
    )
