"""One process at a time, and none for ever."""

import subprocess
import sys
from pathlib import Path

import pytest

from gis_infra.errors import BusyError, StorageError
from gis_infra.storage.locks import hold_lock

HOLDER = """
import sys, time
from pathlib import Path
from gis_infra.storage.locks import hold_lock
with hold_lock(Path(sys.argv[1]), 1):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_lock_another_process_holds_is_waited_for_and_then_given_up(tmp_path: Path):
    path = tmp_path / "lock"
    with subprocess.Popen([sys.executable, "-c", HOLDER, path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=r"^another process has held lock for 0.2 s$"), hold_lock(path, 0.2):
            pass
        holder.kill()
    # The kernel let go of what the killed process held.
    with hold_lock(path, 5):
        pass


def test_a_lock_that_cannot_be_written_is_an_error_of_the_set_up(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="cannot write"), hold_lock(tmp_path / "file" / "lock", 1):
        pass
