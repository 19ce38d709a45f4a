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
from typing import Any

from sqlalchemy import Engine

from gis_infra.errors import BusyError, GisInfraError, OurError
from gis_infra.processes import care, queue, runs
from gis_infra.settings import ROOT, Settings

LOG = logging.getLogger(__name__)
PATIENCE_S = 5.0  # for a dismissed job to end by itself, between two batches
CRASHED = "the process that ran it broke off ({reason}); nothing was changed"
TOO_LONG = "it took longer than the {limit_s:,} s a job may take here (GIS_INFRA_JOB_LIMIT_S), and was given up"


class Worker:
    """Runs jobs one after the other, or as many at once as the settings say."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self.engine = engine
        self.is_stopping = False

    async def work(self) -> None:
        """Work until SIGTERM or SIGINT; jobs under way are then left, undone, for the next worker."""
        app = queue.make_app(self.engine.url, self.run, self.care)
        runs.recover_lost(self.engine, self.settings.job_keep_h)
        async with app.open_async():
            common: dict[str, Any] = {"install_signal_handlers": False, "delete_jobs": "always"}
            common["shutdown_graceful_timeout"] = 0
            tasks = [
                asyncio.create_task(
                    app.run_worker_async(queues=[queue.JOBS], concurrency=self.settings.jobs_at_once, **common)
                ),
                asyncio.create_task(app.run_worker_async(queues=[queue.CARE], **common)),
            ]
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self.stop, tasks)
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self.stop(tasks)
            await asyncio.wait(tasks)

    def stop(self, tasks: list[asyncio.Task[None]]) -> None:
        """End in order."""
        self.is_stopping = True
        for task in tasks:
            task.cancel()

    async def run(self, context: Any, job_id: str) -> None:
        """Run one job of the queue; context: procrastinate's."""
        number = uuid.UUID(job_id)
        with runs.holding(self.engine, number) as is_mine:
            if is_mine and runs.claim(self.engine, number):
                await self.supervise(number)

    async def supervise(self, job_id: uuid.UUID) -> None:
        """Have a claimed job run, wait for its end, and write down an end that it could not write down itself."""
        command = [sys.executable, "-m", "gis_infra.processes.child", str(os.getpid()), str(job_id)]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=asyncio.subprocess.DEVNULL)
        try:
            await asyncio.wait_for(process.wait(), self.settings.job_limit_s)
        except TimeoutError:
            await kill(process)
            self.fail(job_id, BusyError(TOO_LONG.format(limit_s=self.settings.job_limit_s)))
        except asyncio.CancelledError:
            await self.leave(process, job_id)
            raise
        else:
            # Changes nothing if the job told its end, as it does unless it was broken off.
            self.fail(job_id, OurError(CRASHED.format(reason=explain(process.returncode))))

    def fail(self, job_id: uuid.UUID, error: GisInfraError) -> None:
        """Say that a job ended with an error, unless it said itself how it ended."""
        runs.fail(self.engine, job_id, error, self.settings.job_keep_h)

    async def leave(self, process: Process, job_id: uuid.UUID) -> None:
        """End a job because it was dismissed, or because the worker stops and another one shall run it."""
        if not self.is_stopping:
            try:
                await asyncio.wait_for(process.wait(), PATIENCE_S)
            except TimeoutError:
                LOG.info("job %s was dismissed and does not end by itself", job_id)
        await kill(process)
        runs.put_back(self.engine, job_id)

    def care(self, timestamp: int) -> None:
        """Clean up, once a minute. timestamp: of procrastinate, the minute it is for."""
        care.care(self.engine, self.settings)


async def kill(process: Process) -> None:
    """End a process that is still at work; the database undoes what it began."""
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
