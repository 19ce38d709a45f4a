"""Answers of the WFS are sent as they are made, a few at a time; short ones keep nothing open."""

import re
from urllib.parse import quote

import pytest

from gis_infra.storage.transactions import writing
from gis_infra.web import sending
from gis_infra.web.app import create_app
from gis_infra.web.places import AT_ONCE
from tests.web import wfs_city

FEATURES = "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=fire_hydrant"


@pytest.fixture(scope="module")
def app(settings, engine, tables):
    """The application over a handful of features."""
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)
        wfs_city.fill(connection, tables)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        wfs_city.clear(connection, tables)


@pytest.fixture
def client(app):
    """A stranger."""
    return app.test_client()


def test_a_short_answer_keeps_no_connection_while_it_is_sent(client, engine):
    left = [client.get(FEATURES, buffered=False) for _ in range(20)]
    assert engine.pool.checkedout() == 0
    assert all(b"</wfs:FeatureCollection>" in answer.data for answer in left)


@pytest.mark.parametrize("output", ["application/gml+xml; version=3.2", "application/json", "csv"])
def test_clients_that_take_nothing_hold_no_more_than_their_places(client, engine, monkeypatch, output):
    monkeypatch.setattr(sending, "SHORT_BYTES", 100)
    address = f"{FEATURES}&OUTPUTFORMAT={quote(output)}"
    whole = strip_time(client.get(address).data)
    left = [client.get(address, buffered=False) for _ in range(10)]
    assert engine.pool.checkedout() == AT_ONCE
    assert [strip_time(answer.data) for answer in left] == [whole] * 10
    assert engine.pool.checkedout() == 0


def test_a_long_answer_without_a_place_is_not_held_beyond_memory(client, monkeypatch):
    monkeypatch.setattr(sending, "SHORT_BYTES", 100)
    monkeypatch.setattr(sending, "MOST_BYTES", 1000)
    left = [client.get(FEATURES, buffered=False) for _ in range(AT_ONCE)]
    refused = client.get(FEATURES)
    assert refused.status_code == 503 and "ask for fewer features" in refused.text
    assert all(len(answer.data) > 1000 for answer in left)


def strip_time(body):
    """An answer without the moment at which it was made."""
    return re.sub(rb'"?timeStamp"?[=:]"[^"]*"', b"", body)
