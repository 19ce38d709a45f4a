"""The sheets that are kept in memory, each with the version of its square at which it was read.

A sheet is given out for that very version only, so nothing here can be stale, and nothing needs to be told of edits.
"""

import threading
from collections import OrderedDict
from typing import NamedTuple

from gis_infra.features.state import LayerState
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.areas import Areas
from gis_infra.tiles.sheets.sheet import Sheet

# Of so many squares it is known when what is in them was changed last; each takes some kilobytes at most.
MOST_KNOWN = 500
FULL = 3 / 4


class SheetKey(NamedTuple):
    """Which sheet of which layer."""

    layer_id: str
    address: TileAddress


class Stock:
    """The most recently used sheets, up to a number of bytes, and when parts of them were changed.

    Safe to use from several threads.
    """

    def __init__(self, capacity_bytes: int) -> None:
        self._capacity = capacity_bytes
        self._size = 0
        self._sheets: OrderedDict[SheetKey, Sheet] = OrderedDict()
        self._areas: OrderedDict[SheetKey, tuple[LayerState, Areas]] = OrderedDict()
        self._missed: OrderedDict[SheetKey, tuple[LayerState, float]] = OrderedDict()
        self._lock = threading.Lock()

    def find_areas(self, key: SheetKey, state: LayerState) -> Areas | None:
        """When the squares in a sheet were changed, if it is known for this state of the layer."""
        with self._lock:
            known, areas = self._areas.get(key, (None, None))
            if known != state:
                return None
            self._areas.move_to_end(key)
            return areas

    def store_areas(self, key: SheetKey, state: LayerState, areas: Areas) -> None:
        """Keep when the squares were changed. state: of the layer, read before."""
        with self._lock:
            self._areas[key] = (state, areas)
            self._areas.move_to_end(key)
            while len(self._areas) > MOST_KNOWN:
                self._areas.popitem(last=False)

    def find(self, key: SheetKey, version: LayerState) -> Sheet | None:
        """The sheet if it was read at this version of its square."""
        with self._lock:
            sheet = self._sheets.get(key)
            if sheet is None or sheet.version != version:
                return None
            self._sheets.move_to_end(key)
            return sheet

    def add_missed(self, key: SheetKey, version: LayerState, share: float) -> float:
        """What tiles took before that were made without this sheet at this version; now another one takes `share`.

        All in parts of what it takes to read the sheet.
        """
        with self._lock:
            missed_at, before = self._missed.pop(key, (version, 0.0))
            if missed_at != version:
                before = 0.0
            self._missed[key] = (version, before + share)
            while len(self._missed) > MOST_KNOWN:
                self._missed.popitem(last=False)
            return before

    def has_room(self) -> bool:
        """Whether more can be kept that nobody has asked for yet, without letting go of anything soon."""
        return self._size < self._capacity * FULL

    def store(self, key: SheetKey, sheet: Sheet) -> None:
        """Keep the sheet, and let go of those not used for longest where there is no room."""
        with self._lock:
            self._remove(key)
            self._sheets[key] = sheet
            self._size += sheet.size_bytes
            while self._size > self._capacity and self._sheets:
                self._remove(next(iter(self._sheets)))

    def _remove(self, key: SheetKey) -> None:
        sheet = self._sheets.pop(key, None)
        if sheet is not None:
            self._size -= sheet.size_bytes
