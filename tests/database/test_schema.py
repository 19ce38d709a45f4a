"""The schema: the pinned coordinate systems are in force, and what the migrations make is what the code declares."""

from multiprocessing import get_context

import pytest
from sqlalchemy import URL, Connection, Engine, func, select, text

from gis_infra.errors import StorageError
from gis_infra.settings import Settings
from gis_infra.spatial import crs
from gis_infra.storage import schema
from gis_infra.storage.engine import make_engine


def test_an_upgraded_database_is_at_the_wanted_revision(engine: Engine):
    assert schema.get_state(engine).is_current


def test_vn2000_goes_to_wgs84_by_the_pinned_operation_in_the_city_centre(connection: Connection):
    # The pair is that of the reference: EPSG:6960 by PROJ's own pipeline.
    place = func.ST_Transform(func.ST_SetSRID(func.ST_MakePoint(603000, 1191000), 9210), 4326)
    longitude, latitude = connection.execute(select(func.ST_X(place), func.ST_Y(place))).one()
    assert (round(longitude, 8), round(latitude, 8)) == (106.69358409, 10.76840366)
