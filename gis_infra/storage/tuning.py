"""PostgreSQL settings that fit the machine. Pure: a machine and a place in, the text of a configuration file out.

The shares are those of PostgreSQL's own documentation (a quarter of the memory for shared buffers) and leave the other
half of the machine to the web server and to imports, which run beside it.
"""

from pathlib import Path

from gis_infra.storage.machine import Machine

MAX_CONNECTIONS = 120
SMALLEST_SHARED_MEMORY_MIB = 256


def to_settings(machine: Machine, socket_folder: Path) -> dict[str, str]:
    """The settings of the private cluster, by name.

    machine: what there is to use.
    socket_folder: the only way in; there is no network port.
    """
    memory = machine.memory_mib
    shared_memory = "posix" if machine.shared_memory_mib >= SMALLEST_SHARED_MEMORY_MIB else "mmap"
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": str(MAX_CONNECTIONS),
        "shared_buffers": to_mib(clamp(memory // 4, 64, 8192)),
        "effective_cache_size": to_mib(clamp(memory // 2, 128, 65536)),
        "maintenance_work_mem": to_mib(clamp(memory // 16, 32, 1024)),
        "work_mem": to_mib(clamp(memory // 400, 4, 64)),
        "max_wal_size": to_mib(clamp(memory // 4, 512, 4096)),
        "dynamic_shared_memory_type": shared_memory,
        "max_worker_processes": str(max(8, machine.cores)),
        "max_parallel_workers": str(machine.cores),
        "max_parallel_workers_per_gather": str(clamp(machine.cores // 2, 1, 4)),
        "max_parallel_maintenance_workers": str(clamp(machine.cores // 2, 1, 4)),
        "random_page_cost": "1.1",
        "effective_io_concurrency": "100",
        "wal_compression": "on",
        # Compiling a plan costs more than it saves on the short reads of a map.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %a ",
        # Values that people send never reach the log, whatever PostgreSQL's defaults become.
        "log_statement": "none",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
    }


def render_settings(settings: dict[str, str]) -> str:
    """The text of a PostgreSQL configuration file; every value is quoted."""
    lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()]
    return "\n".join(["# Written by gis-infra at every start of the database; changes here are lost.", *lines, ""])


def to_mib(number: int) -> str:
    """A memory setting in MiB, as PostgreSQL spells it."""
    return f"{number}MB"


def clamp(number: int, low: int, high: int) -> int:
    """The nearest number from low to high."""
    return max(low, min(number, high))
