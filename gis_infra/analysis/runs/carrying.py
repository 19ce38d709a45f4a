"""Carries temporary tables from the transaction that finds to the one that enters.

What is found is found in one moment of the database; the register is written in the present, in which people have
worked on it meanwhile. So these are two transactions of one session, and what lies between them must outlast the first.
"""

from collections.abc import Iterable

from sqlalchemy import Column, Connection, MetaData, Table, insert, select

from gis_infra.analysis.scratch import make_scratch


def keep(connection: Connection, tables: Iterable[Table]) -> None:
    """Copy temporary tables of the transaction to ones of the session."""
    for table in tables:
        kept = to_kept(table)
        kept.create(connection, checkfirst=False)
        connection.execute(insert(kept).from_select(table.columns.keys(), select(table)))


def bring_back(connection: Connection, tables: Iterable[Table]) -> None:
    """Make the temporary tables again in another transaction of the session, as they were; the copies go."""
    for table in tables:
        kept = to_kept(table)
        make_scratch(connection, table)
        connection.execute(insert(table).from_select(table.columns.keys(), select(kept)))
        kept.drop(connection)


def to_kept(table: Table) -> Table:
    """The session's copy of a temporary table."""
    columns = [Column(each.name, each.type) for each in table.columns]
    return Table(f"kept_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
