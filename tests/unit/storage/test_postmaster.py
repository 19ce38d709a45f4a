"""Telling a running server from what a killed one left behind."""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis_infra.storage import postmaster
from gis_infra.storage.accounts import Account
from gis_infra.storage.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A cluster's folders with no server in them."""
    made = Places(tmp_path, tmp_path / "socket", Account("me", os.geteuid(), os.getegid()))
    made.data.mkdir()
    made.socket.mkdir()
    return made


@pytest.fixture
def worker(places: Places) -> Iterator[subprocess.Popen[bytes]]:
    """A process at work in the data folder, as every PostgreSQL process is."""
    with subprocess.Popen(["sleep", "60"], cwd=places.data) as process:
        yield process
        process.kill()


def write_pid_file(data: Path, pid: int, status: str = "ready   ") -> None:
    """The eight lines PostgreSQL 15 writes."""
    lines = [str(pid), str(data), "1790000000", "5432", "/run/socket", "", "  1234567   0", status]
    (data / "postmaster.pid").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_a_process_at_work_in_the_folder_is_the_server(places: Places, worker: subprocess.Popen[bytes]):
    write_pid_file(places.data, worker.pid)
    assert postmaster.find_postmaster(places.data) == postmaster.Postmaster(worker.pid, Path("/run/socket"), True)


def test_a_server_that_is_starting_is_not_ready(places: Places, worker: subprocess.Popen[bytes]):
    write_pid_file(places.data, worker.pid, "starting")
    found = postmaster.find_postmaster(places.data)
    assert found is not None
    assert not found.is_ready


@pytest.mark.parametrize("text", ["", "not a number\n", "0\n", "99999999\n"])
def test_a_file_that_names_no_process_means_no_server(places: Places, text: str):
    (places.data / "postmaster.pid").write_text(text, encoding="utf-8")
    assert postmaster.find_postmaster(places.data) is None


def test_a_number_that_now_belongs_to_somebody_else_means_no_server(places: Places):
    # After a container starts anew, small numbers are soon taken again; this process is such a one.
    write_pid_file(places.data, os.getpid())
    assert postmaster.find_postmaster(places.data) is None


def test_the_locks_of_a_dead_server_are_cleared_and_nothing_else(places: Places):
    write_pid_file(places.data, os.getpid())
    (places.socket / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n", encoding="utf-8")
    (places.data / "PG_VERSION").write_text("15\n", encoding="utf-8")
    postmaster.clear_wreck(places)
    assert sorted(each.name for each in places.data.iterdir()) == ["PG_VERSION"]
    assert list(places.socket.iterdir()) == []


def test_orphans_of_a_dead_server_are_waited_for_and_then_ended(places: Places, worker: subprocess.Popen[bytes]):
    started = time.monotonic()
    postmaster.end_processes(places.data, patience_s=0.2)
    assert time.monotonic() - started >= 0.2
    assert worker.wait(5) == -9
