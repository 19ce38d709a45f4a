"""What the pages of the board are made on, for whoever asks."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from flask import current_app

from gis_infra.features.figures.reading import FigureMemory
from gis_infra.reports.board.gathering import BoardDesk
from gis_infra.storage.transactions import reading
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.books import get_books
from gis_infra.web.context import get_services

MEMORY = "gis_infra_figures"


@contextmanager
def open_desk() -> Iterator[BoardDesk]:
    """The city at this moment as the asker may see it, within the time of a request."""
    services = get_services()
    memory = cast(FigureMemory, current_app.extensions[MEMORY])
    with reading(services.engine, services.settings.read_limit_s) as connection:
        yield BoardDesk(
            city=services.settings.city_name,
            connection=connection,
            catalogue=services.catalogue,
            tables=services.tables,
            book=get_books().services,
            actor=get_actor(),
            now=datetime.datetime.now(datetime.UTC),
            memory=memory,
        )
