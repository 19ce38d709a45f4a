"""People who may send transactions, or not, and what a test sends and sees."""

import pytest

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web import transaction_city as city
from tests.web.transaction_city import EDITOR, hydrant, insert, read_fids, transaction


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


@pytest.fixture
def codes(rows):
    """The asset codes of the hydrants in the order of their ids."""
    return lambda: [row["asset_code"] for row in rows()]


@pytest.fixture
def put(send):
    """Insert hydrants of these asset codes, and give their ids."""
    return lambda *given: read_fids(send(transaction(insert(*(hydrant(asset_code=each) for each in given)))))
