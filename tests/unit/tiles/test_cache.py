"""The memory of tiles: what it gives out, and what it lets go."""

from gis_infra.features.state import LayerState
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.cache import ENTRY_OVERHEAD, CachedTile, TileCache, TileKey


def key(column):
    return TileKey("water_pipe", ("public",), TileAddress(14, 7700, column))


def test_a_tile_is_given_out_for_the_state_it_was_made_from_alone():
    cache = TileCache(10_000)
    cache.store(key(1), CachedTile("seven", b"old"))
    assert cache.find(key(1), "seven") == b"old"
    assert cache.find(key(1), "eight") is None


def test_actors_who_see_different_steps_do_not_share_a_tile():
    cache = TileCache(10_000)
    cache.store(key(1), CachedTile("t", b"public"))
    other = TileKey("water_pipe", ("public", "shared"), TileAddress(14, 7700, 1))
    assert cache.find(other, "t") is None


def test_the_tile_not_used_for_longest_goes_first():
    cache = TileCache(2 * (100 + ENTRY_OVERHEAD))
    cache.store(key(1), CachedTile("t", bytes(100)))
    cache.store(key(2), CachedTile("t", bytes(100)))
    cache.find(key(1), "t")
    cache.store(key(3), CachedTile("t", bytes(100)))
    assert [cache.find(key(column), "t") is not None for column in (1, 2, 3)] == [True, False, True]


def test_a_tile_larger_than_the_memory_is_not_kept():
    cache = TileCache(1000)
    cache.store(key(1), CachedTile("t", bytes(5000)))
    assert cache.find(key(1), "t") is None


def test_a_tile_stored_again_counts_once():
    cache = TileCache(2 * (100 + ENTRY_OVERHEAD))
    for tag in "abcdef":
        cache.store(key(1), CachedTile(tag, bytes(100)))
    cache.store(key(2), CachedTile("t", bytes(100)))
    assert cache.find(key(1), "f") is not None


def test_a_tile_is_known_to_be_right_for_the_state_it_was_last_compared_at():
    cache, one, two = TileCache(10_000), LayerState(1, None), LayerState(2, None)
    cache.store(key(1), CachedTile("t", b"body"), one)
    assert cache.find_at(key(1), one) == CachedTile("t", b"body")
    assert cache.find_at(key(1), two) is None and cache.find_at(key(2), one) is None
    assert cache.find(key(1), "t", two) == b"body"
    assert cache.find_at(key(1), one) is None and cache.find_at(key(1), two) is not None
    assert cache.find(key(1), "u", one) is None and cache.find_at(key(1), two) is not None
    cache.store(key(1), CachedTile("u", b"newer"))
    assert cache.find_at(key(1), two) is None
