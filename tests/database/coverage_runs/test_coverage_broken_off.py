"""Runs as they are stored: whole or not at all, several at once, made again to the digit."""

import dataclasses
import os
import signal
import subprocess
import sys
import threading

import pytest
from shapely import Point
from sqlalchemy import delete, func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.coverage.runs import repeating, running
from gis_infra.analysis.coverage.runs.orders import Drawn, SitesOrder, WhatIf
from gis_infra.analysis.coverage.runs.tables import COVERAGE_PLACE, COVERAGE_RUN
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.errors import BusyError
from gis_infra.settings import to_environment
from tests.builders import insert
from tests.database.coverage_runs.scene import EAST, NORTH, house, point, shifted

LAYERS = ("admin_unit", "building", "post_office")
# Stops itself by force when it has stored half of what it found.
KILLED = """
import datetime, os, signal
from pathlib import Path
from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.coverage.runs import running, storing
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import read_settings
from gis_infra.storage.engine import open_engine

settings = read_settings()
catalogue = read_catalogue(settings.layers)
storing.forget_places = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
order = CoverageOrder(SYSTEM, "post_office", datetime.datetime.now(datetime.UTC), Path(settings.home), catalogue)
book = read_services(settings.layers, catalogue)
running.run_coverage(open_engine(settings), build_tables(catalogue, settings.city_srid), book, order)
"""


@pytest.fixture
def city(engine, tables):
    """Two houses, a post office and a ward that other sessions see; taken away with their runs."""
    with engine.begin() as connection:

        def lay(layer, wkt, **values):
            return insert(connection, tables, layer, wkt=wkt, **values)

        lay("admin_unit", shifted(0, 0, 2000, 1000), code="26701", level="commune")
        lay("post_office", point(0, 500))
        house(lay, 500, 500, 5)
        house(lay, 1500, 500, 7)
    yield
    with engine.begin() as connection:
        connection.execute(delete(COVERAGE_RUN))
        for layer in LAYERS:
            connection.execute(delete(tables.get(layer)))


def count(engine, table):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_run_that_is_killed_while_it_stores_leaves_nothing(engine, settings, city):
    environment = {**os.environ, **to_environment(settings)}
    ended = subprocess.run([sys.executable, "-c", KILLED], env=environment, timeout=60, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert count(engine, COVERAGE_RUN) == count(engine, COVERAGE_PLACE) == 0


@pytest.mark.parametrize("step", [1, 3, 6, 7])
def test_a_run_that_is_cancelled_at_any_step_leaves_nothing(engine, tables, book, order, city, step):
    def tell(done, total):
        if done == step:
            raise BusyError("enough")

    with pytest.raises(BusyError, match="enough"):
        running.run_coverage(engine, tables, book, order(tell=tell))
    assert count(engine, COVERAGE_RUN) == 0


def test_two_runs_at_once_are_both_kept(engine, tables, book, order, city):
    both = threading.Barrier(2)
    found = []

    def run_one():
        asked = dataclasses.replace(order(), tell=lambda done, total: both.wait(30) if done == 2 else None)
        found.append(running.run_coverage(engine, tables, book, asked))

    threads = [threading.Thread(target=run_one) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with engine.connect() as connection:
        digests = set(connection.execute(select(COVERAGE_RUN.c.digest)).scalars())
    assert len(set(found)) == 2 and len(digests) == 1 and count(engine, COVERAGE_PLACE) == 4


WANTED = [
    {},
    {"distance_m": 400.0, "demand": "buildings", "level": "commune"},
    {"what_if": WhatIf(drawn=(Drawn(Point(EAST + 1234.56789, NORTH + 321.987), 300.0),), planned=True)},
    {"sites": SitesOrder(n=1, source="grid", spacing_m=250.0), "distance_m": 300.0},
]


@pytest.mark.parametrize("wanted", WANTED)
def test_a_run_made_again_gives_the_same_digits(engine, tables, book, order, city, tmp_path, catalogue, wanted):
    run_id = running.run_coverage(engine, tables, book, order(**wanted))
    given = (run_id, Reader(SYSTEM, catalogue), tmp_path)
    same = repeating.repeat_run(engine, tables, book, given)
    assert (same.is_same, same.data_changed, same.standard_changed, same.differences) == (True, (), False, ())


def test_a_run_made_again_on_other_data_says_what_is_other(engine, tables, book, order, city, tmp_path, catalogue):
    run_id = running.run_coverage(engine, tables, book, order())
    with engine.begin() as connection:
        house(lambda layer, wkt, **values: insert(connection, tables, layer, wkt=wkt, **values), 600, 500, 4)
    post = dataclasses.replace(book.services["post_office"], distance_m=1.0)
    other = dataclasses.replace(book, services={**book.services, "post_office": post})
    found = repeating.repeat_run(engine, tables, other, (run_id, Reader(SYSTEM, catalogue), tmp_path))
    assert (found.is_same, found.data_changed, found.standard_changed) == (False, ("building",), True)
    assert "city: people_served: 5.0 is now 9.0" in found.differences
