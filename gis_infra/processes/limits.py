"""What a process that reads other people's files may use, and that it ends with the one that made it.

GDAL, PROJ and their like parse hostile bytes in C. A process of its own with limits keeps what they do to that process.
"""

import ctypes
import os
import resource
import signal
from dataclasses import dataclass

from gis_infra.settings import Settings, to_environment

# Source: prctl(2), linux/prctl.h.
PR_SET_PDEATHSIG = 1
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Most address space, processor time of all threads together, and size of a file it may write."""

    memory_mb: int
    cpu_s: int
    file_mb: int


def make_environment(settings: Settings) -> dict[str, str]:
    """The variables of a process that shall have these settings, and the least address space it can do with."""
    # Each thread of a linear algebra that nobody asks for here would take its share, on a large machine all there is.
    return {**os.environ, **to_environment(settings), "OPENBLAS_NUM_THREADS": "1"}


def apply(limits: Limits) -> None:
    """Hold this process to its limits. A higher one than the system allows is taken as the system's."""
    lower(resource.RLIMIT_AS, limits.memory_mb * MEGABYTE)
    lower(resource.RLIMIT_CPU, limits.cpu_s)
    lower(resource.RLIMIT_FSIZE, limits.file_mb * MEGABYTE)
    lower(resource.RLIMIT_CORE, 0)
    # A file that grows too large is then an error to report instead of the end of the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def lower(kind: int, wanted: int) -> None:
    """Set one limit, for good."""
    _, hard = resource.getrlimit(kind)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (most, most))


def end_with_parent(parent: int | None = None, number: int = signal.SIGKILL) -> None:
    """Have the kernel send this process a signal when the one that made it ends, even by `kill -9`.

    parent: the number of the process that made it, if known; this one ends at once if that has gone already.
    """
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number))
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
