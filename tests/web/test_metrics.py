"""What the server tells of itself: to administrators, and nothing of layers or people."""

import re

import pytest
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app

PASSWORD = "một mật khẩu dài"
LINE = re.compile(r'(?:# (?:HELP|TYPE) gis_infra_\w+ .+|gis_infra_\w+\{\w+="[^"]*"(?:,\w+="[^"]*")*\} [0-9.]+)')


@pytest.fixture(scope="module")
def client(settings, engine, catalogue):
    """Chief administers the city, Lan a sector."""
    with writing(engine) as connection:
        for username in ("chief", "lan"):
            people.add_person(connection, username, username, password=PASSWORD)
        people.grant_to_person(connection, "chief", "admin", "*", catalogue)
        people.grant_to_person(connection, "lan", "admin", "sector:water", catalogue)
    yield create_app(settings, engine).test_client()
    with writing(engine) as connection:
        connection.execute(delete(PERSON))


def read(client, name):
    """The values of a metric by its labels, without the process."""
    answer = client.get("/metrics", auth=("chief", PASSWORD))
    assert answer.status_code == 200 and answer.content_type.startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert all(LINE.fullmatch(each) for each in lines)
    found = (re.fullmatch(rf"{name}{{(.*?)}} (.*)", each) for each in lines)
    return {re.sub(r',?process="\d+"', "", each[1]): float(each[2]) for each in found if each}


def test_requests_are_counted_by_room_and_status(client):
    before = read(client, "gis_infra_requests_total")
    client.get("/healthz")
    client.get("/no-such-page")
    client.get("/ogc/collections/nothing")
    after = read(client, "gis_infra_requests_total")
    for labels in ('room="health",status="200"', 'room="other",status="404"', 'room="ogcapi",status="404"'):
        assert after[labels] == before.get(labels, 0) + 1, labels
    assert read(client, "gis_infra_request_seconds_total")['room="health"'] > 0


@pytest.mark.parametrize(("auth", "status"), [(None, 401), (("lan", PASSWORD), 403)])
def test_only_administrators_of_the_city_see_it(client, auth, status):
    answer = client.get("/metrics", auth=auth)
    assert answer.status_code == status and "gis_infra_" not in answer.text
