"""The edits that stand in the way of undoing an import: of each row the last one, by whom, when and by what road."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, case, func, literal, or_, select, true

from gis_infra.transfer.loading.changes import Scene
from gis_infra.transfer.tables import IMPORT_BATCH


@dataclass(frozen=True)
class LaterEdit:
    """The last edit of a row since the import.

    at, username, via: None where nobody knows; via is "sql", "api", "wfs", "import" or "undo". import_id: of the import
    that made it or that was undone. what: "changed", "deleted", or "replaced" by another row of its owner and code.
    """

    feature_id: int
    asset_code: str | None
    owner: str | None
    what: str
    at: datetime | None
    username: str | None
    via: str | None
    import_id: int | None

    def __str__(self) -> str:
        name = self.asset_code if self.asset_code is not None else f"feature {self.feature_id}"
        road = f" by {self.via}" if self.via else ""
        number = f" {self.import_id}" if self.import_id is not None else ""
        who = f" of {self.username}" if self.username else ""
        when = f" on {self.at:%Y-%m-%d %H:%M:%S} UTC" if self.at is not None else " before history was kept"
        return f"{name} was {self.what}{when}{road}{number}{who}"


def count(connection: Connection, found: Table) -> int:
    """How many rows are in the way. found: as `changes.find` gives it."""
    blocked = select(func.count()).select_from(found).where(~found.c.is_free)
    return connection.execute(blocked).scalar_one()


def read(connection: Connection, scene: Scene, found: Table, limit: int) -> tuple[LaterEdit, ...]:
    """The first of them: rows that were changed or deleted, by id, then those whose place was taken."""
    changed = connection.execute(select_changed(scene, found).limit(limit)).all()
    replaced = connection.execute(select_replaced(scene, found).limit(limit - len(changed))).all()
    return tuple(LaterEdit(*row) for row in (*changed, *replaced))


def select_changed(scene: Scene, found: Table) -> Select[*tuple[Any, ...]]:
    """The last edit of each row that the import wrote and that is not as it left it."""
    versions, table = scene.versions, scene.table
    last = (
        select(versions.c.ended_at, versions.c.ended_by, versions.c.ended_via, versions.c.ended_import)
        .where(versions.c.id == found.c.id)
        .order_by(versions.c.ended_at.desc())
        .limit(1)
        .lateral("last")
    )
    what = case((table.c.id.is_(None), "deleted"), else_="changed")
    line = select(found.c.id, found.c.asset_code, found.c.owner, what, *last.c)
    joined = found.outerjoin(table, table.c.id == found.c.id).outerjoin(last, true())
    blocked = line.select_from(joined).where(~found.c.is_free, found.c.step != "bring_back")
    return blocked.order_by(found.c.id)


def select_replaced(scene: Scene, found: Table) -> Select[*tuple[Any, ...]]:
    """Who put in the row that stands where one stood that the import deleted; who, only an import tells."""
    table = scene.table
    same_key = and_(table.c.owner == found.c.owner, table.c.asset_code == found.c.asset_code)
    road = case((table.c.import_id.is_not(None), "import"))
    who = (table.c.created_at, IMPORT_BATCH.c.username, road, table.c.import_id)
    line = select(found.c.id, found.c.asset_code, found.c.owner, literal("replaced"), *who)
    joined = found.join(table, or_(table.c.id == found.c.id, same_key))
    joined = joined.outerjoin(IMPORT_BATCH, IMPORT_BATCH.c.id == table.c.import_id)
    blocked = line.select_from(joined).where(~found.c.is_free, found.c.step == "bring_back")
    return blocked.order_by(found.c.id, table.c.id)
