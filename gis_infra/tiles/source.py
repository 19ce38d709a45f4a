"""Where tiles come from."""

from dataclasses import dataclass

from sqlalchemy import Engine

from gis_infra.catalogue.tables import LayerTables
from gis_infra.tiles.shelf import Shelf


@dataclass(frozen=True)
class TileSource:
    """The database, and where tiles are kept. limit_s: seconds a tile may take."""

    engine: Engine
    tables: LayerTables
    shelf: Shelf
    limit_s: float
