"""Contacts over HTTP, and reports and letters as files."""

import datetime

import pytest
from lxml import html
from sqlalchemy import delete

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.analysis.contacts.tables import OWNER_CONTACT
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert

PASSWORD = "một mật khẩu dài"
ADMIN, LAN = ("chi", PASSWORD), ("lan", PASSWORD)
LAYERS = ("sewer_pipe", "water_pipe", "works_project")
STRIP = {"type": "LineString", "coordinates": [[106.69404, 10.7728], [106.69404, 10.77295]]}
NASTY = "<script>alert(1)</script>"
PIPES = ((0, "sewer_pipe", "Thoát nước"), (1, "sewer_pipe", NASTY), (2, "water_pipe", "Sawaco"))
CONTACT = {"owner": "Sawaco", "name": "Ban kỹ thuật", "sectors": ["water"], "phone": "028 1111"}


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application over two sewers and a water pipe, with an administrator and somebody who is none."""
    with writing(engine) as connection:
        for name in ("chi", "lan"):
            people.add_person(connection, name, name, password=PASSWORD)
        people.grant_to_person(connection, "chi", "admin", "*", catalogue)
        for north, layer, owner in PIPES:
            wkt = f"LINESTRING(603000 {1191500 + north},603100 {1191500 + north})"
            insert(connection, tables, layer, wkt=wkt, asset_code=f"X-{north}", owner=owner)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        for table in (PERSON, *(tables.get(each) for each in LAYERS)):
            connection.execute(delete(table))


@pytest.fixture
def ask(app, engine):
    """Asks as somebody; the public if nobody is named. Contacts are gone after the test."""
    yield lambda path, **values: app.test_client().open(f"/analysis/{path}", **values)
    with writing(engine) as connection:
        connection.execute(delete(OWNER_CONTACT))


def test_an_administrator_keeps_contacts(ask):
    made = ask("contacts", method="POST", json=CONTACT, auth=ADMIN)
    assert made.status_code == 201 and made.headers["ETag"] == '"1"'
    place = made.headers["Location"].removeprefix("/analysis/")
    assert ask(place, auth=ADMIN).json["phone"] == "028 1111"
    changed = ask(place, method="PUT", json={**CONTACT, "phone": "028 2222"}, auth=ADMIN, headers={"If-Match": '"1"'})
    assert changed.status_code == 200 and changed.json["version"] == 2
    late = ask(place, method="PUT", json=CONTACT, auth=ADMIN, headers={"If-Match": '"1"'})
    assert late.status_code == 412 and "is at version 2 now" in late.json["detail"]
    assert [each["phone"] for each in ask("contacts", auth=ADMIN).json] == ["028 2222"]
    assert ask(place, method="DELETE", auth=ADMIN).status_code == 204
    assert ask(place, auth=ADMIN).status_code == 404


@pytest.mark.parametrize(("auth", "status"), [(None, 401), (LAN, 403)])
def test_nobody_else_sees_or_changes_them(ask, auth, status):
    made = ask("contacts", method="POST", json=CONTACT, auth=ADMIN).headers["Location"].removeprefix("/analysis/")
    for path, method in (("contacts", "GET"), ("contacts", "POST"), (made, "GET"), (made, "PUT"), (made, "DELETE")):
        body = {"json": CONTACT} if method in ("POST", "PUT") else {}
        assert ask(path, method=method, auth=auth, **body).status_code == status


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the body is not JSON"),
        (b"[]", "a contact must be a JSON object"),
        (b'{"owner":"x"}', "a contact needs name"),
        (b'{"owner":"x","name":"y","email":"x\\r\\nBcc: z"}', "email must be printable text"),
    ],
)
def test_a_contact_that_cannot_be_kept_is_a_clear_400(ask, body, words):
    answer = ask("contacts", method="POST", data=body, auth=ADMIN)
    assert answer.status_code == 400 and words in answer.json["detail"]


def test_a_works_check_gives_contacts_to_who_is_signed_in(ask):
    ask("contacts", method="POST", json=CONTACT, auth=ADMIN)
    for auth, told in ((LAN, True), (None, False)):
        answer = ask("works-check", method="POST", json=STRIP, auth=auth)
        assert ("028 1111" in answer.text) is told
    owners = {each["owner"]: each for each in ask("works-check", method="POST", json=STRIP, auth=ADMIN).json["owners"]}
    assert owners["Sawaco"]["answer"] == "met" and owners["Sawaco"]["contacts"][0]["name"] == "Ban kỹ thuật"


def test_a_project_that_is_kept_is_checked_by_its_id(ask, engine, tables):
    ring = "MULTIPOLYGON(((603040 1191490,603060 1191490,603060 1191510,603040 1191490)))"
    with writing(engine) as connection:
        project = insert(connection, tables, "works_project", wkt=ring, name="Cải tạo", depth_m=1.5,
                         starts_on=datetime.date(2027, 1, 5))  # fmt: skip
    found = ask(f"works-check?project={project}", method="POST", auth=ADMIN).json
    assert found["works"]["properties"]["name"] == "Cải tạo" and len(found["conflicts"]["features"]) == 3
    assert ask("works-check?project=999999", method="POST", auth=ADMIN).status_code == 404
    assert "must be the id of a works project" in ask("works-check?project=x", method="POST").json["detail"]


STARTS = {"html": b"<!doctype", "xlsx": b"PK", "csv": b"\xef\xbb\xbf", "gpkg": b"SQLite", "geojson": b"{"}


@pytest.mark.parametrize(("form", "start"), STARTS.items())
@pytest.mark.parametrize(("path", "method"), [("conflicts/report", "GET"), ("works-check/report", "POST")])
def test_reports_come_as_files_that_nothing_keeps(ask, form, start, path, method):
    body = {"json": STRIP} if method == "POST" else {}
    answer = ask(f"{path}?f={form}&lang=en", method=method, auth=ADMIN, **body)
    assert answer.status_code == 200 and answer.data.startswith(start)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_a_report_on_works_shows_nothing_that_is_not_the_askers(ask):
    public = ask("works-check/report", method="POST", json=STRIP).text
    assert "X-0" in public and "X-2" not in public and "Sawaco" not in public
    assert html.fromstring(public).findall(".//script") == []
    assert "X-2" in ask("works-check/report", method="POST", json=STRIP, auth=LAN).text


def test_letters_are_for_who_is_signed_in(ask):
    for path, method in (("conflicts/letters", "GET"), ("works-check/letters", "POST")):
        body = {"json": STRIP} if method == "POST" else {}
        assert ask(path, method=method, **body).status_code == 401
        assert ask(path, method=method, auth=LAN, **body).mimetype == "text/html"
    letters = ask("works-check/letters?lang=vi", method="POST", json=STRIP, auth=LAN).text
    assert letters.count("Kính gửi") == 3 and NASTY not in letters


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("f=pdf", "f must be one of html, xlsx, csv, gpkg, geojson, got 'pdf'"),
        ("status=closed", "status must be one of"),
        ("colour=red", "unknown parameter 'colour'"),
    ],
)
def test_a_wrong_parameter_of_a_report_is_refused_by_name(ask, query, words):
    answer = ask(f"conflicts/report?{query}", auth=ADMIN)
    assert answer.status_code == 400 and words in answer.json["detail"]
