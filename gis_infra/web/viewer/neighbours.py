"""The shapes around what is being drawn, exact enough to be met: a tile's are rounded to the tile.

Everything is read through `features.reading`, so nothing shows here that the actor could not page through.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidBbox, InvalidParameter
from gis_infra.features import reading
from gis_infra.features.query import Feature, FeatureQuery
from gis_infra.spatial import boxes
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import WGS84

# A tenth of a millimetre: a line drawn to a valve ends at the valve.
DECIMALS = 9
MOST_LAYERS = 40
# Of one layer; who draws among more has to come nearer.
MOST_PER_LAYER = 500
# Some kilometres; a larger box is not what anybody draws in.
MOST_DEGREES = 0.05


def parse_box(arguments: Mapping[str, str]) -> Bbox:
    """Read `bbox`, longitude first. Raises InvalidParameter, InvalidBbox."""
    if "bbox" not in arguments:
        raise InvalidParameter("bbox is missing; give west,south,east,north", where="bbox")
    box = boxes.parse(arguments["bbox"], WGS84)
    if not (0 <= box.xmax - box.xmin <= MOST_DEGREES and box.ymax - box.ymin <= MOST_DEGREES):
        raise InvalidBbox(f"bbox must be no wider and no higher than {MOST_DEGREES} degrees", where="bbox")
    return box


def require_few(layers: Sequence[Layer]) -> None:
    """Return if these are not too many layers to look through. Raises InvalidParameter."""
    if len(layers) > MOST_LAYERS:
        raise InvalidParameter(f"layers may name at most {MOST_LAYERS}, got {len(layers)}", where="layers")


def read_neighbours(
    connection: Connection, tables: LayerTables, layers: Sequence[Layer], actor: Actor, box: Bbox
) -> dict[str, Any]:
    """The shapes in a box as JSON values; `more` says that some were left off."""
    pages = [read_shapes(connection, tables, layer, actor, box) for layer in layers]
    found = [each for page, _ in pages for each in page]
    return {"features": found, "more": any(more for _, more in pages)}


def read_shapes(
    connection: Connection, tables: LayerTables, layer: Layer, actor: Actor, box: Bbox
) -> tuple[list[dict[str, Any]], bool]:
    """The shapes of one layer in a box, and whether there are more of them."""
    query = FeatureQuery(
        layer,
        actor,
        bbox=box,
        limit=MOST_PER_LAYER,
        properties=(),
        want_count=False,
        geometry_form="geojson",
        decimals=DECIMALS,
    )
    page = reading.read_page(connection, tables, query)
    return list(to_shapes(layer, page.features)), page.has_more


def to_shapes(layer: Layer, features: Sequence[Feature]) -> Iterator[dict[str, Any]]:
    """Features as the drawing takes them; one without a shape is left out."""
    for feature in features:
        if feature.geojson is not None:
            yield {"layer": layer.id, "id": feature.id, "geometry": json.loads(feature.geojson)}
