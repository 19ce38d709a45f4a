"""The private cluster's settings fit the machine."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.storage.machine import Machine
from gis_infra.storage.tuning import MAX_CONNECTIONS, render_settings, to_settings

SOCKET = Path("/run/city's own")


def test_a_machine_of_eight_gib_gets_a_quarter_for_shared_buffers():
    settings = to_settings(Machine(memory_mib=8192, cores=4, shared_memory_mib=4096), SOCKET)
    assert settings["shared_buffers"] == "2048MB"
    assert settings["effective_cache_size"] == "4096MB"
    assert settings["maintenance_work_mem"] == "512MB"
    assert settings["work_mem"] == "20MB"
    assert settings["max_parallel_workers"] == "4"


def test_there_is_no_network_port_and_the_socket_is_its_accounts_alone():
    settings = to_settings(Machine(2048, 2, 1024), SOCKET)
    assert settings["listen_addresses"] == ""
    assert settings["unix_socket_permissions"] == "0700"


@pytest.mark.parametrize(("shared_memory_mib", "kind"), [(64, "mmap"), (0, "mmap"), (256, "posix")])
def test_parallel_queries_do_without_dev_shm_where_it_is_small(shared_memory_mib: int, kind: str):
    # Docker gives a container 64 MiB of /dev/shm; a parallel query that needs more fails.
    assert to_settings(Machine(4096, 2, shared_memory_mib), SOCKET)["dynamic_shared_memory_type"] == kind


@given(memory_mib=st.integers(512, 2**22), cores=st.integers(1, 512))
def test_no_machine_is_promised_more_memory_than_it_has(memory_mib: int, cores: int):
    settings = to_settings(Machine(memory_mib, cores, 1024), SOCKET)
    shared, work = (int(settings[name].removesuffix("MB")) for name in ("shared_buffers", "work_mem"))
    # Every connection sorting once beside the shared buffers stays within the memory, but for the smallest machines.
    assert shared + work * MAX_CONNECTIONS <= memory_mib or work == 4


def test_values_are_quoted_for_postgresql():
    assert "unix_socket_directories = '/run/city''s own'" in render_settings(to_settings(Machine(2048, 2, 64), SOCKET))
