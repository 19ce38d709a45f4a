"""`gis-infra serve`, as a newcomer and an operator see it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from gis_infra.settings import ROOT
from gis_infra.storage.engine import make_engine

PROGRAM = Path(sys.executable).with_name("gis-infra")
LIMIT_S = 120  # on a machine with much else to do


@pytest.fixture(scope="module")
def used(copy_database: Callable[[str], URL]) -> str:
    """The address of a database with a tree in it, which is therefore given no samples."""
    engine = make_engine(copy_database("serve"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO infra.tree (asset_code) VALUES ('T1')"))
    engine.dispose()
    return str(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))


def find_free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_listened_on(port: str) -> bool:
    """Whether somebody takes connections on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port))) == 0


@dataclass(frozen=True)
class Server:
    """A server at work: its process, the variables it was given and all it printed when it was ready."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    said: str

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.environment['GIS_INFRA_PORT']}"


def make_environment(database: str, home: Path) -> dict[str, str]:
    """The variables of a new server."""
    return {
        "PATH": os.environ["PATH"],
        "GIS_INFRA_DATABASE_URL": database,
        "GIS_INFRA_PORT": str(find_free_port()),
        "GIS_INFRA_HOME": str(home),
    }


@contextmanager
def serve(database: str, home: Path) -> Iterator[Server]:
    """A server at work, stopped when the block ends."""
    environment = make_environment(database, home)
    with subprocess.Popen([PROGRAM, "serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process, environment, read_until(process, "Ctrl-C"))
        finally:
            process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def standing(used: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that tests leave running."""
    with serve(used, tmp_path_factory.mktemp("home")) as server:
        yield server


def run_serve(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a server that does not come up leaves behind."""
    command = [PROGRAM, "serve"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT_S)


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """What the server prints up to a line with these words; the server ends all output when it fails."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"the server ended and only said: {said}")


def get_status(address: str) -> int:
    """The HTTP status of an address."""
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def list_children(pid: int) -> list[str]:
    """The numbers of a process's children."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()


def test_every_address_it_prints_answers(standing: Server):
    addresses = re.findall(r"http://\S*", standing.said)
    assert [each.removeprefix(standing.base).split("/")[1] for each in addresses] == ["", "ogc", "wfs", "sign-in"]
    addresses[2] += "?service=WFS&request=GetCapabilities"
    assert [get_status(each) for each in addresses] == [200, 200, 200, 200]


def test_a_second_server_on_the_same_port_is_refused_in_one_line(standing: Server):
    second = run_serve(standing.environment)
    port = standing.environment["GIS_INFRA_PORT"]
    words = f"port {port} on 127.0.0.1 is in use; stop what uses it, or set GIS_INFRA_PORT to another one"
    assert (second.returncode, second.stderr) == (2, f"gis-infra: {words}\n")


def test_a_process_of_the_server_that_is_killed_is_replaced(standing: Server):
    killed = list_children(standing.process.pid)[-1]
    os.kill(int(killed), signal.SIGKILL)
    deadline = time.monotonic() + LIMIT_S
    while killed in (now := list_children(standing.process.pid)) or len(now) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert get_status(f"{standing.base}/healthz") == 200


def test_ctrl_c_ends_it_in_order(used: str, tmp_path: Path):
    with serve(used, tmp_path) as server:
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(LIMIT_S) == 0
        # One of its processes may only be being made ready by then, and does not have to be killed for that.
        assert server.process.stdout is not None and server.process.stdout.read() == ""


def test_a_server_that_is_killed_leaves_its_port_free(used: str, tmp_path: Path):
    with serve(used, tmp_path) as server:
        server.process.kill()
        server.process.wait(LIMIT_S)
        deadline = time.monotonic() + LIMIT_S
        while is_listened_on(server.environment["GIS_INFRA_PORT"]):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_layer_files_that_are_wrong_are_told_by_file_and_line(used: str, tmp_path: Path):
    layers = tmp_path / "layers"
    layers.mkdir()
    done = run_serve(make_environment(used, tmp_path) | {"GIS_INFRA_LAYERS": str(layers)})
    assert done.returncode == 2
    assert done.stderr.startswith("gis-infra: layers/sectors.yaml:1: cannot be read")
    assert "Traceback" not in done.stderr
