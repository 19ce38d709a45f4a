"""The worker: takes jobs out of the queue and has each run by a process of its own; once a minute it cleans up.

It never touches a file or a layer itself, so that it outlives what its jobs do. procrastinate gives it the queue, the
wake-up when a job comes in and the cancelling of one that was dismissed.
"""

import asyncio
import logging
import os
import signal
import sys
import uuid
from asyncio.subprocess import Process
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine

from gis_infra.errors import BusyError, GisInfraError, OurError
from gis_infra.processes import limits
from gis_infra.processes.jobs import callbacks, queue, runs, upkeep
from gis_infra.processes.jobs.listening import Listener
from gis_infra.processes.uploads import store
from gis_infra.settings import ROOT, Settings

if TYPE_CHECKING:
    from procrastinate import App

LOG = logging.getLogger(__name__)
# It ends with its worker from its first moment on; loading what jobs need takes a second.
START = """
import sys
from gis_infra.processes import limits
limits.end_with_parent(int(sys.argv[1]))
from gis_infra.collector import collector_paused
with collector_paused():
    from gis_infra.processes.jobs import job_process
job_process.main()
"""
PATIENCE_S = 5.0  # for a dismissed job to end by itself, between two batches
END_LIMIT_S = 20  # for the worker itself; less than its keeper waits
AGAIN_S = 5.0
CRASHED = "the process that ran it broke off ({reason}); nothing was changed"
TOO_LONG = "it took longer than the {limit_s:,} s a job may take here (GIS_INFRA_JOB_LIMIT_S), and was given up"


class Worker:
    """Runs jobs one after the other, or as many at once as the settings say."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self.engine = engine
        self.stopping = asyncio.Event()
        self.crew = Crew(settings)

    async def work(self) -> None:
        """Work until SIGTERM or SIGINT; jobs under way are then left, undone, for the next worker."""
        store.make_private(self.settings.uploads)
        runs.recover_lost(self.engine, self.settings.job_keep_h)
        await self.crew.fill()
        app = queue.make_app(self.engine.url, self.run, self.care)
        try:
            async with app.open_async():
                await self.attend(app)
        finally:
            await self.crew.dismiss()

    async def attend(self, app: "App") -> None:
        """Take jobs out of the queue until told to end, or until the queue fails."""
        common: dict[str, Any] = {"install_signal_handlers": False, "delete_jobs": "always"}
        common["shutdown_graceful_timeout"] = 0
        at_once = self.settings.jobs_at_once
        tasks = [
            asyncio.create_task(app.run_worker_async(queues=[queue.JOBS], concurrency=at_once, **common)),
            asyncio.create_task(app.run_worker_async(queues=[queue.WATCH], concurrency=1, **common)),
            asyncio.create_task(app.run_worker_async(queues=[queue.CARE], **common)),
            asyncio.create_task(Listener(self.settings, self.engine).listen()),
        ]
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        told = asyncio.create_task(self.stopping.wait())
        await asyncio.wait([told, *tasks], return_when=asyncio.FIRST_COMPLETED)
        self.stop()
        await end([told, *tasks])

    def stop(self) -> None:
        """End in order; if that comes to nothing, the kernel ends this process and another worker does what it left."""
        if not self.stopping.is_set():
            signal.alarm(END_LIMIT_S)
            self.stopping.set()

    async def run(self, context: Any, job_id: str) -> None:
        """Run one job of the queue; context: procrastinate's."""
        number = uuid.UUID(job_id)
        try:
            with runs.holding(self.engine, number) as is_mine:
                if is_mine and runs.claim(self.engine, number):
                    await self.call_back()
                    await self.supervise(number)
                    await self.call_back()
        finally:
            # Afterwards, so that the job has the processors to itself.
            if not self.stopping.is_set():
                await self.crew.fill()

    async def supervise(self, job_id: uuid.UUID) -> None:
        """Have a claimed job run to its end, and write down an end that its process could not write down itself."""
        process: Process | None = None
        with store.scratch(store.get_job_folder(self.settings, job_id)) as folder:
            try:
                process = await self.crew.take()
                tell(process, f"{job_id} {folder}")
                await asyncio.wait_for(process.wait(), self.settings.job_limit_s)
            except TimeoutError:
                await kill(process)
                self.break_off(job_id, BusyError(TOO_LONG.format(limit_s=self.settings.job_limit_s)))
            except asyncio.CancelledError:
                await self.leave(process, job_id)
                raise
            else:
                # Changes nothing if the job told its end, as it does unless it was broken off.
                self.break_off(job_id, OurError(CRASHED.format(reason=explain(process.returncode))))

    async def call_back(self) -> None:
        """Tell those who asked for it how jobs stand; what cannot be told now is told by the minute."""
        if self.settings.callback_hosts:
            await asyncio.to_thread(callbacks.deliver, self.engine, self.settings.callback_hosts)

    def break_off(self, job_id: uuid.UUID, error: GisInfraError) -> None:
        """Say that a job ended with an error, unless it said itself how it ended."""
        runs.break_off(self.engine, job_id, error, self.settings.job_keep_h)

    async def leave(self, process: Process | None, job_id: uuid.UUID) -> None:
        """End a job because it was dismissed, or because the worker stops and another one shall run it."""
        try:
            if process is not None and not self.stopping.is_set():
                await asyncio.wait_for(process.wait(), PATIENCE_S)
        except TimeoutError:
            LOG.info("job %s was dismissed and does not end by itself", job_id)
        finally:
            # Nothing is waited for here: a second cancelling would come in between.
            if process is not None and process.returncode is None:
                process.kill()
            runs.put_back(self.engine, job_id)
        await kill(process)

    def care(self, timestamp: int) -> None:
        """Clean up, once a minute. timestamp: of procrastinate, the minute it is for."""
        upkeep.care(self.engine, self.settings)


class Crew:
    """Processes that are ready to run a job each, so that nobody waits while one loads what it needs."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ready: list[Process] = []

    async def fill(self) -> None:
        """Have as many ready as may run at once."""
        while len(self.ready) < self.settings.jobs_at_once:
            self.ready.append(await self.make())

    async def make(self) -> Process:
        """A new process, which waits to be told its job."""
        command = [sys.executable, "-c", START, str(os.getpid())]
        environment = limits.make_environment(self.settings)
        return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment, stdin=asyncio.subprocess.PIPE)

    async def take(self) -> Process:
        """A process that waits to be told its job; nobody else gets it."""
        self.ready = [each for each in self.ready if each.returncode is None]
        return self.ready.pop(0) if self.ready else await self.make()

    async def dismiss(self) -> None:
        """End those that wait."""
        for process in self.ready:
            await kill(process)


async def end(tasks: Collection[asyncio.Task[Any]]) -> None:
    """Cancel tasks until all have ended: a cancelling that comes just as a task goes on may be lost."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=AGAIN_S)


def tell(process: Process, job: str) -> None:
    """Tell a waiting process its job and where to put temporary files."""
    if process.stdin is not None:
        process.stdin.write(f"{job}\n".encode())
        process.stdin.close()


async def kill(process: Process | None) -> None:
    """End a process that is still at work; the database undoes what it began."""
    if process is None:
        return
    if process.returncode is None:
        process.kill()
    await process.wait()


def explain(code: int | None) -> str:
    """Why a process ended, in words."""
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"


def run_worker(settings: Settings, engine: Engine) -> None:
    """Work until SIGTERM or SIGINT. Raises StorageError when the database cannot be had."""
    asyncio.run(Worker(settings, engine).work())
