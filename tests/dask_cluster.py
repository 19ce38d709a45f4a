"""A real dask scheduler and its workers, each a process of its own."""

import json
import os
import signal
import subprocess
import sys
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

    @contextmanager
    def holding(self, *names: str) -> Iterator[None]:
        """Hold workers still, all if none is named: what they are given is not done before the block ends."""
        held = [self.workers[each] for each in names or self.workers]
        for each in held:
            each.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            for each in held:
                if each.poll() is None:
                    each.send_signal(signal.SIGCONT)

    def kill(self, name: str) -> None:
        """Kill a worker, whatever it is at."""
        self.workers[name].kill()
        self.workers[name].wait(LIMIT_S)

    def wait_for_work(self, run: "subprocess.Popen[str]", name: str | None = None) -> None:
        """Return when a worker was given a part of a city; they must be held, or it could be done before one looks."""
        wait_for(lambda: self.find_busy(name) or run.poll() is not None, "a worker at work")
        assert run.poll() is None, "the run was over before a worker was at work"

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
