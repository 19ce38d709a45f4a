"""How the worker ends what it began."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from gis_infra.processes.jobs import worker


def run_apart(make):
    """Run a coroutine in a thread of its own: that of the tests may have a loop already, a browser's."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(make())).result()


async def run_deaf(cancellings, times):
    """A task that loses so many of its cancellings, as asyncio sometimes does."""
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancellings.append(1)
            if len(cancellings) > times:
                raise


@pytest.mark.parametrize("lost", [0, 1, 3])
def test_a_task_that_loses_its_cancelling_is_cancelled_again(monkeypatch, lost):
    monkeypatch.setattr(worker, "AGAIN_S", 0.01)

    async def run():
        cancellings = []
        tasks = [asyncio.create_task(run_deaf(cancellings, lost)), asyncio.create_task(asyncio.sleep(60))]
        await asyncio.sleep(0)
        await asyncio.wait_for(worker.end(tasks), 10)
        assert all(task.cancelled() for task in tasks) and len(cancellings) == lost + 1

    run_apart(run)


def test_no_task_is_ended_at_once():
    run_apart(lambda: asyncio.wait_for(worker.end([]), 1))
