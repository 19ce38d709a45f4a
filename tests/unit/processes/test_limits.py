"""A process that reads other people's files has limits, and ends with the one that made it."""

import subprocess
import sys

import pytest

from gis_infra.settings import ROOT
from tests.workers import is_there, wait_for

BOUNDED = """
from gis_infra.processes.limits import Limits, apply
apply(Limits(memory_mb=500, cpu_s=2, file_mb=1))
"""
PARENT = """
import subprocess, sys, time
child = "import os, time; from gis_infra.processes.limits import end_with_parent; end_with_parent(os.getppid()); "
made = subprocess.Popen([sys.executable, "-c", child + "print(os.getpid(), flush=True); time.sleep(600)"])
time.sleep(600)
"""


def run(code):
    """What a process with limits says, and how it ends."""
    command = [sys.executable, "-c", BOUNDED + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("bytearray(600_000_000)", "MemoryError"),
        ("open('/tmp/gis-infra-test-limit', 'wb').write(bytes(2_000_000))", "File too large"),
        ("import resource; resource.setrlimit(resource.RLIMIT_AS, (10**12, 10**12))", "not allowed to raise"),
    ],
)
def test_what_goes_beyond_a_limit_is_an_error(code, words, tmp_path):
    done = run(code.replace("/tmp/gis-infra-test-limit", str(tmp_path / "large")))
    assert done.returncode == 1 and words in done.stderr


def test_what_takes_too_long_is_ended():
    assert run("while True: pass").returncode == -9


def test_a_process_ends_with_the_one_that_made_it():
    with subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_there(child)
        parent.kill()
    wait_for(lambda: not is_there(child), "the end of the child")
