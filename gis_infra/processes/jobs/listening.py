"""Hears of changes in the layers as they are committed, and has them looked at a moment later."""

import asyncio
import logging

import psycopg
from sqlalchemy import Engine

from gis_infra.errors import GisInfraError
from gis_infra.processes.jobs import watching
from gis_infra.settings import Settings

LOG = logging.getLogger(__name__)
# An editor saves ten features with ten requests; they are looked at together.
PAUSE_S = 1.0
RETRY_S = 5.0


class Listener:
    """Listens on a connection of its own for as long as its worker works."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self.engine = engine

    async def listen(self) -> None:
        """Listen until cancelled; a connection that is lost is made anew."""
        while True:
            try:
                await self.attend()
            except (psycopg.Error, GisInfraError) as error:
                LOG.warning("changes are not heard of for a moment: %s", type(error).__name__)
                await asyncio.sleep(RETRY_S)

    async def attend(self) -> None:
        """Have changes looked at, those first that came while nobody listened. Raises psycopg.Error, GisInfraError."""
        address = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with await psycopg.AsyncConnection.connect(
            address, autocommit=True, application_name="gis-infra listener"
        ) as connection:
            await connection.execute(f"LISTEN {watching.CHANNEL}")
            while True:
                await asyncio.to_thread(watching.ask, self.engine, self.settings)
                async for _ in connection.notifies(stop_after=1):
                    await asyncio.sleep(PAUSE_S)
                async for _ in connection.notifies(timeout=0):
                    """What was told during the pause is looked at with it."""
