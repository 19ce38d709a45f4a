"""Changes upon an old version are refused; every version is known by its ETag and its moment."""

import pytest

from tests.web.writing_city import EPSG, make_feature


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_change_upon_an_old_version_is_refused_and_loses_nothing(client, send, create, rows, method):
    location = create(asset_code="H1", remarks="một")
    old = client.get(location).headers["ETag"]
    assert send("PATCH", location, {"properties": {"remarks": "hai"}}, If_Match=old).status_code == 204
    body = None if method == "DELETE" else make_feature(remarks="ba")
    answer = send(method, location, body, If_Match=old)
    assert answer.status_code == 412 and "was changed after you read it" in answer.json["detail"]
    assert rows()[0]["remarks"] == "hai"
    assert send(method, location, body, If_Match=f'"0", {client.get(location).headers["ETag"]}').status_code == 204


def test_a_version_is_known_by_every_representation_of_it_and_through_any_proxy(client, send, create):
    location = create(remarks="một")
    tags = {client.get(location + query).headers["ETag"] for query in ("", "?lang=en", f"?crs={EPSG}/9210", "?f=html")}
    assert len(tags) == 4  # each strong, and of its own representation
    for number, tag in enumerate(sorted(tags)):
        assert send("PATCH", location, {"properties": {"remarks": "một"}}, If_Match=f"W/{tag}").status_code == 204
        assert send("PATCH", location, {}, If_Match="*").status_code == 204, number


def test_a_reader_who_has_it_is_told_so(client, create, send):
    location = create(remarks="một")
    tag = client.get(location).headers["ETag"]
    again = client.get(location, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(f"{location}?lang=en", headers={"If-None-Match": tag}).status_code == 200
    send("PATCH", location, {"properties": {"remarks": "hai"}})
    assert client.get(location, headers={"If-None-Match": tag}).status_code == 200


def test_a_change_tells_the_version_it_made(client, send, create):
    location = create(remarks="một")
    before = client.get(location).headers["ETag"]
    for method, body in (("PUT", make_feature(remarks="hai")), ("PATCH", {"properties": {"remarks": "ba"}})):
        answer = send(method, location, body, If_Match=before)
        assert answer.headers["ETag"] != before and answer.headers["Last-Modified"]
        before = answer.headers["ETag"]
    assert send("DELETE", location, If_Match=before).status_code == 204


def test_a_moment_is_a_condition_too(client, send, create):
    location = create(remarks="một")
    moment = client.get(location).headers["Last-Modified"]
    early = "Mon, 02 Nov 2020 08:00:00 GMT"
    patch = {"properties": {"remarks": "hai"}}
    assert send("PATCH", location, patch, If_Unmodified_Since=early).status_code == 412
    assert send("PATCH", location, patch, If_Unmodified_Since=moment).status_code == 204
    assert send("DELETE", location, If_Unmodified_Since=early).status_code == 412
    assert send("PATCH", location, {}, If_Unmodified_Since="yesterday").status_code == 204


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_compressed_representation_has_an_etag_of_its_own_that_works_the_same(client, send, create, coding):
    location = create(remarks="một " * 500)
    plain = client.get(location).headers["ETag"]
    packed = client.get(location, headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding and packed.headers["ETag"] != plain
    tag = packed.headers["ETag"]
    again = client.get(location, headers={"Accept-Encoding": coding, "If-None-Match": tag})
    assert again.status_code == 304
    assert send("PATCH", location, {"properties": {"remarks": "hai"}}, If_Match=tag).status_code == 204
    assert send("PATCH", location, {"properties": {"remarks": "ba"}}, If_Match=tag).status_code == 412
