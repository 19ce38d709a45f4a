"""Clients that go away: the server stops what they asked for, and nothing else."""

import http.client
import os
import socket
import struct
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from gis_infra.settings import to_environment
from gis_infra.web import callers, departures
from gis_infra.web.callers import Caller

LIMIT_S = 60  # on a machine with much else to do
SOON_S = 12  # two on a machine of one's own; after twenty the query would be given up by itself
SLOW = "/ogc/collections/fire_hydrant/items?limit=3"
HELD = text("LOCK TABLE infra.fire_hydrant IN ACCESS EXCLUSIVE MODE")
READERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    " AND query LIKE '%fire_hydrant%'"
)


@pytest.fixture(scope="module")
def port(settings, engine):
    """The port of a server of one process, as `gis-infra serve` runs it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        free = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--factory", "--no-access-log"]
    command += ["--blocking-threads", "4", "--port", str(free), "gis_infra.web.wsgi:make_app"]
    environment = {**os.environ, **to_environment(settings)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: is_answered(free), LIMIT_S)
        yield free
    finally:
        server.terminate()
        server.wait(LIMIT_S)


def is_answered(port):
    try:
        return ask(port, "/healthz").status == 200
    except OSError:
        return False


def ask(port, path):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer


def wait_for(holds, limit_s):
    """Return as soon as it holds; fails at the limit."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < limit_s
        time.sleep(0.05)


@contextmanager
def asked(port):
    """A request that was sent and whose answer nobody has taken yet."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S) as client:
        client.sendall(f"GET {SLOW} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode())
        yield client


@pytest.fixture
def held(engine):
    """Everything that reads the hydrants waits until this is over; a function that lets it go on before."""
    with engine.connect() as connection:
        transaction = connection.begin()
        connection.execute(HELD)
        yield transaction.rollback
        if transaction.is_active:
            transaction.rollback()


@pytest.fixture
def count_readers(engine):
    def count():
        with engine.connect() as connection:
            return connection.execute(READERS).scalar_one()

    return count


def test_the_query_of_a_client_that_went_away_is_gone_soon(port, held, count_readers):
    with asked(port):
        wait_for(lambda: count_readers() == 1, LIMIT_S)
        time.sleep(1.2)
        assert count_readers() == 1  # as long as somebody waits it goes on
    wait_for(lambda: count_readers() == 0, SOON_S)


def test_a_client_that_waits_gets_its_answer_whoever_else_goes_away(port, held, count_readers):
    with asked(port) as patient:
        wait_for(lambda: count_readers() == 1, LIMIT_S)
        with asked(port):
            wait_for(lambda: count_readers() == 2, LIMIT_S)
        time.sleep(1.5)
        assert count_readers() >= 1
        held()
        assert patient.recv(12) == b"HTTP/1.1 200"
    wait_for(lambda: count_readers() == 0, SOON_S)
    assert ask(port, SLOW).status == 200


def test_what_was_open_before_does_not_hide_who_is_gone(port, held, count_readers):
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)) as idle:
        idle.request("GET", "/ogc/collections")  # takes longer than a tick of the system
        idle.getresponse().read()
        with asked(port):
            wait_for(lambda: count_readers() == 1, LIMIT_S)
            time.sleep(0.8)
        wait_for(lambda: count_readers() == 0, SOON_S)


def test_the_connection_of_who_waits_is_told_from_one_that_was_answered():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with socket.create_connection(listening.getsockname()) as client, listening.accept()[0] as accepted:
            client.sendall(b"?")
            accepted.recv(1)
            assert [each.is_waiting for each in callers.find_callers()] == [True]
            time.sleep(0.05)
            accepted.sendall(b"!")
            assert [each.is_waiting for each in callers.find_callers()] == [False]
        assert callers.find_callers() == []


def test_a_process_that_listens_nowhere_has_no_callers():
    # In a process of its own: in this one other tests may listen.
    asked = "from gis_infra.web.callers import find_callers; print(find_callers())"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout == "None\n"


@pytest.mark.parametrize(
    ("sent_ms", "heard_ms", "acknowledged_ms", "expected"),
    [
        (500, 200, 200, True),
        (200, 500, 200, False),
        (200, 200, 200, True),  # answered in the same tick, or asked again in it: nobody knows
        (200, 200, 160, False),  # what was acknowledged later is the answer
    ],
)
def test_who_waits_is_read_from_what_the_system_remembers(sent_ms, heard_ms, acknowledged_ms, expected):
    info = struct.pack("=44x4I", sent_ms, 0, heard_ms, acknowledged_ms)
    assert callers.to_caller(7, info, 100.0) == Caller(7, 100.0 - heard_ms / 1000, is_waiting=expected)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        ([Caller(1, 0.0, is_waiting=True)], False),  # still there
        ([Caller(2, 0.0, is_waiting=True)], False),  # the other may be the one
        ([], True),
        ([Caller(1, 0.0, is_waiting=False), Caller(2, 0.0, is_waiting=False)], True),  # both were answered
        ([Caller(3, 0.0, is_waiting=True)], True),  # came after it was looked for
        ([Caller(1, 1e12, is_waiting=True)], True),  # asked something else since
    ],
)
def test_a_client_is_gone_when_it_can_be_nowhere_any_more(later, expected):
    waiting = departures.Waiting()
    assert not waiting.is_left([Caller(1, 0.0, is_waiting=True), Caller(2, 0.0, is_waiting=True)])
    assert waiting.is_left(later) is expected


def test_a_client_that_is_nowhere_at_the_first_look_is_gone():
    assert departures.Waiting().is_left([Caller(1, 0.0, is_waiting=False)])
