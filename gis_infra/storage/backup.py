"""A whole city in one file, and back again on an empty machine.

Only rows are kept, with the schema's revision: restoring makes the schema by the migrations first, so the rows of
`spatial_ref_sys` that the derived geometries need are there before any layer's data. A dump of everything would not
promise that order. What triggers keep (revisions and counts of layers, what changed since a run) is left out; they
keep it again while the rows come in. So are the long jobs and their queue: what they wait for, uploaded files, is in no
backup; and locks, which have ended when it is restored.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, Engine

from gis_infra.errors import ConflictError, GisInfraError, InvalidSource, StorageError
from gis_infra.storage import binaries, schema
from gis_infra.storage.system import HISTORY_SCHEMA, LAYER_SCHEMA, SYSTEM_SCHEMA

LEFT_OUT = (
    "layer_state",
    "layer_tally",
    "layer_area",
    "layer_block",
    "change",
    "job",
    "feature_lock",
    "locked_feature",
)
MADE_BY_MIGRATIONS = ("alembic_version", "city")
# Who put the features in is in the backup; of rows that come by an import the triggers note nothing.
RESTORING = "-c gis_infra.via=import"
REVISION = re.compile(r"^COPY gis\.alembic_version .*\n(\S+)$", re.MULTILINE)


def back_up(engine: Engine, file: Path) -> int:
    """Write every row of the city to `file`, as of one moment, and return the file's size in bytes.

    The file gets its name when it is whole, and only its owner may read it: restricted rows and the hashes of
    passwords are in it. Raises ConflictError if there is a file of that name, StorageError when
    PostgreSQL's pg_dump is missing or fails.
    """
    if file.exists():
        raise ConflictError(f"{file} is there already; a backup never takes another's place", where=str(file))
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    left_out = [f"--exclude-table-data={SYSTEM_SCHEMA}.{name}" for name in LEFT_OUT]
    kept = [f"--schema={each}" for each in (LAYER_SCHEMA, SYSTEM_SCHEMA, HISTORY_SCHEMA)]
    options = ["--format=custom", "--data-only", *kept, *left_out]
    try:
        make_private(draft)
        run("pg_dump", [*options, "--file", str(draft)], engine.url)
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return file.stat().st_size


def make_private(file: Path) -> None:
    """Make an empty file that only its owner may read. Raises StorageError where none can be made."""
    try:
        file.touch(mode=0o600)
    except OSError as error:
        raise StorageError(f"no backup can be written to {file.parent}: {error.strerror}", where=str(file)) from error


def restore(engine: Engine, file: Path, city_srid: int) -> None:
    """Make the schema of the backup's revision in an empty database, fill it, and bring it up to date.

    All rows come in, or none. Raises ConflictError if the database has a schema of ours already, InvalidSource if the
    file is no backup, StorageError when PostgreSQL's pg_restore is missing or fails.
    """
    revision = read_revision(file, engine.url)
    state = schema.get_state(engine)
    if state.current is not None:
        raise ConflictError(f"the database is at revision {state.current}; a backup is restored into an empty one only")
    schema.upgrade(engine, city_srid, revision)
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "entries"
        wanted.write_text(list_wanted(file, engine.url), encoding="utf-8")
        options = ["--data-only", "--single-transaction", "--exit-on-error", f"--use-list={wanted}"]
        run("pg_restore", [*options, f"--dbname={engine.url.database}", str(file)], engine.url, RESTORING)
    schema.upgrade(engine, city_srid)


def read_revision(file: Path, url: URL) -> str:
    """The revision of the schema a backup was made from. Raises InvalidSource if the file is no backup of a city."""
    where = str(file)
    if not file.is_file():
        raise InvalidSource(f"there is no file {file}", where=where)
    try:
        said = run("pg_restore", ["--data-only", "--table=alembic_version", "--file=-", where], url)
    except StorageError as error:
        raise InvalidSource(f"{file} is no backup: {error.message}", where=where) from error
    found = REVISION.search(said)
    if found is None:
        raise InvalidSource(f"{file} is no backup of a city: it holds no schema revision", where=where)
    return found[1]


def list_wanted(file: Path, url: URL) -> str:
    """The table of contents of a backup without the tables that the migrations have filled already."""
    told = run("pg_restore", ["--list", str(file)], url).splitlines()
    made = tuple(f"TABLE DATA {SYSTEM_SCHEMA} {name} " for name in MADE_BY_MIGRATIONS)
    return "\n".join(line for line in told if not any(each in line for each in made))


def run(program: str, options: Sequence[str], url: URL, session: str = "") -> str:
    """What one of PostgreSQL's client programs says, run on a database.

    session: settings of its connection, as options of the server's command line.

    The password goes by the environment, where other accounts of the machine cannot read it.
    Raises StorageError with the program's last words when it is missing or fails.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "LC_ALL": "C.UTF-8",
        "PGHOST": str(url.query.get("host") or url.host or ""),
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
        "PGSSLMODE": str(url.query.get("sslmode") or ""),
        "PGSSLROOTCERT": str(url.query.get("sslrootcert") or ""),
        "PGOPTIONS": session,
    }
    set_ones = {name: value for name, value in environment.items() if value}
    done = subprocess.run(  # noqa: S603 - a program of an installed PostgreSQL, and options of ours
        [get_program(program), *options], check=False, capture_output=True, text=True, env=set_ones
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise StorageError(f"{program} failed: {last}")
    return done.stdout


def get_program(program: str) -> str:
    """The path of a client program: that of the newest server here, else of PATH. Raises StorageError."""
    try:
        beside = Path(binaries.find_binaries().get(program))
    except GisInfraError:
        beside = Path()
    found = str(beside) if beside.is_file() else shutil.which(program)
    if found is None:
        raise StorageError(f"{program} is not installed; it comes with the package postgresql-client")
    return found
