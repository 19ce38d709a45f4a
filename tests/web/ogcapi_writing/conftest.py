"""People who may change hydrants, or not, and what a test sends and sees."""

import json

import pytest

from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.web import writing_city
from tests.web.writing_city import EDITOR, GEOJSON, ITEMS, PATCH, PLACE, make_feature, read_rows


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application with people in it."""
    with writing(engine) as connection:
        writing_city.fill(connection, tables, catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        writing_city.clear(connection, tables)


@pytest.fixture
def client(app, engine, tables):
    """A caller; what a test wrote is gone after it."""
    yield app.test_client()
    with writing(engine) as connection:
        writing_city.empty(connection, tables)


@pytest.fixture
def send(client):
    """Send a request as an editor, unless said otherwise."""

    def send(method, path, body=None, *, kind=None, auth=EDITOR, **headers):
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = {"PATCH": PATCH}.get(method, GEOJSON) if kind is None and content is not None else kind
        return client.open(path, method=method, data=content, content_type=kind or None, auth=auth, headers=named)

    return send


@pytest.fixture
def create(send):
    """Create a hydrant, and give its address."""

    def create(place=PLACE, **properties):
        answer = send("POST", ITEMS, make_feature(place, **properties))
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"].removeprefix("http://localhost")

    return create


@pytest.fixture
def rows(engine, tables):
    """The hydrants as they are in the database, in the order of their ids."""
    return lambda: [row for _, row in sorted(read_rows(engine, tables).items())]
