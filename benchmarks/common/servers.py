"""Servers that are compared: ours and its peers, installed, started, waited for and ended."""

import http.client
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import URL

START_LIMIT_S, END_LIMIT_S = 120.0, 20.0


def install(name: str, packages: Sequence[str], home: Path) -> Path:
    """The folder of the programs of a peer from PyPI; installed first, into a venv of its own, if it is not."""
    venv = home / "peers" / name
    done = venv / "installed"
    if not done.exists():
        shutil.rmtree(venv, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        subprocess.run([str(venv / "bin" / "pip"), "install", "-q", *packages], check=True)
        done.touch()
    return venv / "bin"


def to_peer_address(url: URL) -> str:
    """The address of a database as tipg takes it: the folder of the socket stands where a host does."""
    socket = url.query.get("host")
    host = quote(socket, safe="") if isinstance(socket, str) else url.host
    return f"postgresql://{url.username}@{host}:{url.port or 5432}/{url.database}"


def start_one(url: URL, port: int) -> subprocess.Popen[bytes]:
    """One process of our server on a database."""
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--factory", "--workers", "1"]
    command += ["--blocking-threads", "4", "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    address = url.render_as_string(hide_password=False)
    return start([*command, "gis_infra.web.wsgi:make_app"], {"GIS_INFRA_DATABASE_URL": address})


def start(command: Sequence[str], variables: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A process that writes nothing here."""
    return subprocess.Popen(
        command, env={**os.environ, **variables}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@contextmanager
def running(process: subprocess.Popen[bytes], port: int, path: str) -> Iterator[None]:
    """The process, once it answers; ended afterwards."""
    try:
        end = time.monotonic() + START_LIMIT_S
        while not answers(port, path):
            if time.monotonic() > end or process.poll() is not None:
                sys.exit(f"the server on port {port} does not start")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        process.wait(END_LIMIT_S)


def answers(port: int, path: str) -> bool:
    """Whether something answers 200 there."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", path)
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
