"""An import that is stopped by a signal, or whose server goes, leaves nothing and says so in one line."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.imports import write_pipes
from tests.stopping import DEADLINE_S, stopping, wait_for_stop, wait_until_free

COMMAND = Path(sys.executable).with_name("gis-infra")
ROW = "BEFORE INSERT ON infra.water_pipe FOR EACH ROW WHEN (NEW.asset_code = 'WP-2')"
CHANGE = "BEFORE UPDATE ON infra.water_pipe FOR EACH ROW"
END = "BEFORE UPDATE ON gis.import_batch FOR EACH ROW"


@pytest.fixture
def path(importer, tmp_path):
    """A file of which the layer has the first row otherwise, and one row is rejected."""
    importer.load(write_pipes(tmp_path, [{"MA_ONG": "WP-1", "DN": 50}]), owner="SAWACO")
    sizes = {"WP-1": 100, "WP-2": 100, "WP-3": 100, "WP-4": 5}
    return write_pipes(tmp_path, [{"MA_ONG": code, "DN": size} for code, size in sizes.items()])


@pytest.fixture
def start(settings, path, tmp_path):
    """Start the import as a process of its own, with a folder of its own for temporary files."""
    started = []

    def start(*options):
        temporary = tmp_path / "temporary"
        temporary.mkdir()
        environment = {
            **os.environ,
            "GIS_INFRA_DATABASE_URL": settings.database_url,
            "GIS_INFRA_HOME": str(settings.home),
            "TMPDIR": str(temporary),
        }
        # The tests may run with Ctrl-C ignored, as jobs in the background do; the import must not inherit that.
        heeding = ["env", "--default-signal=INT"]
        arguments = [*heeding, COMMAND, "import", path, "--layer", "water_pipe", "--owner", "SAWACO", *options]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(arguments, env=environment, **pipes))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("number", "where", "options"),
    [
        (signal.SIGINT, ROW, ()),
        (signal.SIGTERM, CHANGE, ()),
        (signal.SIGTERM, END, ("--on-duplicate", "skip")),
    ],
    ids=["Ctrl-C while rows are copied", "SIGTERM while rows are changed", "SIGTERM at the end"],
)
def test_a_signal_leaves_nothing_and_is_exit_130(importer, start, path, tmp_path, number, where, options):
    before = importer.read_rows(), importer.read_versions(), importer.read_batches()
    with stopping(importer, where):
        process = start(*options)
        wait_for_stop(importer, lambda: process.poll() is not None)
        process.send_signal(number)
        output, errors = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, output) == (130, "")
    assert errors == "gis-infra: interrupted; nothing was imported\n"
    wait_until_free(importer)
    assert (importer.read_rows(), importer.read_versions(), importer.read_batches()) == before
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not path.with_name("pipes.rejected.gpkg").exists()


def test_a_server_process_that_ends_under_the_import_is_one_line_and_exit_2(importer, start, tmp_path):
    before = importer.read_rows()
    with stopping(importer, ROW):
        process = start()
        pid = wait_for_stop(importer, lambda: process.poll() is not None)
        with importer.engine.connect() as connection:
            connection.execute(select(func.pg_terminate_backend(pid)))
        output, errors = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, output) == (2, "")
    assert errors.startswith("gis-infra: the database ") and errors.count("\n") == 1
    assert importer.read_rows() == before
    assert list((tmp_path / "temporary").iterdir()) == []
