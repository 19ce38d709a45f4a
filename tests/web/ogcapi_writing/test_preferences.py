"""What a client prefers: how much it is told, and how strictly its features are taken."""

import pytest

from tests.web.writing_city import GEOJSON, ITEMS, make_feature


def test_who_prefers_the_feature_gets_it_as_it_is_now(client, send, create):
    answer = send("POST", ITEMS, make_feature(asset_code="H1"), Prefer="return=representation")
    assert (answer.status_code, answer.mimetype) == (201, GEOJSON)
    assert answer.headers["Preference-Applied"] == "return=representation"
    assert answer.json == client.get(answer.headers["Location"]).json
    location = answer.headers["Location"]
    changed = send(
        "PATCH", location, {"properties": {"remarks": "hai"}}, Prefer="return=representation; x, handling=lenient"
    )
    assert changed.status_code == 200 and changed.json["properties"]["remarks"] == "hai"
    assert changed.headers["ETag"] == client.get(location).headers["ETag"] and changed.headers["Content-Location"]
    applied = ",".join(changed.headers.getlist("Preference-Applied"))
    assert applied == "return=representation,handling=lenient"


def test_who_prefers_little_gets_little(send, create):
    answer = send("POST", ITEMS, make_feature(), Prefer="return=minimal")
    assert answer.status_code == 201 and "type" not in answer.json
    assert answer.headers["Preference-Applied"] == "return=minimal"
    assert send("PATCH", create(), {}, Prefer="return=minimal").status_code == 204


def test_what_was_taken_with_a_remark_is_told_and_refused_to_who_is_strict(send, rows):
    feature = make_feature(installed_on="2999-01-01")
    strict = send("POST", ITEMS, feature, Prefer="handling=strict")
    assert strict.status_code == 400 and strict.headers["Preference-Applied"] == "handling=strict"
    assert strict.json["faults"][0]["field"] == "installed_on" and rows() == []
    answer = send("POST", ITEMS, feature)
    assert answer.status_code == 201
    (warning,) = answer.json["warnings"]
    assert warning["field"] == "installed_on" and "must hold: installed_on <= today" in warning["message"]
    assert send("POST", ITEMS, make_feature(created_at="2026-01-01T00:00:00Z"), Prefer="handling=strict").json[
        "faults"
    ] == [
        {
            "index": 0,
            "field": "created_at",
            "value": "2026-01-01T00:00:00Z",
            "message": "is set by the program alone",
        }
    ]


@pytest.mark.parametrize(
    ("header", "applied"),
    [
        ("return=minimal, return=representation", "return=minimal"),
        ('Return = "representation" ; foo=1', "return=representation"),
        ("return=other", None),
        ("respond-async, ,=,;", None),
    ],
)
def test_of_preferences_those_that_are_known_are_heard(send, header, applied):
    assert send("POST", ITEMS, make_feature(), Prefer=header).headers.get("Preference-Applied") == applied
