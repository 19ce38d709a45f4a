"""What is asked for when a tile is."""

from dataclasses import dataclass

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.filters.tree import Condition
from gis_infra.tiles.addresses import TileAddress


@dataclass(frozen=True)
class TileQuery:
    """Which tile of which layer, for whom, and which of its features.

    condition: what must hold of them; None is all. words: the same as the caller wrote it, by which such tiles are told
        apart where they are kept.
    """

    layer: Layer
    actor: Actor
    address: TileAddress
    condition: Condition | None = None
    words: tuple[str, ...] = ()
