"""The running server of one data folder: is it there, is it ready, what did a crash leave behind.

PostgreSQL's own check of `postmaster.pid` only asks whether some process has that number. After `kill -9` and a restart
of a container the number often belongs to somebody else, so it is asked here whether that process works in our folder.
"""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from gis_infra.storage.places import Places

PID_FILE = "postmaster.pid"
PROC = Path("/proc")


@dataclass(frozen=True)
class Postmaster:
    """A server at work: its process, the folder of its socket, and whether it lets clients in."""

    pid: int
    socket_folder: Path
    is_ready: bool


def find_postmaster(data: Path) -> Postmaster | None:
    """The server at work on the folder `data`, None if there is none (a left-over file does not count)."""
    lines = read_pid_file(data)
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if not works_in(pid, data):
        return None
    socket_folder = lines[4].strip() if len(lines) > 4 else ""
    status = lines[7].strip() if len(lines) > 7 else ""
    return Postmaster(pid, Path(socket_folder), is_ready=bool(socket_folder) and status == "ready")


def read_pid_file(data: Path) -> list[str]:
    """The lines PostgreSQL keeps about its running server, none if there is no such file."""
    try:
        return (data / PID_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def works_in(pid: int, data: Path) -> bool:
    """Whether process `pid` is alive and has `data` as its working directory, as every PostgreSQL process has."""
    try:
        return (PROC / str(pid) / "cwd").readlink() == data.resolve()
    except (FileNotFoundError, PermissionError, ProcessLookupError):
        return False


def list_processes(data: Path) -> list[int]:
    """Every process at work in `data`: the server and its children."""
    return [int(each.name) for each in PROC.iterdir() if each.name.isdigit() and works_in(int(each.name), data)]


def clear_wreck(places: Places) -> None:
    """Take away what a killed server left: its children, then its lock files.

    Call only under the cluster's lock, when `find_postmaster` finds nothing. Children of a dead server end by
    themselves unless they are busy; a new server beside them would destroy the data, so they are waited for, and
    then ended.
    """
    if not places.data.exists():
        return
    end_processes(places.data)
    (places.data / PID_FILE).unlink(missing_ok=True)
    for left in places.socket.glob(".s.PGSQL.*"):
        left.unlink(missing_ok=True)


def end_processes(data: Path, patience_s: float = 5.0) -> None:
    """Wait for the orphans in `data`, and end those that are still there after `patience_s`."""
    deadline = time.monotonic() + patience_s
    while (orphans := list_processes(data)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for pid in orphans:
        os.kill(pid, signal.SIGKILL)
    while list_processes(data):
        time.sleep(0.05)
