"""Limits of a container are found under both versions of control groups."""

from pathlib import Path

from gis_infra.storage import machine


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_the_limits_of_a_container_with_control_groups_2_are_found(tmp_path: Path):
    root, proc = tmp_path / "cgroup", tmp_path / "proc"
    write(proc / "self" / "cgroup", "0::/\n")
    write(root / "memory.max", "2147483648\n")
    write(root / "cpu.max", "150000 100000\n")
    assert min(machine.read_cgroup_memory(root, proc)) == 2048
    assert min(machine.read_cgroup_cores(root, proc)) == 2  # one and a half, rounded up


def test_the_limit_of_a_group_above_ours_counts_too(tmp_path: Path):
    root, proc = tmp_path / "cgroup", tmp_path / "proc"
    write(proc / "self" / "cgroup", "0::/system.slice/city.service\n")
    write(root / "system.slice" / "city.service" / "memory.max", "max\n")
    write(root / "system.slice" / "memory.max", "1073741824\n")
    assert min(machine.read_cgroup_memory(root, proc)) == 1024


def test_the_limits_of_control_groups_1_are_found(tmp_path: Path):
    root, proc = tmp_path / "cgroup", tmp_path / "proc"
    write(proc / "self" / "cgroup", "4:memory:/docker/abc\n2:cpu,cpuacct:/docker/abc\n")
    write(root / "memory" / "memory.limit_in_bytes", "536870912\n")
    write(root / "cpu" / "cpu.cfs_quota_us", "50000\n")
    write(root / "cpu" / "cpu.cfs_period_us", "100000\n")
    assert min(machine.read_cgroup_memory(root, proc)) == 512
    assert min(machine.read_cgroup_cores(root, proc)) == 1


def test_no_limit_is_no_limit(tmp_path: Path):
    root, proc = tmp_path / "cgroup", tmp_path / "proc"
    write(root / "memory.max", "max\n")
    write(root / "cpu.max", "max 100000\n")
    assert min(machine.read_cgroup_memory(root, proc)) > 2**32
    assert min(machine.read_cgroup_cores(root, proc)) > 2**16


def test_this_machine_has_memory_and_cores():
    here = machine.read_machine()
    assert here.memory_mib > 100
    assert here.cores >= 1
