"""The schema: brought up to date by Alembic under a lock, and asked whether it is.

Alembic is configured here, in code; there is no ini file. The migrations stand in `migrations/` of the checkout; a
file's name begins with its revision, so that asking needs no Alembic, whose import alone takes each process of the web
server a quarter of a second. It is imported where it is needed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, func, select
from sqlalchemy.schema import CreateSchema

from gis_infra.errors import StorageError
from gis_infra.settings import ROOT
from gis_infra.storage import faults
from gis_infra.storage.system import SYSTEM_SCHEMA
from gis_infra.storage.tables import CITY

if TYPE_CHECKING:
    from alembic.config import Config

# Any number will do that nobody else locks on the same database; these are the letters "gis-infr".
LOCK_KEY = int.from_bytes(b"gis-infr", "big")
LOCK_LIMIT = "120s"
TABLE_LOCK_LIMIT = "15s"
REVISION_LENGTH = len("2026_11_23_01")
VERSION = Table("alembic_version", MetaData(), Column("version_num", String), schema=SYSTEM_SCHEMA)


@dataclass(frozen=True)
class SchemaState:
    """The revision the database is at (None before the first) and the one this program needs."""

    current: str | None
    wanted: str

    @property
    def is_current(self) -> bool:
        """Whether the database is at the revision this program needs."""
        return self.current == self.wanted


def upgrade(engine: Engine, city_srid: int, revision: str = "head") -> SchemaState:
    """Bring the schema up to date, and return the state it was in before.

    city_srid: EPSG code of the coordinate system layers are stored in; the first migrations build it into the tables.
    revision: how far to go; only restoring a backup stops before the newest.
    Two servers that start together take turns. Each migration is one transaction, so a failing one leaves the database
    at the one before. Raises BusyError when the turn does not come in two minutes, or a table stays locked for fifteen
    seconds; StorageError when the database is newer than this program, made for another SRID, or refuses.
    """
    with faults.translated(), engine.connect() as connection:
        # Detached, the session ends with the block, and with it the lock and the limits set here.
        connection.detach()
        take_lock(connection)
        before = read_state(connection)
        if not before.is_current:
            require_known(before)
            run_migrations(connection, city_srid, revision)
        require_city(connection, city_srid)
        return before


def get_state(engine: Engine) -> SchemaState:
    """Where the schema of a database stands. Raises StorageError when the database cannot be reached."""
    with faults.translated(), engine.connect() as connection:
        return read_state(connection)


def take_lock(connection: Connection) -> None:
    """Wait for our turn to change the schema; the lock is held until the session ends."""
    connection.execute(select(func.set_config("lock_timeout", LOCK_LIMIT, False)))
    connection.execute(select(func.pg_advisory_lock(LOCK_KEY)))
    connection.execute(select(func.set_config("lock_timeout", TABLE_LOCK_LIMIT, False)))
    connection.commit()


def read_state(connection: Connection) -> SchemaState:
    """The revision of the database behind a connection, and the one wanted."""
    there = connection.execute(select(func.to_regclass(VERSION.fullname))).scalar_one() is not None
    current = connection.execute(select(VERSION.c.version_num)).scalar_one_or_none() if there else None
    connection.rollback()
    return SchemaState(current, list_revisions()[-1])


def list_revisions() -> list[str]:
    """Every revision this program knows, oldest first. Raises StorageError when the migrations are not there."""
    folder = ROOT / "migrations" / "versions"
    revisions = sorted(file.name[:REVISION_LENGTH] for file in folder.glob("20*.py"))
    if not revisions:
        raise StorageError(f"there are no migrations in {folder}")
    return revisions


def require_known(state: SchemaState) -> None:
    """Return if the database's revision is one of ours. Raises StorageError if it is from a later program."""
    if state.current is not None and state.current not in list_revisions():
        raise StorageError(f"the database is at revision {state.current}, which this gis-infra is too old to know")


def run_migrations(connection: Connection, city_srid: int, revision: str) -> None:
    """Run what is missing, on a connection that holds the lock and is in no transaction."""
    connection.execute(CreateSchema(SYSTEM_SCHEMA, if_not_exists=True))
    connection.commit()
    from alembic import command

    config = make_config()
    config.attributes["connection"] = connection
    config.attributes["city_srid"] = city_srid
    command.upgrade(config, revision)


def require_city(connection: Connection, city_srid: int) -> None:
    """Return if the database was made for `city_srid`.

    Raises StorageError if not: every geometry in it would be read in the wrong coordinate system.
    """
    made_for = connection.execute(select(CITY.c.srid)).scalar_one()
    connection.rollback()
    if made_for != city_srid:
        raise StorageError(
            f"the database holds coordinates in EPSG:{made_for}, but GIS_INFRA_CITY_SRID is {city_srid}; "
            "the coordinate system of a database cannot be changed",
            where="GIS_INFRA_CITY_SRID",
        )


def make_config() -> "Config":
    """Alembic's configuration: where the migrations are."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    return config
