"""WFS: features inserted, updated, replaced and deleted in all three versions, by those who may."""

import pytest
from sqlalchemy import select

from gis_infra.catalogue.history import build
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web import transaction_city as city
from tests.web.transaction_city import (
    EDITOR, LATITUDE, LONGITUDE, SHORT, URN, by_id, hydrant, insert, point, read_fids, read_totals, remove, replace,
    transaction, update, where,
)  # fmt: skip

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application with people in it."""
    with writing(engine) as connection:
        city.fill(connection, tables, catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        city.clear(connection, tables)


@pytest.fixture
def client(app, engine, tables):
    """A caller; what a test wrote is gone after it."""
    yield app.test_client()
    with writing(engine) as connection:
        city.empty(connection, tables)


@pytest.fixture
def send(client):
    """Post a document as an editor, unless said otherwise, and look at the status."""

    def send(document, status=200, auth=EDITOR):
        answer = client.post("/wfs?SERVICE=WFS", data=document.encode(), content_type="text/xml", auth=auth)
        assert answer.status_code == status, answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        return answer

    return send


@pytest.fixture
def rows(engine, tables):
    """The rows of a layer in the order of their ids."""
    return lambda layer_id="fire_hydrant": city.read_rows(engine, tables, layer_id)


@pytest.mark.parametrize("version", VERSIONS)
def test_features_inserted_are_there_and_their_ids_are_told(send, rows, version):
    answer = send(transaction(insert(hydrant(asset_code="A"), hydrant(asset_code="B")), version))
    found = rows()
    assert [row["asset_code"] for row in found] == ["A", "B"]
    assert read_fids(answer) == [f"fire_hydrant.{row['id']}" for row in found]
