"""Whether gis-infra can live in a database: asked once at the start, so that what is missing is said in plain words."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from gis_infra.errors import StorageError
from gis_infra.storage import faults

OLDEST_SERVER = 15
OLDEST_POSTGIS = (3, 3)


@dataclass(frozen=True)
class Fitness:
    """What a database is and what our account may do in it; the fields are those of `fitness.sql`."""

    server_version: int
    encoding: str
    is_replica: bool
    is_superuser: bool
    may_create: bool
    postgis_here: str | None
    postgis_offered: str | None
    is_trusted: bool
    may_pin: bool
    has_trigrams: bool

    @property
    def postgis(self) -> str | None:
        """The version of PostGIS we would work with, None if there is none."""
        return self.postgis_here if self.postgis_here is not None else self.postgis_offered


def require_usable(engine: Engine) -> Fitness:
    """What the database is, if gis-infra can live in it.

    Raises StorageError that says what is missing, or that the database cannot be reached.
    """
    found = read_fitness(engine)
    problem = find_problem(found)
    if problem is not None:
        raise StorageError(f"the database cannot be used: {problem}", where="GIS_INFRA_DATABASE_URL")
    return found


def read_fitness(engine: Engine) -> Fitness:
    """Ask the database. Raises StorageError when it cannot be reached."""
    query = text(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    with faults.translated(), engine.connect() as connection:
        return Fitness(**connection.execute(query).mappings().one())


def find_problem(found: Fitness) -> str | None:
    """The first reason why gis-infra cannot live in the database, None if it can."""
    if found.server_version // 10000 < OLDEST_SERVER:
        return f"it is PostgreSQL {found.server_version // 10000}, and {OLDEST_SERVER} or later is needed"
    if found.encoding != "UTF8":
        return f"its encoding is {found.encoding}, and UTF8 is needed"
    if found.is_replica:
        return "it is a replica that cannot be written to"
    if not found.may_create:
        return "the account may not create schemas in it; its owner can: GRANT CREATE ON DATABASE"
    if not found.has_trigrams:
        return "the extension pg_trgm is not on its server; it comes with PostgreSQL, often as postgresql-contrib"
    return find_postgis_problem(found)


def find_postgis_problem(found: Fitness) -> str | None:
    """What is wrong with PostGIS on that server, None if nothing is."""
    least = ".".join(str(part) for part in OLDEST_POSTGIS)
    if found.postgis is None:
        return f"PostGIS {least} or later is not installed on its server"
    if parse_version(found.postgis) < OLDEST_POSTGIS:
        return f"it has PostGIS {found.postgis}, and {least} or later is needed"
    if found.postgis_here is None and not (found.is_superuser or found.is_trusted):
        return "PostGIS is not in it yet and the account may not add it; a superuser can: CREATE EXTENSION postgis"
    if not found.may_pin:
        return "the account may not write its coordinate systems: GRANT SELECT, INSERT, UPDATE ON spatial_ref_sys"
    return None


def parse_version(version: str) -> tuple[int, ...]:
    """The first two numbers of a version such as "3.3.2" or "3.5.0beta1"."""
    return tuple(int("".join(each for each in part if each.isdigit()) or 0) for part in version.split(".")[:2])
