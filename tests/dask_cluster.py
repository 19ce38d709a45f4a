"""A real dask scheduler and its workers, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client

from gis_infra.settings import ROOT
from tests.workers import LIMIT_S, wait_for

DASK = Path(sys.executable).parent / "dask"
# A process that ends with the one that started it, also when that is killed.
LEASH = ("setpriv", "--pdeathsig", "KILL")


@dataclass
class Cluster:
    """A scheduler at `address`, somebody who may ask it, and the processes of its workers by name."""

    client: Client
    address: str
    folder: Path
    environment: dict[str, str]
    workers: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def add_worker(self, name: str) -> None:
        """Start a worker of one thread, which nobody will start again."""
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1", "--name", name]
        command = [DASK, "worker", self.address, *options, "--local-directory", self.folder / name]
        self.workers[name] = start(command, self.folder / f"{name}.log", self.environment)

    def kill_at_work(self) -> str:
        """Kill a worker while it is at a part of a city; the name of the worker."""
        name = wait_for(self.hold_at_work, "a worker held at work")
        self.workers[name].kill()
        self.workers[name].wait(LIMIT_S)
        return name

    def hold_at_work(self) -> str | None:
        """Hold a worker still while it is at a task, so that it cannot be done by the time it is killed."""
        name = self.find_busy()
        if name is None:
            return None
        self.workers[name].send_signal(signal.SIGSTOP)
        time.sleep(0.2)  # what it told before is heard by then
        if self.find_busy(name) == name:
            return name
        self.workers[name].send_signal(signal.SIGCONT)
        return None

    def wait_for_work(self) -> None:
        """Return when a worker is at a part of a city."""
        wait_for(self.find_busy, "a worker at work")

    def is_idle(self) -> bool:
        """Whether no worker is at anything."""
        return self.find_busy() is None

    def wait_for_workers(self) -> None:
        """Return when every worker that was started, and lives, has come to the scheduler."""
        alive = sum(each.poll() is None for each in self.workers.values())
        self.client.wait_for_workers(alive, timeout=LIMIT_S)

    def find_busy(self, name: str | None = None) -> str | None:
        """The name of a worker that is at a task; None if there is none, or if it is not the one of that name."""
        names = {address: str(each["name"]) for address, each in self.client.scheduler_info()["workers"].items()}
        busy = [names[address] for address, tasks in self.client.processing().items() if tasks and address in names]
        return next((each for each in busy if name is None or each == name), None)


@contextmanager
def clustering(folder: Path, environment: dict[str, str], workers: int) -> Iterator[Cluster]:
    """A scheduler with workers, for as long as the block runs. environment: what the workers have besides ours."""
    file = folder / "scheduler.json"
    options = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file]
    everything = {**os.environ, **environment}
    scheduler = start([DASK, "scheduler", *options], folder / "scheduler.log", everything)
    processes = [scheduler]
    try:
        address = wait_for(lambda: file.exists() and json.loads(file.read_text() or "{}").get("address"), "a scheduler")
        with Client(address, set_as_default=False) as client:
            cluster = Cluster(client, address, folder, everything)
            for number in range(workers):
                cluster.add_worker(f"worker-{number}")
            cluster.wait_for_workers()
            yield cluster
            processes = [*cluster.workers.values(), scheduler]
    finally:
        end(processes)


def end(processes: Iterable["subprocess.Popen[bytes]"]) -> None:
    """End processes at once; they hold nothing that is missed."""
    for process in processes:
        process.kill()
        process.wait(LIMIT_S)


def start(command: list[str | Path], log: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A process that writes into a file, and ends with this one."""
    with log.open("ab") as file:
        return subprocess.Popen([*LEASH, *command], cwd=ROOT, env=environment, stdout=file, stderr=subprocess.STDOUT)
