"""Rows of one owner that a file lacks, which goes for them where the file is to replace all that the owner has."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, exists, func, select

SHOWN = 20


@dataclass(frozen=True)
class Lacking:
    """Which rows: those of `owner`, but for the ones the file has.

    keys: temporary tables with the owners and asset codes of rows of the file, also of those that were refused.
    matched: one with the ids of rows that the file has without a key. import_id: of the import under way, whose rows
    the file has; None if it has written none.
    """

    table: Table
    owner: str
    keys: tuple[Table, ...]
    matched: Table | None
    import_id: int | None

    @property
    def is_lacking(self) -> list[ColumnElement[bool]]:
        """What holds of such a row."""
        table = self.table
        conditions = [table.c.owner == self.owner]
        for keys in self.keys:
            same = (keys.c.owner == table.c.owner) & (keys.c.asset_code == table.c.asset_code)
            conditions.append(~exists().where(same))
        if self.matched is not None:
            conditions.append(table.c.id.not_in(select(self.matched.c.id)))
        if self.import_id is not None:
            conditions.append(table.c.import_id.is_distinct_from(self.import_id))
        return conditions


def select_ids(lacking: Lacking) -> Select[int]:
    """Their ids."""
    return select(lacking.table.c.id).where(*lacking.is_lacking)


def remove(connection: Connection, lacking: Lacking) -> None:
    """Delete them; their last versions are kept in history."""
    connection.execute(delete(lacking.table).where(*lacking.is_lacking))


def describe(connection: Connection, lacking: Lacking) -> tuple[int, list[str]]:
    """How many they are, and the first of them by asset code, or by id where they have none."""
    table = lacking.table
    count = connection.execute(select(func.count()).select_from(table).where(*lacking.is_lacking)).scalar_one()
    first = select(table.c.asset_code, table.c.id).where(*lacking.is_lacking)
    rows = connection.execute(first.order_by(table.c.asset_code, table.c.id).limit(SHOWN))
    return count, [row.asset_code if row.asset_code is not None else f"feature {row.id}" for row in rows]
