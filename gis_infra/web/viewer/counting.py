"""How much of each layer lies in the map's window: exact up to a bound, and quickly or not at all."""

from collections.abc import Sequence

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidBbox
from gis_infra.features.counting import count_up_to
from gis_infra.features.query import FeatureQuery
from gis_infra.features.state import Tally, get_tallies
from gis_infra.spatial import boxes, crs
from gis_infra.spatial.boxes import Bbox

# Nobody reads a larger number as more than "many", and so many are counted in the time of a glance.
MOST_COUNTED = 10_000


def parse_window(text: str | None) -> Bbox:
    """The box of the map's window, longitude/latitude. Raises InvalidBbox."""
    if text is None:
        raise InvalidBbox("bbox is missing; give west,south,east,north in degrees", where="bbox")
    return boxes.parse(text, crs.WGS84)


def count_layers(
    connection: Connection, tables: LayerTables, layers: Sequence[Layer], actor: Actor, window: Bbox
) -> dict[str, int | None]:
    """Layer id -> how many features of it reach into the window; None where they are more than MOST_COUNTED.

    Only what `actor` may see is counted. A layer that lies outside the window, or is empty, costs nothing.
    Raises UnknownLayer; BusyError at the time limit of the connection.
    """
    tallies = get_tallies(connection, layers, actor)
    return {
        layer.id: count_up_to(connection, tables, FeatureQuery(layer, actor, bbox=window, count_bound=MOST_COUNTED))
        if reaches_into(tallies[layer.id], window)
        else 0
        for layer in layers
    }


def reaches_into(tally: Tally, window: Bbox) -> bool:
    """Whether something of a layer may lie in the window."""
    extent = tally.extent
    if extent is None:
        return False
    if extent.ymax < window.ymin or extent.ymin > window.ymax:
        return False
    # Such a window is told by its columns: what lies beyond 180 degrees is for the count itself to find.
    return window.crosses_antimeridian or (extent.xmax >= window.xmin and extent.xmin <= window.xmax)
