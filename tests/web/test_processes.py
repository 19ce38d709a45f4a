"""Processes over HTTP: described, run at once or as a job; jobs are shown to who asked for them only."""

import datetime
import email
import json
import uuid

import pytest
from sqlalchemy import insert, select

from gis_infra.accounts.tables import PERSON
from gis_infra.processes import registry
from gis_infra.processes.jobs.tables import JOB
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert as insert_row
from tests.web import import_city
from tests.web.import_city import CHIEF, LAN, OTHER, WATER, execute, get_status

STRIP = {"type": "LineString", "coordinates": [[106.69, 10.77], [106.6901, 10.77]]}
PROBLEM = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0"
WORKS = "/ogc/processes/works-check/execution"


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application over a hydrant, with people and without a worker."""
    with writing(engine) as connection:
        import_city.fill(connection, tables, catalogue)
        insert_row(connection, tables, "fire_hydrant", wkt="POINT(602600 1191200)", asset_code="H-1", owner="Sawaco")
    yield create_app(settings, engine)
    with writing(engine) as connection:
        import_city.clear(connection, tables)


@pytest.fixture
def client(app, engine):
    """A caller; the jobs of a test are gone after it."""
    yield app.test_client()
    with writing(engine) as connection:
        connection.execute(JOB.delete())


def put_job(engine, **values):
    """The id of a job of the person `water`, in any state."""
    job_id = str(uuid.uuid4())
    with writing(engine) as connection:
        person = connection.execute(select(PERSON.c.id).where(PERSON.c.username == "water")).scalar_one()
        given = {"process": "import", "inputs": {}, "wanted": {}, "status": "successful", **values}
        connection.execute(insert(JOB).values(id=job_id, person_id=person, **given))
    return job_id


def test_the_processes_are_found_from_the_landing_page(client):
    links = {each["rel"]: each["href"] for each in client.get("/ogc/").json["links"]}
    listed = client.get(links["http://www.opengis.net/def/rel/ogc/1.0/processes"]).json
    assert [each["id"] for each in listed["processes"]] == list(registry.list_processes())
    assert links["http://www.opengis.net/def/rel/ogc/1.0/job-list"].endswith("/ogc/jobs")
    declared = client.get("/ogc/conformance").json["conformsTo"]
    base = "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf"
    names = ("core", "ogc-process-description", "json", "html", "oas30", "job-list", "dismiss")
    assert {f"{base}/{each}" for each in names} <= set(declared)


def test_a_process_tells_its_inputs_with_their_schemas(client):
    told = client.get("/ogc/processes/import?lang=en").json
    assert told["jobControlOptions"] == ["async-execute", "dismiss"]
    assert told["inputs"]["upload"] == {
        "title": "Id of the upload",
        "schema": {"type": "string", "minLength": 1, "maxLength": 500},
        "minOccurs": 1,
        "maxOccurs": 1,
    }
    assert told["inputs"]["crs"]["minOccurs"] == 0
    assert client.get("/ogc/processes/works-check").json["jobControlOptions"][0] == "sync-execute"


@pytest.mark.parametrize("path", ["/processes", "/processes/import", "/jobs"])
@pytest.mark.parametrize(("lang", "word"), [("vi", "Các xử lý"), ("en", "Processes")])
def test_each_document_is_a_page_too(client, path, lang, word):
    page = client.get(f"/ogc{path}?f=html&lang={lang}", auth=WATER)
    assert page.mimetype == "text/html" and (word in page.text or "jobs" in path)


def test_a_job_is_a_page_too(client, engine):
    job_id = put_job(engine, message="<b>done</b>")
    page = client.get(f"/ogc/jobs/{job_id}?f=html", auth=WATER)
    assert job_id in page.text and "&lt;b&gt;done" in page.text
    assert job_id in client.get("/ogc/jobs?f=html", auth=WATER).text


def test_the_definition_has_a_path_for_each_process(client):
    paths = client.get("/ogc/api").json["paths"]
    body = paths["/processes/import/execution"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["inputs"]["required"] == ["upload"]
    assert set(paths["/jobs/{jobId}"]) == {"get", "delete"}


# Run at once.


def test_a_short_process_answers_at_once_with_a_document(client):
    answer = client.post(WORKS, json={"inputs": {"works": STRIP}})
    assert answer.status_code == 200 and set(answer.json) == {"conflicts", "owners", "checked", "works"}
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_input_may_stand_in_a_value_object_as_the_standard_wants(client):
    plain = client.post(WORKS, json={"inputs": {"works": STRIP}}).json
    wrapped = {"works": {"value": STRIP, "mediaType": "application/geo+json"}}
    assert client.post(WORKS, json={"inputs": wrapped}).json["owners"] == plain["owners"]


def test_one_raw_output_is_the_answer_itself(client):
    answer = client.post(WORKS, json={"inputs": {"works": STRIP}, "outputs": {"owners": {}}, "response": "raw"})
    assert answer.json == client.post(WORKS, json={"inputs": {"works": STRIP}}).json["owners"]


def test_several_raw_outputs_are_parts_under_their_names(client):
    asked = {"inputs": {"works": STRIP}, "outputs": {"owners": {}, "checked": {}}, "response": "raw"}
    answer = client.post(WORKS, json=asked)
    message = email.message_from_bytes(f"Content-Type: {answer.content_type}\r\n\r\n".encode() + answer.data)
    assert message.get_content_type() == "multipart/related"
    parts = {part["Content-ID"]: json.loads(part.get_payload()) for part in message.get_payload()}
    assert set(parts) == {"<owners>", "<checked>"} and "rules" in parts["<checked>"]


def test_outputs_by_reference_are_kept_as_a_job_of_who_asked(client):
    asked = {"inputs": {"works": STRIP}, "outputs": {"owners": {"transmissionMode": "reference"}, "checked": {}}}
    answer = client.post(WORKS, json=asked, auth=WATER)
    assert answer.status_code == 200 and "rules" in answer.json["checked"]
    assert answer.json["owners"]["type"] == "application/json"
    path = answer.json["owners"]["href"].removeprefix("http://localhost")
    plain = client.post(WORKS, json={"inputs": {"works": STRIP}}, auth=WATER).json["owners"]
    assert client.get(path, auth=WATER).json == plain
    assert client.get(path, auth=OTHER).status_code == 404
    assert client.get(path.replace("owners", "pigeons"), auth=WATER).status_code == 404
    assert "sign in to have outputs" in client.post(WORKS, json=asked).json["detail"]


def test_raw_outputs_by_reference_are_links_and_mixed_ones_parts(client):
    by_link = {"owners": {"transmissionMode": "reference"}}
    asked = {"inputs": {"works": STRIP}, "outputs": by_link, "response": "raw"}
    answer = client.post(WORKS, json=asked, auth=WATER)
    assert answer.status_code == 204 and answer.data == b""
    assert 'rel="owners"' in answer.headers["Link"] and "/results/owners>" in answer.headers["Link"]
    mixed = client.post(WORKS, json={**asked, "outputs": {**by_link, "checked": {}}}, auth=WATER)
    message = email.message_from_bytes(f"Content-Type: {mixed.content_type}\r\n\r\n".encode() + mixed.data)
    parts = {part["Content-ID"]: part for part in message.get_payload()}
    assert parts["<owners>"]["Content-Location"].endswith("/results/owners")
    assert parts["<checked>"]["Content-Location"] is None and "rules" in json.loads(parts["<checked>"].get_payload())


@pytest.mark.parametrize(
    ("process", "body", "words"),
    [
        ("works-check", b"{", "the body is not JSON"),
        ("works-check", b"[]", "the body must be an object"),
        ("works-check", b"{}", "give either works, a GeoJSON document, or project"),
        ("works-check", b'{"inputs": []}', "inputs must be an object, got list"),
        ("works-check", b'{"inputs": {"works": 1}}', "works must be an object, got 1"),
        (
            "works-check",
            b'{"inputs": {"works": {}}, "outputs": {"x": {}}}',
            "works-check has no output 'x'; it has conf",
        ),
        ("works-check", b'{"inputs": {"works": {}}, "response": "xml"}', "response must be one of document, raw"),
        ("works-check", b'{"outputs": {"owners": {"transmissionMode": "pigeon"}}}', "must be one of value, reference"),
        ("works-check", b'{"inputs": {"place": {}}}', "works-check has no input 'place'; it has works"),
        ("coverage", b'{"inputs": {"service": {"href": "http://10.0.0.1/"}}}', "service must be given by value"),
        (
            "import",
            b'{"inputs": {"upload": "x", "layer": "y", "on_duplicate": "keep"}}',
            "on_duplicate must be one of update, skip, reject, got 'keep'",
        ),
        (
            "import",
            b'{"inputs": {"upload": "x", "layer": "y", "map": {"a": 1}}}',
            "map.a must be a text at most 500 letters long, got 1",
        ),
    ],
)
def test_what_cannot_be_run_is_refused_by_name(client, process, body, words):
    answer = client.post(f"/ogc/processes/{process}/execution", data=body, auth=CHIEF)
    assert answer.status_code == 400 and words in answer.json["detail"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_process_is_told_as_the_standard_has_it(client, method):
    path = "/ogc/processes/echo" + ("/execution" if method == "post" else "")
    answer = getattr(client, method)(path)
    assert (answer.status_code, answer.json["type"]) == (404, f"{PROBLEM}/no-such-process")


# Jobs.


@pytest.mark.parametrize(
    ("process", "inputs", "auth", "status"),
    [
        ("conflicts", {}, None, 401),
        ("conflicts", {}, LAN, 403),
        ("coverage", {"service": "fire_hydrant"}, None, 401),
        # A series is the system's; what one may see all of, one may have run.
        ("coverage", {"service": "fire_hydrant", "period": "month"}, LAN, 403),
        ("import", {"upload": "x", "layer": "fire_hydrant"}, None, 401),
        ("import", {"upload": "x", "layer": "fire_hydrant"}, LAN, 403),
    ],
)
def test_who_may_not_is_told_before_anything_waits(client, process, inputs, auth, status):
    assert execute(client, inputs, process, auth).status_code == status
    assert client.get("/ogc/jobs", auth=CHIEF).json["jobs"] == []


def test_a_job_is_made_with_an_address_and_waits_for_its_turn(client):
    answer = execute(client, {}, "conflicts", CHIEF)
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (201, "respond-async")
    job = client.get(answer.headers["Location"], auth=CHIEF).json
    assert (job["jobID"], job["processID"], job["type"]) == (answer.json["jobID"], "conflicts", "process")
    assert (job["status"], job["progress"]) == ("accepted", 0)


def test_a_short_process_becomes_a_job_for_who_prefers_it_and_can_come_back(client):
    assert execute(client, {"works": STRIP}, "works-check", WATER).status_code == 201
    stranger = execute(client, {"works": STRIP}, "works-check", None)
    assert stranger.status_code == 200 and "Preference-Applied" not in stranger.headers


def test_a_job_of_somebody_else_is_told_like_one_that_never_was(client, engine):
    mine = put_job(engine, result={"report": {}})
    for path, method in (
        (f"/ogc/jobs/{mine}", "get"),
        (f"/ogc/jobs/{mine}/results", "get"),
        (f"/ogc/jobs/{mine}", "delete"),
    ):
        other = path.replace(mine, str(uuid.uuid4()))
        for auth in (OTHER, LAN, None):
            theirs, nobodys = (getattr(client, method)(each, auth=auth) for each in (path, other))
            assert theirs.status_code == nobodys.status_code == 404
            assert theirs.json["detail"].replace(mine, "") == nobodys.json["detail"].replace(other.split("/")[3], "")
            assert theirs.json["type"] == f"{PROBLEM}/no-such-job"
    assert client.get("/ogc/jobs", auth=OTHER).json["jobs"] == client.get("/ogc/jobs").json["jobs"] == []
    assert client.get(f"/ogc/jobs/{mine}", auth=CHIEF).status_code == 200


@pytest.mark.parametrize("job_id", ["x", "0", "%00", "a" * 5000, "é"])
def test_what_can_be_no_job_is_no_job(client, job_id):
    assert client.get(f"/ogc/jobs/{job_id}", auth=WATER).status_code == 404


def at(day, hour=12):
    return datetime.datetime(2026, 11, day, hour, tzinfo=datetime.UTC)


@pytest.fixture
def three(client, engine):
    """Jobs that ran 10 s on the 1st, 100 s on the 2nd, and not yet since the 3rd; newest first: c, b, a."""
    a = put_job(engine, created_at=at(1), started_at=at(1), finished_at=at(1) + datetime.timedelta(seconds=10))
    later = at(2) + datetime.timedelta(seconds=100)
    b = put_job(engine, process="works-check", status="failed", created_at=at(2), started_at=at(2), finished_at=later)
    c = put_job(engine, status="accepted", created_at=at(3))
    return {a: "a", b: "b", c: "c"}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", "cba"),
        ("status=accepted,failed", "cb"),
        ("processID=works-check", "b"),
        ("processID=works-check,import&status=successful", "a"),
        ("type=process", "cba"),
        ("type=job", ""),
        ("datetime=2026-11-02", "b"),
        ("datetime=2026-11-02T12:00:00Z", "b"),
        ("datetime=2026-11-02T12:00:01Z/..", "c"),
        ("datetime=../2026-11-02", "ba"),
        ("minDuration=50", "b"),
        ("maxDuration=50", "a"),
        ("limit=2", "cb"),
        ("limit=2&offset=2", "a"),
    ],
)
def test_the_list_of_jobs_is_narrowed(client, three, query, found):
    listed = client.get(f"/ogc/jobs?{query}", auth=WATER).json["jobs"]
    assert "".join(three[each["jobID"]] for each in listed) == found


def test_the_next_page_of_jobs_is_linked(client, three):
    links = client.get("/ogc/jobs?limit=2", auth=WATER).json["links"]
    following = next(each["href"] for each in links if each["rel"] == "next")
    assert [three[each["jobID"]] for each in client.get(following, auth=WATER).json["jobs"]] == ["a"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("status=done", "status must be one or more of accepted, running, successful, failed, dismissed, got 'done'"),
        ("limit=0", "limit must be a whole number, at least 1"),
        ("minDuration=-1", "minDuration must be a whole number"),
        ("datetime=yesterday", "datetime must be as"),
        ("processID=%00", "no zero byte"),
        ("jobID=1", "there is no parameter 'jobID' here"),
    ],
)
def test_a_wrong_filter_of_jobs_is_refused_by_name(client, query, words):
    answer = client.get(f"/ogc/jobs?{query}", auth=WATER)
    assert answer.status_code == 400 and words in answer.json["detail"]


def test_results_are_given_as_they_were_asked_for(client, engine):
    job_id = put_job(engine, result={"report": {"rows": 3}})
    assert client.get(f"/ogc/jobs/{job_id}/results", auth=WATER).json == {"report": {"rows": 3}}
    raw = put_job(engine, result={"report": {"rows": 3}}, wanted={"outputs": ["report"], "form": "raw"})
    assert client.get(f"/ogc/jobs/{raw}/results", auth=WATER).json == {"rows": 3}


@pytest.mark.parametrize("status", ["accepted", "running", "dismissed"])
def test_results_that_are_not_there_are_told_as_the_standard_has_it(client, engine, status):
    answer = client.get(f"/ogc/jobs/{put_job(engine, status=status)}/results", auth=WATER)
    assert (answer.status_code, answer.json["type"]) == (404, f"{PROBLEM}/result-not-ready")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("InvalidCrs", 400), ("NotPermitted", 403), ("ConflictError", 409), ("OurError", 500), ("x", 500)],
)
def test_the_results_of_a_failed_job_are_the_error_it_ended_with(client, engine, kind, status):
    problem = {"kind": kind, "message": "name the right one with --crs", "where": "crs"}
    answer = client.get(f"/ogc/jobs/{put_job(engine, status='failed', problem=problem)}/results", auth=WATER)
    assert (answer.status_code, answer.json["detail"], answer.json["where"]) == (status, problem["message"], "crs")


def test_a_job_that_waits_is_dismissed_and_then_forgotten(client):
    job_id = execute(client, {"works": STRIP}, "works-check").json["jobID"]
    dismissed = client.delete(f"/ogc/jobs/{job_id}", auth=WATER)
    assert (dismissed.status_code, dismissed.json["status"]) == (200, "dismissed")
    assert get_status(client, job_id)["status"] == "dismissed"
    assert client.delete(f"/ogc/jobs/{job_id}", auth=WATER).json["status"] == "dismissed"
    assert client.get(f"/ogc/jobs/{job_id}", auth=WATER).status_code == 404


def test_a_job_that_has_stored_its_changes_is_not_dismissed(client, engine):
    answer = client.delete(f"/ogc/jobs/{put_job(engine, status='running', stored=True)}", auth=WATER)
    assert answer.status_code == 409 and "stored its changes already" in answer.json["detail"]


def test_nobody_fills_the_queue(client):
    answers = [execute(client, {"works": STRIP}, "works-check") for _ in range(11)]
    assert [each.status_code for each in answers] == [201] * 10 + [409]
    assert "you have 10 jobs waiting or running" in answers[-1].json["detail"]


def test_a_page_of_another_site_starts_no_job(client):
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(WORKS, json={"inputs": {"works": STRIP}}, headers=headers).status_code == 403
