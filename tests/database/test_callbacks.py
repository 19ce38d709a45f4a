"""Jobs call back whoever asked for it, at hosts the operator named and at no others."""

import json
import socket
import threading
import time
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import delete, func, insert, select, update

from gis_infra.errors import ConflictError, InvalidParameter
from gis_infra.processes.jobs import callbacks, runs
from gis_infra.processes.jobs.tables import JOB, JOB_CALLBACK
from gis_infra.storage.transactions import writing

HOSTS = ("hooks.example.org", "10.0.0.5:8080")
DRIP_S = 20  # seconds that an answer takes that nobody waits for


@pytest.mark.parametrize(
    "uri",
    [
        "https://hooks.example.org/a?b=c",
        "http://hooks.example.org",
        "http://HOOKS.example.org:80/",
        "https://hooks.example.org:443/",
        "http://10.0.0.5:8080/x",
    ],
)
def test_an_address_of_a_named_host_is_taken(uri):
    assert callbacks.parse_subscriber({"successUri": uri}, HOSTS) == {"success": uri}


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ([], "must be an object"),
        ({"uri": "https://hooks.example.org"}, "subscriber has no member 'uri'; it has successUri"),
        ({"failedUri": "https://hooks.example.org"}, "needs successUri"),
        ({"successUri": 1}, "must be an http"),
        ({"successUri": "https://hooks.example.org/" + "a" * 2000}, "at most 2000 characters"),
        ({"successUri": "https://hooks.example.org/\\r\\nX: y"}, "calls no|must be an http"),
        ({"successUri": "https://hooks.example.org/\r\nX: y"}, "must be an http"),
        ({"successUri": "ftp://hooks.example.org/"}, "without user name"),
        ({"successUri": "file:///etc/passwd"}, "without user name"),
        ({"successUri": "https://lan@hooks.example.org/"}, "without user name"),
        ({"successUri": "https://hooks.example.org@10.0.0.1/"}, "without user name"),
        ({"successUri": "https://hooks.example.org:99999/"}, "without user name"),
        ({"successUri": "https://hooks.example.org:8443/"}, "calls no address of that host and port"),
        ({"successUri": "http://10.0.0.5/"}, "calls no address of that host and port"),
        ({"successUri": "http://127.0.0.1:5432/"}, "calls no address of that host and port"),
        ({"successUri": "http://[::1]/"}, "calls no address of that host and port"),
        ({"successUri": "http://169.254.169.254/latest"}, "calls no address of that host and port"),
        ({"successUri": "https://hooks.example.org.evil.test/"}, "calls no address of that host and port"),
        (
            {"successUri": "https://hooks.example.org/", "failedUri": "http://127.0.0.1/"},
            "subscriber.failedUri: this server calls no",
        ),
    ],
)
def test_any_other_address_is_refused_by_name(asked, words):
    with pytest.raises(InvalidParameter, match=words):
        callbacks.parse_subscriber(asked, HOSTS)


def test_no_address_is_taken_where_the_operator_named_none():
    with pytest.raises(InvalidParameter, match="calls no address"):
        callbacks.parse_subscriber({"successUri": "https://hooks.example.org/"}, ())
    assert callbacks.parse_subscriber({}, ()) == {}


@contextmanager
def hearing(status=200, location=None):
    """A server that hears calls: its port, and what it was told."""
    told = []

    class Hearer(BaseHTTPRequestHandler):
        def do_POST(self):
            told.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def log_message(self, *_):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hearer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1], told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def put_job(engine):
    """Makes a job that calls back; what a test leaves is taken away."""

    def put(port, **values):
        base = f"http://127.0.0.1:{port}"
        subscriber = {event: f"{base}/{event}" for event in ("success", "in_progress", "failed")}
        job_id = uuid.uuid4()
        given = {"process": "conflicts", "inputs": {}, "wanted": {"outputs": ["run"]}, "status": "accepted", **values}
        with writing(engine) as connection:
            connection.execute(insert(JOB).values(id=job_id, person_id=1, subscriber=subscriber, **given))
        return job_id

    yield put
    with writing(engine) as connection:
        connection.execute(delete(JOB))


def count_waiting(engine):
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(JOB_CALLBACK)).scalar_one()


def test_a_job_tells_that_it_runs_and_then_its_results(engine, put_job):
    with hearing() as (port, told):
        hosts = (f"127.0.0.1:{port}",)
        job_id = put_job(port)
        assert runs.claim(engine, job_id)
        callbacks.deliver(engine, hosts)
        runs.finish(engine, job_id, {"run": {"found": 3}, "other": 1}, 1)
        callbacks.deliver(engine, hosts)
        callbacks.deliver(engine, hosts)
    (first, status), (second, results) = told
    assert (first, status["status"], status["jobID"]) == ("/in_progress", "running", str(job_id))
    assert (second, results) == ("/success", {"run": {"found": 3}})
    assert count_waiting(engine) == 0


def test_a_job_that_failed_tells_how_it_stands(engine, put_job):
    with hearing() as (port, told):
        runs.fail(engine, put_job(port, status="running"), ConflictError("it cannot be"), 1)
        callbacks.deliver(engine, (f"127.0.0.1:{port}",))
    assert [(path, body["status"], body["message"]) for path, body in told] == [("/failed", "failed", "it cannot be")]


def test_what_cannot_be_delivered_is_tried_again_later_and_then_given_up(engine, put_job):
    with hearing(503) as (port, told):
        runs.fail(engine, put_job(port, status="running"), ConflictError("x"), 1)
        for calls in (1, 2, 3, 3):
            for _ in range(2):  # the second time its own time has not come
                callbacks.deliver(engine, (f"127.0.0.1:{port}",))
                assert len(told) == calls
            with writing(engine) as connection:
                connection.execute(update(JOB_CALLBACK).values(due_at=func.now()))
    assert count_waiting(engine) == 0


def test_a_redirect_is_not_followed_and_a_host_no_longer_named_is_not_called(engine, put_job):
    with hearing() as (inner, inside), hearing(307, f"http://127.0.0.1:{inner}/secret") as (port, told):
        runs.fail(engine, put_job(port, status="running"), ConflictError("x"), 1)
        callbacks.deliver(engine, (f"127.0.0.1:{port}",))
        assert len(told) == 1 and inside == [] and count_waiting(engine) == 0
        runs.fail(engine, put_job(port, status="running"), ConflictError("x"), 1)
        callbacks.deliver(engine, ("elsewhere.example.org",))
        assert len(told) == 1 and count_waiting(engine) == 0


def test_an_answer_that_comes_letter_by_letter_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(callbacks, "LIMIT_S", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        host = f"127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=drip, args=(server,), daemon=True).start()
        begun = time.monotonic()
        assert not callbacks.send(callbacks.Call(1, f"http://{host}/", b"{}"), (host,))
        assert time.monotonic() - begun < DRIP_S / 2


def drip(server):
    """Answer one call a letter at a time, for longer than anybody waits for it."""
    with server.accept()[0] as told:
        for _ in range(round(DRIP_S / 0.3)):
            try:
                told.sendall(b"H")
            except OSError:
                return
            time.sleep(0.3)
