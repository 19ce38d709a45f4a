"""How much memory and how many cores this process may use, the limits of a container included."""

import os
from dataclasses import dataclass
from pathlib import Path

MIB = 1024 * 1024
CGROUP = Path("/sys/fs/cgroup")
PROC = Path("/proc")


@dataclass(frozen=True)
class Machine:
    """Memory in MiB, cores, and the MiB of shared memory (/dev/shm) there is room for."""

    memory_mib: int
    cores: int
    shared_memory_mib: int


def read_machine() -> Machine:
    """What this machine, or the container we are in, gives us."""
    return Machine(
        memory_mib=min(read_total_memory(), *read_cgroup_memory()),
        cores=min(len(os.sched_getaffinity(0)), *read_cgroup_cores()),
        shared_memory_mib=read_shared_memory(Path("/dev/shm")),  # noqa: S108 - measured, not written to
    )


def read_total_memory() -> int:
    """All memory of the machine, MiB."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB


def read_shared_memory(folder: Path) -> int:
    """Size of the shared memory file system, MiB; 0 if it is not a mount of its own (a bare chroot)."""
    if not folder.is_mount():
        return 0
    room = os.statvfs(folder)
    return room.f_frsize * room.f_blocks // MIB


def read_cgroup_memory(root: Path = CGROUP, proc: Path = PROC) -> list[int]:
    """Memory limits set on our control group (both versions), MiB; empty ones are given as a very large number."""
    limits = [number // MIB for number in read_numbers(root, proc, "memory", ("memory.max", "memory.limit_in_bytes"))]
    return [limit for limit in limits if limit > 0] + [2**40]


def read_cgroup_cores(root: Path = CGROUP, proc: Path = PROC) -> list[int]:
    """Core limits set on our control group (both versions), rounded up to whole cores, then a very large number."""
    cores = []
    for folder in list_group_folders(root, proc, "cpu"):
        quota_us, period_us = read_quota(folder)
        if quota_us > 0 and period_us > 0:
            cores.append(max(1, -(-quota_us // period_us)))
    return [*cores, 2**20]


def read_quota(folder: Path) -> tuple[int, int]:
    """Microseconds of processor per period, and the period; (0, 0) where there is no limit."""
    both = read_words(folder / "cpu.max")
    if not both:
        both = read_words(folder / "cpu.cfs_quota_us") + read_words(folder / "cpu.cfs_period_us")
    if len(both) != 2 or not both[0].isdigit() or not both[1].isdigit():
        return 0, 0
    return int(both[0]), int(both[1])


def read_numbers(root: Path, proc: Path, controller: str, names: tuple[str, ...]) -> list[int]:
    """The numbers in files of our control group that hold one; "max" and absent files are left out."""
    words = [read_words(folder / name) for folder in list_group_folders(root, proc, controller) for name in names]
    return [int(word[0]) for word in words if word and word[0].isdigit()]


def list_group_folders(root: Path, proc: Path, controller: str) -> list[Path]:
    """The folders that may hold our limits: the root of each hierarchy, then our own group and its parents."""
    folders = [root, root / controller]
    for line in read_lines(proc / "self" / "cgroup"):
        number, controllers, path = line.split(":", 2)
        if number == "0" or controller in controllers.split(","):
            base = root if number == "0" else root / controller
            own = base / path.lstrip("/")
            folders += [own, *(each for each in own.parents if each.is_relative_to(base))]
    return list(dict.fromkeys(folders))


def read_lines(path: Path) -> list[str]:
    """The lines of a file of the kernel's, none if it is not there."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def read_words(path: Path) -> list[str]:
    """The words on the first line of a file of the kernel's, none if it is not there."""
    lines = read_lines(path)
    return lines[0].split() if lines else []
