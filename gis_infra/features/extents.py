"""Where the features of a layer lie, as far as an actor may know."""

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.state import get_tally
from gis_infra.spatial.boxes import Bbox


def get_extent(connection: Connection, tables: LayerTables, layer: Layer, actor: Actor) -> Bbox | None:
    """The box, longitude/latitude, of all the actor may see of the layer; None if that is nothing.

    Kept, not computed: the answer takes the same time for one feature and for millions.
    Raises UnknownLayer.
    """
    return get_tally(connection, layer, actor).extent
