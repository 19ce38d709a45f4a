"""A literal is in the system and the order of axes that `filter-crs` says, and means the same place in all of them."""

import json

import pytest

from gis_infra.spatial.crs import get_transformer
from tests.conformance.cql2 import city
from tests.conformance.cql2.door import PLANE, list_ids
from tests.conformance.cql2.evaluation import select

EPSG = "http://www.opengis.net/def/crs/EPSG/0"
# Half a metre beside the grid, so that no feature lies where the systems could differ by a rounding.
BOX = (city.LEFT - 0.5, city.BOTTOM - 0.5, city.LEFT + 3.5, city.BOTTOM + 3.5)


@pytest.mark.parametrize("layer", city.LAYERS)
@pytest.mark.parametrize(
    ("system", "srid", "by_latitude"),
    [
        (PLANE, 9210, False),
        (None, 4326, False),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, False),
        (f"{EPSG}/4326", 4326, True),
        (f"{EPSG}/3857", 3857, False),
    ],
)
def test_a_box_means_the_same_place_in_every_system(door, layer, system, srid, by_latitude):
    # By the one datum operation that is pinned (design §5): any other lies most of a metre away.
    turn = get_transformer(9210, srid)
    xmin, ymin, xmax, ymax = (*turn.transform(*BOX[:2]), *turn.transform(*BOX[2:]))
    box = [ymin, xmin, ymax, xmax] if by_latitude else [xmin, ymin, xmax, ymax]
    geometry = {"property": "geometry"}
    expected, _ = select({"op": "s_within", "args": [geometry, {"bbox": list(BOX)}]}, door.features[layer], city.COMMON)
    asked = {"op": "s_within", "args": [geometry, {"bbox": box}]}
    assert expected and list_ids(door.ask(layer, json.dumps(asked), "cql2-json", system)) == expected
    text = f"S_WITHIN(geometry,BBOX({','.join(map(repr, box))}))"
    assert list_ids(door.ask(layer, text, "cql2-text", system)) == expected


def test_a_system_that_is_not_offered_is_refused_by_name(door):
    answer = door.ask("building", "TRUE", "cql2-text", f"{EPSG}/9999999")
    assert answer.status_code == 400 and "filter-crs" in answer.text
