"""Getting pip for a Python that has none trusts nothing but the pinned wheel."""

import functools
import http.server
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis_infra.settings import ROOT

WHEEL = "pip-26.3-py3-none-any.whl"


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and does not say so."""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def index(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The folder of an empty package index, and its address."""
    handler = functools.partial(QuietHandler, directory=tmp_path)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield tmp_path, f"http://127.0.0.1:{server.server_address[1]}/simple"
        server.shutdown()
        thread.join()


def publish(folder: Path, content: bytes) -> None:
    """Put a wheel of that content on the index, as PyPI's pages link to it."""
    page = folder / "simple" / "pip" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text(f'<a href="../../files/{WHEEL}#sha256=0">{WHEEL}</a>', encoding="utf-8")
    (folder / "files").mkdir()
    (folder / "files" / WHEEL).write_bytes(content)


def bootstrap(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script with these variables beside PATH."""
    command = [sys.executable, ROOT / "script" / "bootstrap_pip.py"]
    variables = {"PATH": os.environ["PATH"], "PIP_CONFIG_FILE": os.devnull, **environment}
    return subprocess.run(command, capture_output=True, text=True, env=variables, timeout=60)


def test_a_wheel_with_another_hash_is_not_run(index: tuple[Path, str]):
    folder, address = index
    publish(folder, b"not pip at all")
    done = bootstrap(PIP_INDEX_URL=address)
    assert done.returncode == 1
    assert f"{WHEEL} has SHA-256" in done.stderr
    assert "expected f3b60b20" in done.stderr


def test_an_index_without_the_wheel_is_told(index: tuple[Path, str]):
    folder, address = index
    (folder / "simple" / "pip").mkdir(parents=True)
    done = bootstrap(PIP_INDEX_URL=address)
    assert done.returncode == 1
    assert f"the package index has no {WHEEL}" in done.stderr


def test_an_index_that_does_not_answer_is_told_in_one_line():
    done = bootstrap(PIP_INDEX_URL="http://127.0.0.1:1/simple")
    assert done.returncode == 1
    assert "the package index cannot be reached" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_index_of_pips_own_configuration_file_is_used(index: tuple[Path, str], tmp_path: Path):
    folder, address = index
    publish(folder, b"not pip at all")
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {address}\n", encoding="utf-8")
    assert f"{WHEEL} has SHA-256" in bootstrap(PIP_CONFIG_FILE=str(tmp_path / "pip.conf")).stderr


def test_an_address_that_is_no_web_address_is_refused():
    assert "file:// is no address" in bootstrap(PIP_INDEX_URL="file:///etc").stderr
