"""A city of two wards in which services are run, inside the transaction of a test."""

import pytest

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.coverage.runs import computing, reading, running, storing
from gis_infra.analysis.coverage.runs.orders import CoverageOrder
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.analysis.coverage.standards.reading import read_services
from tests.builders import insert
from tests.database.coverage_runs.scene import NOW, shifted


@pytest.fixture(scope="module")
def book(settings, catalogue):
    return read_services(settings.layers, catalogue)


@pytest.fixture
def lay(connection, tables):
    return lambda layer, wkt, **values: insert(connection, tables, layer, wkt=wkt, **values)


@pytest.fixture
def wards(lay):
    """Two wards of 1 km, side by side, and the one they were before the reform."""
    common = {"level": "commune"}
    lay("admin_unit", shifted(0, 0, 1000, 1000), code="26701", name="Tây", valid_from="2025-07-01", **common)
    lay("admin_unit", shifted(1000, 0, 2000, 1000), code="26702", name="Đông", valid_from="2025-07-01", **common)
    lay("admin_unit", shifted(0, 0, 2000, 1000), code="26600", name="Cũ", valid_to="2025-06-30", **common)


@pytest.fixture
def order(tmp_path, catalogue):
    def make(service="post_office", **wanted):
        known = {"actor": SYSTEM, "service": service, "now": NOW, "cache": tmp_path, "catalogue": catalogue}
        return CoverageOrder(**{**known, **wanted})

    return make


@pytest.fixture
def run(connection, tables, book, order, catalogue):
    """Runs an order inside the test's transaction; returns the report."""

    def run_order(service="post_office", book=book, **wanted):
        asked = order(service, **wanted)
        run_id = keep(connection, tables, book, asked)
        return reading.read_report(connection, run_id, Reader(asked.actor, catalogue))

    return run_order


def keep(connection, tables, book, asked):
    plan, data = running.check_order(connection, tables, book, asked)
    outcome = computing.compute(connection, tables, book, asked, plan)
    return storing.store(connection, tables.srid, book, asked, (plan, data, outcome, running.hash_outcome(outcome)))
