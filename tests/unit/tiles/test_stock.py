"""Sheets in memory: for one version only, and no more of them than there is room for."""

from datetime import UTC, datetime

from gis_infra.features.state import LayerState
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.sheets.sheet import make_empty
from gis_infra.tiles.sheets.stock import MOST_KNOWN, SheetKey, Stock

OLD, NEW = (LayerState(number, datetime(2026, 1, number, tzinfo=UTC)) for number in (1, 2))
ADDRESS = TileAddress(14, 7700, 13050)


def key(column):
    return SheetKey("water_pipe", TileAddress(14, 7700, column))


def sheet(version=OLD):
    return make_empty(ADDRESS, version, ("a", "b"))


def test_a_sheet_is_given_out_for_its_version_only():
    stock = Stock(10_000)
    stock.store(key(1), sheet())
    assert stock.find(key(1), OLD) is not None
    assert stock.find(key(1), NEW) is None and stock.find(key(2), OLD) is None


def test_the_least_recently_used_goes_first():
    stock = Stock(2 * sheet().size_bytes)
    stock.store(key(1), sheet())
    stock.store(key(2), sheet())
    stock.find(key(1), OLD)
    stock.store(key(3), sheet())
    assert [stock.find(key(number), OLD) is not None for number in (1, 2, 3)] == [True, False, True]


def test_a_later_sheet_takes_the_room_of_the_earlier():
    stock = Stock(2 * sheet().size_bytes)
    for _ in range(5):
        stock.store(key(1), sheet(NEW))
    stock.store(key(2), sheet())
    assert stock.find(key(1), NEW) is not None and stock.find(key(2), OLD) is not None


def test_there_is_room_until_three_quarters_are_taken():
    stock = Stock(2 * sheet().size_bytes)
    assert stock.has_room()
    stock.store(key(1), sheet())
    assert stock.has_room()
    stock.store(key(2), sheet())
    assert not stock.has_room() and not Stock(0).has_room()


def test_what_was_changed_is_known_for_one_state_of_the_layer_only():
    stock = Stock(0)
    stock.store_areas(key(1), OLD, {1: OLD})
    assert stock.find_areas(key(1), OLD) == {1: OLD}
    assert stock.find_areas(key(1), NEW) is None and stock.find_areas(key(2), OLD) is None
    for number in range(MOST_KNOWN):
        stock.store_areas(key(number + 2), OLD, {})
    assert stock.find_areas(key(1), OLD) is None


def test_what_was_done_without_a_sheet_adds_up_at_one_version():
    stock = Stock(0)
    assert [stock.add_missed(key(1), version, 0.5) for version in (OLD, OLD, OLD, NEW, NEW)] == [0, 0.5, 1, 0, 0.5]
    assert stock.add_missed(key(2), NEW, 1) == 0
