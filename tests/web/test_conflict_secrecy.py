"""The register tells nobody of what they may not see, and takes nothing without bounds."""

import pytest
from lxml import etree
from sqlalchemy import text

from gis_infra.analysis.register.tables import CONFLICT
from gis_infra.storage.transactions import writing
from tests.web import test_register
from tests.web.test_register import ITEMS, LAN, MINH, WFS, take

city, register, ask = test_register.city, test_register.register, test_register.ask
SECRET = b"S-2"
# Answers with the moment they were made in them, or a token.
MOVING = ("gpkg", "f=html", "letters", "wfs")
POINT = {"type": "Point", "coordinates": [106.69, 10.77]}


@pytest.mark.parametrize(
    "path",
    [
        *(f"/analysis/conflicts/report?f={form}" for form in ("html", "csv", "geojson", "gpkg")),
        "/analysis/conflicts/letters", "/analysis/conflicts?status=all", "/ogc/conflicts?sort=worst",
        *(f"/ogc/conflicts/groups?by={by}" for by in ("street", "rule", "asset_owner", "owner", "severity", "kind")),
        f"{ITEMS}?f=html", f"{ITEMS}?bbox=106,10,107,11",
        "/ogc/collections/conflict", "/ogc/collections/conflict?f=html",
        f"{WFS}GetFeature&typeNames=infra:conflict",
        f"{WFS}GetPropertyValue&typeNames=infra:conflict&valueReference=left_id",
        "/ogc/collections/conflict/tiles/WebMercatorQuad/12/1924/3261",
    ],
)  # fmt: skip
def test_an_answer_is_the_same_whether_or_not_a_hidden_conflict_is_there(ask, register, engine, path):
    def look():
        return ask(path, auth=MINH)

    with_it = look()
    with writing(engine) as connection:
        connection.execute(CONFLICT.delete().where(CONFLICT.c.id == register[1]))
    without = look()
    assert with_it.status_code == without.status_code == 200
    assert SECRET not in with_it.data and abs(len(with_it.data) - len(without.data)) <= 1
    if not any(sign in path for sign in MOVING):
        assert with_it.data == without.data


@pytest.mark.parametrize(
    "condition", ["1/(distance_m-0.1)>0", "1 div (distance_m-0.1)>0", "(distance_m-0.1)^(-1)>0", "(0-distance_m)^0.5>0"]
)
def test_no_filter_fails_on_a_row_that_is_not_shown(ask, register, condition):
    answer = ask(ITEMS, auth=MINH, query_string={"filter": condition})
    assert answer.status_code == 200 and answer.json["numberMatched"] <= 1


def test_a_reason_with_signs_that_xml_does_not_know_spoils_no_answer(ask, register):
    assert take(ask, register[0], LAN, "review", text="a\x0bb\x01c\ufffe").status_code == 200
    etree.fromstring(ask(f"{WFS}GetFeature&typeNames=infra:conflict", auth=LAN).data)
    assert ask("/analysis/conflicts/report?f=xlsx", auth=LAN).status_code == 200


@pytest.mark.parametrize("tag", ["9" * 5000, "9" * 19, "x"])
def test_a_version_that_cannot_be_one_is_refused(ask, register, tag):
    answer = take(ask, register[0], LAN, "review", headers={"If-Match": f'"{tag}"'})
    assert answer.status_code == 412 and "If-Match names no version" in answer.json["detail"]


@pytest.mark.parametrize(
    "works",
    [
        {"type": "x" * 100_000},
        {"type": "Feature", "geometry": POINT, "properties": {"depth_m": "x" * 100_000}},
        {"type": "Feature", "geometry": POINT, "properties": {"starts_on": "x" * 100_000}},
    ],
)
def test_an_error_repeats_no_more_than_a_line_of_what_was_sent(ask, register, works):
    answer = ask("/analysis/works-check", method="POST", json=works)
    assert answer.status_code == 400 and len(answer.data) < 1000


def test_what_runs_as_its_owner_and_what_that_calls_look_last_among_temporary_objects(engine):
    found = text(
        "SELECT proname FROM pg_proc CROSS JOIN unnest(proconfig) AS setting "
        "WHERE pronamespace = 'gis'::regnamespace AND setting LIKE 'search_path=%' AND setting NOT LIKE '%pg_temp'"
    )
    with engine.connect() as connection:
        assert connection.execute(found).scalars().all() == []
