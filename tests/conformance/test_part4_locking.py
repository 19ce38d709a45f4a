"""OGC API - Features - Part 4 (OGC 20-002r1, draft), optimistic locking and preferences: one test a requirement."""

from email.utils import parsedate_to_datetime

import pytest

from tests.conformance.pipes import ITEMS, change, get_properties, make_pipe, patch

# Optimistic locking by ETag.


def test_req_optimistic_locking_etags_get_etag_response(editor, made):
    tag = editor.ask(made).headers["ETag"]
    assert tag.startswith('"') and tag.endswith('"')
    assert editor.ask(made).headers["ETag"] == tag


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("step", ["op", "eval"])
def test_req_optimistic_locking_etags_ifmatch(editor, made, method, step):
    """/req/optimistic-locking-etags/ifmatch-put-op,
    /req/optimistic-locking-etags/ifmatch-put-eval,
    /req/optimistic-locking-etags/ifmatch-patch-op,
    /req/optimistic-locking-etags/ifmatch-patch-eval,
    /req/optimistic-locking-etags/ifmatch-delete-op,
    /req/optimistic-locking-etags/ifmatch-delete-eval.
    """
    tag = editor.ask(made).headers["ETag"]
    if step == "eval":
        stale = change(editor, method, made, If_Match='"0"')
        assert stale.status_code == 412 and get_properties(editor, made)["asset_code"] == "made"
    assert change(editor, method, made, If_Match=tag).status_code in (200, 204)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_req_optimistic_locking_etags_etag_response(editor, made, method):
    """/req/optimistic-locking-etags/put-etag-response and /req/optimistic-locking-etags/patch-etag-response."""
    before = editor.ask(made).headers["ETag"]
    answer = change(editor, method, made, If_Match=before)
    assert answer.headers["ETag"] != before
    # What a change is answered with will do for the next one.
    assert change(editor, method, made, If_Match=answer.headers["ETag"]).status_code in (200, 204)


def test_req_optimistic_locking_etags_ifmatch_missing(editor, made):
    """A condition is not demanded: QGIS sends none."""
    for method in ("PUT", "PATCH", "DELETE"):
        assert change(editor, method, made).status_code in (200, 204)


@pytest.mark.parametrize("tag", ['""', 'W/"wr", "", "Uc&Y$W"', '"1", "mk", ""'])
def test_a_tag_of_nothing_is_the_tag_of_no_version(editor, made, tag):
    """/req/optimistic-locking-etags/ifmatch-put-eval, with what schemathesis found."""
    for method in ("PUT", "PATCH", "DELETE"):
        assert change(editor, method, made, If_Match=tag).status_code == 412


# Optimistic locking by time.


def test_req_optimistic_locking_timestamps_lastmodified_get_response(editor, made):
    assert parsedate_to_datetime(editor.ask(made).headers["Last-Modified"]).tzinfo is not None


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_req_optimistic_locking_timestamps_lastmodified_response(editor, made, method):
    """/req/optimistic-locking-timestamps/lastmodified-put-response and
    /req/optimistic-locking-timestamps/lastmodified-patch-response.
    """
    assert "Last-Modified" in change(editor, method, made).headers


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_req_optimistic_locking_timestamps_ifunmodifiedsince(editor, made, method):
    """/req/optimistic-locking-timestamps/ifunmodifiedsince-put-op,
    /req/optimistic-locking-timestamps/ifunmodifiedsince-put-eval,
    /req/optimistic-locking-timestamps/ifunmodifiedsince-patch-op,
    /req/optimistic-locking-timestamps/ifunmodifiedsince-patch-eval,
    /req/optimistic-locking-timestamps/ifunmodifiedsince-delete-op,
    /req/optimistic-locking-timestamps/ifunmodifiedsince-delete-eval.
    """
    stale = change(editor, method, made, If_Unmodified_Since="Mon, 01 Jan 2001 00:00:00 GMT")
    assert stale.status_code == 412 and get_properties(editor, made)["asset_code"] == "made"
    seen = editor.ask(made).headers["Last-Modified"]
    assert change(editor, method, made, If_Unmodified_Since=seen).status_code in (200, 204)


# Preferences.


@pytest.mark.parametrize(
    "preference", ["", "return=minimal", "return=representation", "handling=strict", "handling=lenient"]
)
def test_req_handling_prefer(editor, made, preference):
    headers = {"Prefer": preference} if preference else {}
    answer = editor.send("POST", ITEMS, make_pipe(asset_code=f"p {preference}"), **headers)
    assert answer.status_code == 201


def test_req_handling_strict(editor, made):
    """What is lenient otherwise (a property only the program sets, an id) is refused."""
    answer = editor.send("PUT", made, make_pipe(asset_code="put", import_id=7), Prefer="handling=strict")
    assert answer.status_code == 400 and "import_id" in answer.text
    assert get_properties(editor, made)["asset_code"] == "made"


def test_req_handling_lenient(editor, made):
    for body in (make_pipe(asset_code="put"), make_pipe(asset_code="put", import_id=7)):
        plain = editor.send("PUT", made, body)
        lenient = editor.send("PUT", made, body, Prefer="handling=lenient")
        assert plain.status_code >= 400 or lenient.status_code < 300


def test_req_handling_preference_applied(editor, made):
    answer = editor.send("PUT", made, make_pipe(colour="red"), Prefer="handling=strict")
    assert answer.status_code == 400 and answer.headers["Preference-Applied"] == "handling=strict"


def test_req_return_representation(editor, made):
    """The preference of RFC 7240: the feature comes back where that is asked for, in the form that is asked for."""
    answer = patch(editor, made, {"properties": {"name": "Nguyễn Huệ"}}, Prefer="return=representation")
    assert (answer.status_code, answer.mimetype) == (200, "application/geo+json")
    assert answer.get_json(force=True)["properties"]["name"] == "Nguyễn Huệ"
    assert answer.headers["Preference-Applied"] == "return=representation"
    minimal = patch(editor, made, {"properties": {"name": "Lê Lợi"}}, Prefer="return=minimal")
    assert minimal.data == b""
