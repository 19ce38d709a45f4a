"""The private cluster: made, adopted, recovered, stopped. Each test starts a real one in a folder of its own."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from gis_infra.errors import StorageError
from gis_infra.storage import cluster, databases, places, postmaster
from gis_infra.storage.cluster import PrivateCluster
from tests.homes import make_home, remove
from tests.workers import wait_for

STARTER = """
import sys
from pathlib import Path
from gis_infra.storage.cluster import PrivateCluster
cluster = PrivateCluster(Path(sys.argv[1]))
cluster.ensure_running()
print(cluster.started_here)
"""


@pytest.fixture(scope="module")
def standing() -> Iterator[Path]:
    """A home whose cluster runs, for tests that do it no harm."""
    with make_home() as home:
        PrivateCluster(home).ensure_running()
        yield home


def ask(url: URL, query: str) -> object:
    """The first value a query gives."""
    with databases.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    return row[0] if row is not None else None


def run(url: URL, statement: str) -> None:
    """Run a statement that gives nothing back."""
    with databases.connect(url) as connection:
        connection.execute(statement.encode())


def get_pid(home: Path) -> int:
    """The number of the running server's process."""
    found = postmaster.find_postmaster(places.choose_places(home).data)
    assert found is not None
    return found.pid


def test_a_new_cluster_is_utf8_checked_and_has_no_network_port(standing: Path):
    url = PrivateCluster(standing).ensure_running()
    assert ask(url, "SHOW server_encoding") == "UTF8"
    assert ask(url, "SHOW data_checksums") == "on"
    assert ask(url, "SHOW listen_addresses") == ""
    assert ask(url, "SELECT 'Đường' < 'đường'") is True  # by code point, the same on every machine
    assert url.password is None


def test_only_its_own_account_may_enter_the_folder_of_the_socket(standing: Path):
    url = PrivateCluster(standing).ensure_running()
    folder = Path(str(url.query["host"])).stat()
    assert stat.S_IMODE(folder.st_mode) == 0o700
    assert folder.st_uid == (standing / "database" / "data").stat().st_uid


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can start it as somebody else")
def test_root_starts_it_as_an_unprivileged_account(standing: Path):
    PrivateCluster(standing).ensure_running()
    assert Path(f"/proc/{get_pid(standing)}").stat().st_uid != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user can enter their own home")
def test_a_home_its_account_cannot_enter_puts_the_data_where_it_can(home: Path):
    home.chmod(0o700)
    url = PrivateCluster(home).ensure_running()
    written = Path((home / places.PLACE_FILE).read_text(encoding="utf-8").strip())
    assert written.parent == places.SYSTEM_FOLDER
    assert (written / "data" / "PG_VERSION").exists()
    assert ask(url, "SELECT 1") == 1


def test_a_running_cluster_is_adopted_and_stopped_once(home: Path):
    first, second = PrivateCluster(home), PrivateCluster(home)
    assert first.ensure_running() == second.ensure_running()
    assert (first.started_here, second.started_here) == (True, False)
    assert first.stop()
    assert not second.stop()
    assert second.find_url() is None


def test_what_was_committed_survives_a_kill(home: Path):
    url = PrivateCluster(home).ensure_running()
    run(url, "CREATE TABLE pipes AS SELECT 7 AS id")
    killed = get_pid(home)
    os.kill(killed, signal.SIGKILL)
    again = PrivateCluster(home).ensure_running()
    assert ask(again, "SELECT id FROM pipes") == 7
    assert get_pid(home) != killed


def test_lock_files_whose_number_now_belongs_to_another_process_do_not_stop_it(home: Path):
    url = PrivateCluster(home).ensure_running()
    os.kill(get_pid(home), signal.SIGKILL)
    where = places.choose_places(home)
    postmaster.end_processes(where.data)
    # This test's own process stands for whoever got the number after a restart of the machine.
    for file in (where.data / "postmaster.pid", where.socket / ".s.PGSQL.5432.lock"):
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        file.write_text("".join([f"{os.getpid()}\n", *lines[1:]]), encoding="utf-8")
    PrivateCluster(home).ensure_running()
    assert ask(url, "SELECT 1") == 1


def test_a_cluster_half_made_is_made_anew(home: Path):
    where = places.choose_places(home)
    places.make_places(home, where)
    (where.base / "data.new" / "base").mkdir(parents=True)
    assert ask(PrivateCluster(home).ensure_running(), "SELECT 1") == 1


def test_two_processes_that_start_at_once_start_one_server(home: Path):
    command = [sys.executable, "-c", STARTER, str(home)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = sorted(each.communicate(timeout=60)[0].strip() for each in both)
    assert said == ["False", "True"]


def test_a_path_too_long_for_a_socket_is_no_obstacle(home: Path):
    deep = home / ("nested" * 15) / "home"
    url = PrivateCluster(deep).ensure_running()
    assert ask(url, "SELECT 1") == 1
    assert not Path(str(url.query["host"])).is_relative_to(home)
    remove(deep)


def test_a_cluster_somebody_is_connected_to_is_not_idle(home: Path):
    own = PrivateCluster(home)
    url = own.ensure_running()
    with databases.connect(url):
        assert not own.stop_if_idle()
    wait_for(own.stop_if_idle, "the end of a connection that was closed")


def test_a_start_that_fails_tells_postgresqls_reason(home: Path):
    own = PrivateCluster(home)
    own.ensure_running()
    own.stop()
    configuration = home / "database" / "data" / "postgresql.conf"
    configuration.write_text("no_such_setting = 1\n", encoding="utf-8")
    with pytest.raises(StorageError, match=r'PostgreSQL did not start: .*"no_such_setting"'):
        own.ensure_running()


def test_nothing_a_client_sends_reaches_the_log(standing: Path):
    url = PrivateCluster(standing).ensure_running()
    with databases.connect(url) as connection, pytest.raises(psycopg.Error):
        connection.execute("SELECT 1 / (length(%s) - 6)", ("geheim",))
    log = (standing / "database" / "server.log").read_text(encoding="utf-8")
    assert "division by zero" in log
    assert "geheim" not in log


def test_the_log_is_put_aside_when_it_is_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "LONGEST_LOG_BYTES", 10)
    (tmp_path / "server.log").write_text("eleven bytes", encoding="utf-8")
    cluster.keep_log_short(tmp_path / "server.log")
    assert [each.name for each in tmp_path.iterdir()] == ["server.log.old"]
