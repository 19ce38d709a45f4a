"""A handful of features for the tests of the WFS, in one public layer of each kind and in two that are not public.

They lie around E 603000, N 1191500 of EPSG:9210.
"""

from datetime import date

from lxml import etree
from sqlalchemy import Connection, delete

from gis_infra.catalogue.tables import LayerTables
from tests.builders import insert_many

LAYERS = ("fire_hydrant", "sewer_pipe", "building", "water_pipe", "substation")
SQUARE = "MULTIPOLYGON (((603000 1191500, 603010 1191500, 603010 1191510, 603000 1191510, 603000 1191500)))"

WFS = "{http://www.opengis.net/wfs/2.0}"
GML = "{http://www.opengis.net/gml/3.2}"
INFRA = "{urn:gis-infra:infra}"
OWS = "{http://www.opengis.net/ows/1.1}"


def fill(connection: Connection, tables: LayerTables) -> dict[str, list[int]]:
    """The ids of the features made, by layer. One hydrant is restricted, one has no geometry."""
    hydrants = [
        {"wkt": f"POINT ({603000 + 10 * n} 1191500)", "asset_code": f"H{n}", "nominal_diameter_mm": 100 + 50 * (n % 2)}
        for n in range(5)
    ]
    hydrants[0] |= {"name": "Trụ <một> & đầu", "remarks": "ok", "in_service": True, "tested_on": date(2025, 1, 2)}
    hydrants[1] |= {"in_service": False}
    hydrants.append({"wkt": None, "asset_code": "H5"})
    hydrants.append({"wkt": "POINT (603060 1191500)", "asset_code": "H6", "sensitivity": "restricted"})
    rows = {
        "fire_hydrant": hydrants,
        "sewer_pipe": [
            {"wkt": "LINESTRING Z (603000 1191500 -1.5, 603050 1191520 -2)", "asset_code": "S1"},
            {"wkt": "LINESTRING (603000 1191500, 603000 1191600)", "asset_code": "S2"},
        ],
        "building": [{"wkt": SQUARE, "asset_code": "B1"}],
        "water_pipe": [{"wkt": "LINESTRING (603000 1191500, 603001 1191501)", "asset_code": "W1"}],
        "substation": [{"wkt": "POINT (603000 1191500)", "asset_code": "T1"}],
    }
    return {layer: insert_many(connection, tables, layer, each) for layer, each in rows.items()}


def clear(connection: Connection, tables: LayerTables) -> None:
    """Take the features away again."""
    for layer in LAYERS:
        connection.execute(delete(tables.get(layer)))


def list_codes(body: bytes) -> list[str]:
    """The asset codes of the features in an answer, in order."""
    return [str(each.text) for each in etree.fromstring(body).iter(f"{INFRA}asset_code")]
