"""Changes of features: all of a list or none, checked as an import is, with who may and what two writers do."""

from datetime import UTC, date, datetime

import pytest
import shapely
from sqlalchemy import func, select

from gis_infra.accounts.actor import ANONYMOUS, Actor
from gis_infra.catalogue.history import build
from gis_infra.errors import (
    ConflictError,
    InvalidFeature,
    NotPermitted,
    SignInNeeded,
    StaleVersion,
    UnknownFeature,
    UnknownLayer,
    UnknownProperty,
)
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import Delete, Expected, Insert, Origin, Replace, Shape, Update
from gis_infra.features.history import to_version
from tests.builders import make_actor

CITY = Origin(9210)
EDITOR = make_actor(("*", "editor"), username="hoa")
LINE = "LINESTRING (603000 1191000, 603010 1191005)"


@pytest.fixture
def layer(catalogue):
    """The layer of water pipes."""
    return catalogue.get_layer("water_pipe")


@pytest.fixture
def run(connection, tables):
    """Apply changes as an editor."""

    def run(*changes, actor=EDITOR):
        return apply(connection, tables, changes, actor, "api")

    return run


@pytest.fixture
def read(connection, tables):
    """The water pipes, by id."""
    pipes = tables.get("water_pipe")

    def read():
        rows = connection.execute(select(pipes, func.st_astext(pipes.c.geom).label("wkt"))).mappings()
        return {row["id"]: row for row in rows}

    return read


def shape(wkt=LINE, origin=CITY):
    return Shape(shapely.to_wkb(shapely.from_wkt(wkt)), origin)


def test_a_feature_is_inserted_changed_replaced_and_deleted(run, read, layer):
    (new,) = run(Insert(layer, {"name": "Ống", "nominal_diameter_mm": 150, "installed_on": date(2020, 1, 2)}, shape()))
    row = read()[new.id]
    assert (row["name"], row["nominal_diameter_mm"], row["installed_on"]) == ("Ống", 150, date(2020, 1, 2))
    assert row["wkt"] == "LINESTRING(603000 1191000,603010 1191005)" and row["updated_at"] == new.updated_at
    (changed,) = run(Update(layer, new.id, {"name": None, "remarks": "đo lại"}))
    row = read()[new.id]
    assert (row["name"], row["remarks"], row["nominal_diameter_mm"]) == (None, "đo lại", 150)
    assert row["updated_at"] == changed.updated_at > new.updated_at
    run(Replace(layer, new.id, {"name": "mới"}, shape("LINESTRING (603000 1191000, 603020 1191005)")))
    row = read()[new.id]
    assert (row["name"], row["remarks"], row["nominal_diameter_mm"]) == ("mới", None, None)
    assert row["wkt"] == "LINESTRING(603000 1191000,603020 1191005)"
    assert run(Delete(layer, new.id))[0].updated_at is None
    assert new.id not in read()
