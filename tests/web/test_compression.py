"""Answers compressed as clients like: which coding, which answers, and what their headers say."""

import gzip

import pytest
from backports import zstd
from flask import Flask, Response

from gis_infra.web import compression

LONG = b'{"text":"' + b"abc " * 1000 + b'"}'
PIECES = 200


@pytest.fixture
def client():
    """A caller of an application that answers long, short, packed and in pieces."""
    app = Flask("compressed")
    compression.register(app)
    closed = []

    def send():
        try:
            for _ in range(PIECES):
                yield LONG * 50
        finally:
            closed.append(True)

    def tagged():
        response = Response(LONG, mimetype="application/json")
        response.set_etag("7-abc")
        return response

    app.add_url_rule("/long", "long", tagged)
    app.add_url_rule("/short", "short", lambda: Response(b"{}", mimetype="application/json"))
    app.add_url_rule("/image", "image", lambda: Response(LONG, mimetype="image/png"))
    app.add_url_rule("/packed", "packed", lambda: Response(LONG, headers={"Content-Encoding": "gzip"}))
    app.add_url_rule("/pieces", "pieces", lambda: Response(send(), mimetype="application/json"))
    client = app.test_client()
    client.closed = closed
    return client


UNPACK = {"gzip": gzip.decompress, "zstd": zstd.decompress, None: bytes}


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("zstd;q=0.5, gzip;q=0.9", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0, zstd", "zstd"),
        ("identity", None),
        ("identity;q=0.5, gzip;q=0.2", None),
        ("br", None),
        ("*", "zstd"),
        ("*;q=0", None),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.parametrize("path", ["/long", "/pieces"])
def test_the_coding_is_the_one_the_client_likes_best(client, accepted, coding, path):
    answer = client.get(path, headers={} if accepted is None else {"Accept-Encoding": accepted})
    assert answer.headers.get("Content-Encoding") == coding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert UNPACK[coding](answer.data) == (LONG if path == "/long" else LONG * 50 * PIECES)


@pytest.mark.parametrize("path", ["/short", "/image", "/packed"])
def test_what_is_short_or_compressed_already_is_left_as_it_is(client, path):
    plain = client.get(path)
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.data == plain.data
    assert answer.headers.get("Content-Encoding") == plain.headers.get("Content-Encoding")


def test_each_coding_has_an_etag_of_its_own_that_a_reader_can_ask_by(client):
    tags = {
        coding: client.get("/long", headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("identity", "gzip", "zstd")
    }
    assert len(set(tags.values())) == 3 and all(tag.startswith('"7-abc') for tag in tags.values())
    again = client.get("/long", headers={"Accept-Encoding": "zstd", "If-None-Match": tags["zstd"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get("/long", headers={"Accept-Encoding": "gzip", "If-None-Match": tags["zstd"]})
    assert other.status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_stream_begins_before_it_ends_and_is_closed_when_nobody_reads_on(client, coding):
    answer = client.get("/pieces", headers={"Accept-Encoding": coding}, buffered=False)
    assert "Content-Length" not in answer.headers
    assert next(iter(answer.iter_encoded())) and not client.closed
    answer.close()
    assert client.closed
