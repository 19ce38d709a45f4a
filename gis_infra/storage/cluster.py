"""The private PostgreSQL cluster: made, started, adopted, stopped. It has a Unix socket and no network port.

Nobody needs a password: the folder of the socket is closed to every account but its own. A cluster that already runs
is adopted; one that was killed is recovered; two processes that start at once take turns at a lock file.
"""

import re
import shutil
import time
from pathlib import Path

from sqlalchemy import URL

from gis_infra.errors import StorageError
from gis_infra.storage import accounts, binaries, databases, faults, locks, machine, places, postmaster, tuning
from gis_infra.storage.binaries import Binaries
from gis_infra.storage.places import Places

SUPERUSER = "gis_infra"
DATABASE = "gis_infra"
SETTINGS_FILE = "gis_infra.conf"
ACCESS = "# The folder of the socket is the guard: only its account, and root, may enter it.\nlocal all all trust\n"
LOCK_LIMIT_S = 120.0
ATTEMPTS = 3
START_LIMIT_S = 300.0
LONGEST_LOG_BYTES = 10_000_000


class PrivateCluster:
    """The PostgreSQL cluster whose state lies in one home folder."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.started_here = False

    def ensure_running(self) -> URL:
        """The address of the cluster's database, after making and starting what is not there.

        `started_here` is True afterwards if it was this call that started it.
        Raises StorageError when PostgreSQL is missing or does not start, BusyError when another process is at it for
        longer than two minutes.
        """
        with locks.hold_lock(self.home / "database.lock", LOCK_LIMIT_S):
            where = places.choose_places(self.home)
            for _ in range(ATTEMPTS):
                if postmaster.find_postmaster(where.data) is None:
                    start(self.home, where)
                    self.started_here = True
                socket_folder = find_ready_socket(where)
                if socket_folder is not None:
                    return to_url(socket_folder, DATABASE)
        raise StorageError(f"PostgreSQL ends as soon as it starts: {read_last_words(where.log)}")

    def find_url(self) -> URL | None:
        """The address of the database if the cluster runs, else None."""
        running = postmaster.find_postmaster(places.choose_places(self.home).data)
        return to_url(running.socket_folder, DATABASE) if running is not None and running.is_ready else None

    def stop(self) -> bool:
        """Stop the cluster in order, ending every connection; False if it did not run.

        Raises StorageError when it does not stop within a minute.
        """
        with locks.hold_lock(self.home / "database.lock", LOCK_LIMIT_S):
            where = places.choose_places(self.home)
            if postmaster.find_postmaster(where.data) is None:
                return False
            stop(where)
            return True

    def stop_if_idle(self) -> bool:
        """Stop the cluster unless somebody is connected; True if it was stopped."""
        url = self.find_url()
        if url is None or count_clients(url) > 0:
            return False
        return self.stop()


def to_url(socket_folder: Path, database: str) -> URL:
    """The address of a database behind a socket; there is no password in it because there is none."""
    return URL.create("postgresql+psycopg", username=SUPERUSER, database=database, query={"host": str(socket_folder)})


def start(home: Path, where: Places) -> None:
    """Make the cluster if it is not there, and start its server. Call only under the cluster's lock."""
    places.make_places(home, where)
    programs = binaries.find_binaries(read_data_version(where.data))
    if not where.data.exists():
        create(programs, where)
    postmaster.clear_wreck(where)
    write_settings(where)
    keep_log_short(where.log)
    command = [programs.get("pg_ctl"), "start", "-w", "-s", "-t", f"{START_LIMIT_S:g}"]
    command += ["-D", str(where.data), "-l", str(where.log)]
    done = accounts.run_as(where.account, command, folder=where.base, limit_s=START_LIMIT_S + 10)
    if done.returncode != 0:
        raise StorageError(f"PostgreSQL did not start: {read_last_words(where.log)} (all of it in {where.log})")


def create(programs: Binaries, where: Places) -> None:
    """Make the data folder. It gets its name only when it is whole, so that a crash leaves none half made.

    Raises StorageError with PostgreSQL's words when it cannot be made.
    """
    new = where.base / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    command = [programs.get("initdb"), "-D", str(new), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "-k"]
    done = accounts.run_as(where.account, [*command, *to_locale_options(programs)], folder=where.base, limit_s=300)
    if done.returncode != 0:
        raise StorageError(f"PostgreSQL could not make its data folder: {done.stderr.strip().splitlines()[-1]}")
    (new / "pg_hba.conf").write_text(ACCESS, encoding="utf-8")
    with (new / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(f"\ninclude '{SETTINGS_FILE}'\n")
    new.rename(where.data)


def to_locale_options(programs: Binaries) -> list[str]:
    """Options that sort by code point in UTF-8, the same on every machine: PostgreSQL's own from version 17 on."""
    if programs.version >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def write_settings(where: Places) -> None:
    """Write the settings that fit this machine today, owned by the cluster's account."""
    file = where.data / SETTINGS_FILE
    text = tuning.render_settings(tuning.to_settings(machine.read_machine(), where.socket))
    file.unlink(missing_ok=True)
    file.write_text(text, encoding="utf-8")
    file.chmod(0o644)


def read_data_version(data: Path) -> int | None:
    """The major version of PostgreSQL that made the data folder, None if there is none yet."""
    file = data / "PG_VERSION"
    return int(file.read_text(encoding="utf-8")) if file.exists() else None


def stop(where: Places) -> None:
    """Stop the server of a data folder. Raises StorageError when it does not within a minute."""
    programs = binaries.find_binaries(read_data_version(where.data))
    command = [programs.get("pg_ctl"), "stop", "-w", "-s", "-m", "fast", "-t", "60", "-D", str(where.data)]
    done = accounts.run_as(where.account, command, folder=where.base, limit_s=70)
    if done.returncode != 0:
        raise StorageError(f"PostgreSQL did not stop: {done.stderr.strip()}")


def find_ready_socket(where: Places) -> Path | None:
    """The folder of the running server's socket, once it lets clients in and has our database.

    None if the server ends meanwhile: it may have been about to when it was found.
    Raises StorageError when it runs and yet refuses us, or is not ready within the time a long recovery may take.
    """
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        running = postmaster.find_postmaster(where.data)
        if running is None:
            return None
        if running.is_ready:
            return running.socket_folder if lets_us_in(running.socket_folder, where.data) else None
        time.sleep(0.05)
    raise StorageError(f"PostgreSQL was not ready within {START_LIMIT_S:g} s; see {where.log}")


def lets_us_in(socket_folder: Path, data: Path) -> bool:
    """Whether the server takes our connection; our database is made if it is not there. False if the server ended.

    Raises StorageError when it still runs and refuses.
    """
    try:
        ensure_database(socket_folder, DATABASE)
    except StorageError:
        time.sleep(0.2)
        if postmaster.find_postmaster(data) is not None:
            raise
        return False
    return True


def ensure_database(socket_folder: Path, name: str) -> None:
    """Make the database `name` unless it is there. Raises StorageError when the server cannot be reached."""
    server = to_url(socket_folder, "postgres")
    with faults.translated(), databases.connect(server) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
    if found is None:
        databases.create(server, name)


def count_clients(url: URL) -> int:
    """How many others are connected to the cluster at this moment."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
    with databases.connect(url.set(database="postgres")) as connection:
        found = connection.execute(query).fetchone()
    return int(str(found[0])) if found is not None else 0


def keep_log_short(log: Path) -> None:
    """Put a long log aside under another name; one old log is kept."""
    if log.exists() and log.stat().st_size > LONGEST_LOG_BYTES:
        log.replace(log.with_suffix(".log.old"))


def read_last_words(log: Path) -> str:
    """The end of PostgreSQL's log, without its times, for a message of ours."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "it left no log"
    return "; ".join(re.sub(r"^.*?\[\d+\] +", "", line) for line in lines[-3:]) if lines else "its log is empty"
