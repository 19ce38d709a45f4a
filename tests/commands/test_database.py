"""`gis-infra database`, as an operator sees it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL

from gis_infra.settings import ROOT
from gis_infra.storage import databases

SECRET = "s3cr3t-of-the-city"


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    code: int
    out: str
    err: str


def run(*arguments: str, **environment: str) -> Outcome:
    """Run `gis-infra` as a program of its own, with these variables beside PATH."""
    program = Path(sys.executable).with_name("gis-infra")
    done = subprocess.run(
        [program, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        env={"PATH": os.environ["PATH"], **environment},
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def elsewhere(server: URL) -> Iterator[str]:
    """The address of an empty database that is not the checkout's own."""
    name = f"gis_infra_test_{os.getpid()}_commands"
    yield databases.create(server, name).set(drivername="postgresql").render_as_string(hide_password=False)
    databases.drop(server, name)


def test_the_private_database_is_started_shown_and_stopped(home: Path):
    assert run("database", "status", GIS_INFRA_HOME=str(home)).out == f"private database in {home}: not running\n"
    assert run("database", "start", GIS_INFRA_HOME=str(home)).out == "started\n"
    assert run("database", "start", GIS_INFRA_HOME=str(home)).out == "runs already\n"
    status = run("database", "status", GIS_INFRA_HOME=str(home)).out
    assert "schema      none, needs" in status
    assert "run `gis-infra database upgrade`" in status
    assert run("database", "stop", "--if-idle", GIS_INFRA_HOME=str(home)).out == "stopped\n"
    assert run("database", "stop", GIS_INFRA_HOME=str(home)).out == "was not running\n"


def test_a_database_elsewhere_is_upgraded_once(elsewhere: str):
    first = run("database", "upgrade", GIS_INFRA_DATABASE_URL=elsewhere)
    assert first.out.startswith("upgraded to 20")
    assert " already\n" in run("database", "upgrade", GIS_INFRA_DATABASE_URL=elsewhere).out
    assert ", current\n" in run("database", "status", GIS_INFRA_DATABASE_URL=elsewhere).out


@pytest.mark.parametrize("action", ["start", "stop"])
def test_a_database_elsewhere_is_not_ours_to_start_or_stop(action: str):
    outcome = run("database", action, GIS_INFRA_DATABASE_URL=f"postgresql://gis:{SECRET}@db/infra")
    assert outcome.code == 2
    assert "that database is not ours to start or stop" in outcome.err


def test_the_address_is_printed_without_its_password():
    outcome = run("database", "url", GIS_INFRA_DATABASE_URL=f"postgresql://gis:{SECRET}@db.city.vn/infra")
    assert outcome.out == "postgresql://gis:***@db.city.vn/infra\n"


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"postgresql://gis:{SECRET}@127.0.0.1:1/infra", "cannot be reached: nothing listens at its address"),
        (f"postgresql://gis:{SECRET}@/infra?host=/nowhere", "cannot be reached: there is no socket at its address"),
        (f"mysql://gis:{SECRET}@db/infra", "must start with postgresql://"),
        (f"gis:{SECRET}", "is not an address like postgresql://user@host/name"),
    ],
)
def test_an_address_that_does_not_work_is_one_line_without_its_password(address: str, words: str):
    outcome = run("database", "upgrade", GIS_INFRA_DATABASE_URL=address)
    assert outcome.code == 2
    assert words in outcome.err
    assert outcome.err.count("\n") == 1
    assert SECRET not in outcome.err + outcome.out


def test_a_home_that_cannot_be_written_is_one_line(tmp_path: Path):
    (tmp_path / "file").touch()
    outcome = run("database", "start", GIS_INFRA_HOME=str(tmp_path / "file" / "home"))
    assert outcome.code == 2
    assert "cannot write" in outcome.err
    assert outcome.err.count("\n") == 1
