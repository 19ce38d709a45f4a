"""The program itself over the sample quarter, in a home and on a port of its own: what outside suites run against."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.homes import make_home

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".venv" / "bin" / "gis-infra"
READY_LIMIT_S = 300
END_LIMIT_S = 60
EDITOR, PASSWORD = "editor", "a long password"


@contextmanager
def serve_sample() -> Iterator[str]:
    """The address of the landing page while the block lasts; an editor of the sector water may sign in.

    Raises TimeoutError if it is not served within five minutes.
    """
    with serve_home("sector:water") as port:
        yield f"http://127.0.0.1:{port}/ogc"


@contextmanager
def serve_home(scope: str, fill: Callable[[Mapping[str, str]], None] | None = None, **given: str) -> Iterator[int]:
    """The port at which a home of its own is served while the block lasts; an editor of `scope` may sign in.

    fill: puts rows into the database of that home, told as the variables of the environment, before it is served;
    without it, the server loads its samples. given: variables besides.
    Raises TimeoutError if it is not served within five minutes.
    """
    with make_home() as home:
        port = find_port()
        environment = {**os.environ, "GIS_INFRA_HOME": str(home), "GIS_INFRA_PORT": str(port), **given}
        if fill is not None:
            fill(environment)
        with (home / "log").open("wb") as log:
            server = subprocess.Popen([PROGRAM, "serve"], env=environment, stdout=log, stderr=log)
            try:
                wait_until_ready(server, f"http://127.0.0.1:{port}/readyz", home / "log")
                add_editor(environment, scope)
                yield port
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(END_LIMIT_S)


def find_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Return when the server says it is ready. Raises TimeoutError, RuntimeError with its last words if it ended."""
    until = time.monotonic() + READY_LIMIT_S
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}: {log.read_text()[-1000:]}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise TimeoutError(f"{address} did not answer within {READY_LIMIT_S} s")


def add_editor(environment: Mapping[str, str], scope: str) -> None:
    """Give the one who edits an account."""
    command = [PROGRAM, "users", "add", EDITOR, "--name", EDITOR, "--role", "editor", "--scope", scope]
    told = subprocess.run(
        [*command, "--password-stdin"], env=environment, input=f"{PASSWORD}\n", text=True, capture_output=True
    )
    if told.returncode:
        sys.exit(told.stderr)
