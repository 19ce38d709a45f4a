"""People who may edit, or not, and features to send."""

from sqlalchemy import delete, select

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.catalogue.history import build

PASSWORD = "một mật khẩu dài"
# Edits the water sector; administers it; only views it; is signed in and no more.
EDITOR, CHIEF, VIEWER, LAN = ((name, PASSWORD) for name in ("editor", "chief", "viewer", "lan"))
LAYERS = ("fire_hydrant", "water_valve", "water_plant")
ITEMS = "/ogc/collections/fire_hydrant/items"
GEOJSON = "application/geo+json"
PATCH = "application/merge-patch+json"
EPSG = "http://www.opengis.net/def/crs/EPSG/0"
PLACE = [106.6937, 10.7684]


def fill(connection, tables, catalogue):
    """Put in the people."""
    clear(connection, tables)
    for name, _ in (EDITOR, CHIEF, VIEWER, LAN):
        people.add_person(connection, name, name, password=PASSWORD)
    for name, role in (("editor", "editor"), ("chief", "admin"), ("viewer", "viewer")):
        people.grant_to_person(connection, name, role, "sector:water", catalogue)


def empty(connection, tables):
    """Take away the features, and their history."""
    for layer_id in LAYERS:
        connection.execute(delete(tables.get(layer_id)))
        connection.execute(delete(build(tables.get(layer_id))))


def clear(connection, tables):
    """Take away everything."""
    empty(connection, tables)
    connection.execute(delete(PERSON))


def make_feature(place=PLACE, **properties):
    """A GeoJSON feature, a point."""
    geometry = None if place is None else {"type": "Point", "coordinates": list(place)}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def make_collection(*features):
    """Several of them."""
    return {"type": "FeatureCollection", "features": list(features)}


def read_rows(engine, tables, layer_id="fire_hydrant"):
    """The rows of a layer by id."""
    with engine.connect() as connection:
        rows = connection.execute(select(tables.get(layer_id))).mappings()
        return {row["id"]: row for row in rows}
