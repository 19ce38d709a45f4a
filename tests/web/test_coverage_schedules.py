"""Runs of coverage by the calendar over HTTP: administrators list, make and remove them, and nobody else."""

import pytest
from sqlalchemy import delete, select

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.analysis.coverage.runs.tables import COVERAGE_SCHEDULE
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app

PASSWORD = "một mật khẩu dài"
ADMIN, LAN = ("admin", PASSWORD), ("lan", PASSWORD)
SCHEDULES = "/ogc/coverage/schedules"
ONE = f"{SCHEDULES}/fire_hydrant/month"


@pytest.fixture(scope="module")
def client(settings, engine, catalogue):
    application = create_app(settings, engine)
    with writing(engine) as connection:
        people.add_person(connection, "admin", "Quản trị", password=PASSWORD)
        people.add_person(connection, "lan", "Nguyễn Thị Lan", password=PASSWORD)
        people.grant_to_person(connection, "admin", "admin", "*", catalogue)
        people.grant_to_person(connection, "lan", "editor", "*", catalogue)
    yield application.test_client()
    with writing(engine) as connection:
        connection.execute(delete(COVERAGE_SCHEDULE))
        connection.execute(delete(PERSON))


def test_a_schedule_is_made_listed_and_removed(client, engine):
    assert client.get(SCHEDULES, auth=ADMIN).json == {"schedules": []}
    assert client.put(ONE, auth=ADMIN).status_code == client.put(ONE, auth=ADMIN).status_code == 204
    (listed,) = client.get(SCHEDULES, auth=ADMIN).json["schedules"]
    assert (listed["service"], listed["period"], listed["actor"], listed["latest"]) == (
        "fire_hydrant", "month", "admin", None,
    )  # fmt: skip
    assert listed["next_on"] > listed["begun_on"]
    assert client.delete(ONE, auth=ADMIN).status_code == 204
    again = client.delete(ONE, auth=ADMIN)
    assert (again.status_code, again.json["detail"]) == (404, "fire_hydrant is not run by the month")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"{SCHEDULES}/taxi/month", 404, "there is no service 'taxi'"),
        (f"{SCHEDULES}/fire_hydrant/week", 400, "period must be one of month, half_year, year, got 'week'"),
        (f"{ONE}?day=1", 400, "day"),
    ],
)
def test_what_cannot_be_planned_is_refused_by_name(client, path, status, words):
    answer = client.put(path, auth=ADMIN)
    assert answer.status_code == status and words in answer.json["detail"]


@pytest.mark.parametrize("method", ["get", "put", "delete"])
@pytest.mark.parametrize(("auth", "status"), [(None, 401), (LAN, 403)])
def test_only_an_administrator_plans_or_hears_of_it(client, engine, method, auth, status):
    path = SCHEDULES if method == "get" else f"{SCHEDULES}/taxi/month"
    answer = getattr(client, method)(path, auth=auth)
    assert answer.status_code == status and "there are" not in answer.json["detail"]
    with engine.connect() as connection:
        assert connection.execute(select(COVERAGE_SCHEDULE)).all() == []


def test_the_definition_of_the_api_tells_of_it(client):
    paths = client.get("/ogc/api", auth=ADMIN).json["paths"]
    assert set(paths["/coverage/schedules/{service}/{period}"]) == {"put", "delete"}
    assert paths["/coverage/schedules"]["get"]["operationId"] == "getCoverageSchedules"
