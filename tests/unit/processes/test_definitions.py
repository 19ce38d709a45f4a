"""What every process goes by."""

import time
from datetime import UTC, datetime

from gis_infra.processes.definitions import read_clock
from gis_infra.reports.clocks import CITY_TIME


def test_days_begin_by_the_clocks_of_the_city_wherever_the_server_stands(monkeypatch):
    try:
        for machine in ("UTC", "America/Los_Angeles", "Asia/Tokyo"):
            monkeypatch.setenv("TZ", machine)
            time.tzset()
            told = read_clock()
            assert told.utcoffset() == CITY_TIME.utcoffset(None), machine
            assert abs((datetime.now(UTC) - told).total_seconds()) < 60
    finally:
        monkeypatch.undo()
        time.tzset()
