"""The register over HTTP: list, groups, steps, and the layer `conflict` of the API, the WFS and the tiles."""

import pytest
from sqlalchemy import delete, select

from gis_infra.accounts import people
from gis_infra.accounts.tables import DEPARTMENT, PERSON
from gis_infra.analysis.register import working
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert
from tests.register import enter, make_finding

PASSWORD = "một mật khẩu dài"
ADMIN, LAN, MINH, HOA = (("admin", PASSWORD), ("lan", PASSWORD), ("minh", PASSWORD), ("hoa", PASSWORD))
LAYERS = ("sewer_pipe", "water_pipe")
SECTORS = ("water", "drainage", "power")
ITEMS = "/ogc/collections/conflict/items"


def line(north_m):
    return f"LINESTRING(603000 {1191500 + north_m},603100 {1191500 + north_m})"


@pytest.fixture(scope="module")
def city(settings, engine, tables, catalogue):
    """Lan edits sewers, Minh sees what is shared, Hoa edits water; and three pipes, one of them restricted."""
    application = create_app(settings, engine)
    with writing(engine) as connection:
        people.add_department(connection, "roads", "Giao thông", "Roads")
        people.add_person(connection, "admin", "Quản trị", password=PASSWORD)
        people.add_person(connection, "lan", "Nguyễn Thị Lan", password=PASSWORD)
        people.add_person(connection, "minh", "Trần Minh", "roads", password=PASSWORD)
        people.add_person(connection, "hoa", "Lê Hoa", password=PASSWORD)
        people.grant_to_person(connection, "admin", "admin", "*", catalogue)
        people.grant_to_person(connection, "lan", "editor", "sector:drainage", catalogue)
        people.grant_to_person(connection, "hoa", "editor", "sector:water", catalogue)
        ids = [
            insert(connection, tables, "sewer_pipe", wkt=line(0), asset_code="S-1", owner="Thoát nước"),
            insert(connection, tables, "sewer_pipe", wkt=line(1), asset_code="S-2", sensitivity="restricted"),
            insert(connection, tables, "water_pipe", wkt=line(2), asset_code="W-1", owner="Sawaco"),
        ]
    yield application, ids
    with writing(engine) as connection:
        for table in (PERSON, DEPARTMENT, *(tables.get(each) for each in LAYERS)):
            connection.execute(delete(table))


@pytest.fixture
def register(city, engine, tables):
    """Three conflicts: of S-1 with W-1, of the restricted S-2 with W-1, and of S-1 alone; ids in that order."""
    open_sewer, secret_sewer, main = city[1]
    with writing(engine) as connection:
        enter(
            connection,
            tables,
            [
                make_finding(("sewer_pipe", open_sewer), ("water_pipe", main), "city.water_sewer"),
                make_finding(("sewer_pipe", secret_sewer), ("water_pipe", main), "city.water_sewer", distance_m=0.1),
                make_finding(
                    ("sewer_pipe", open_sewer), None, "nation.cover", severity="vertical_unknown", distance_m=None
                ),
            ],
        )
        found = connection.execute(select(CONFLICT.c.left_id, CONFLICT.c.right_id, CONFLICT.c.id)).all()
    ids = {(left, right): id_ for left, right, id_ in found}
    yield ids[open_sewer, main], ids[secret_sewer, main], ids[open_sewer, None]
    with writing(engine) as connection:
        connection.execute(delete(CONFLICT))
        connection.execute(delete(CONFLICT_RUN))


@pytest.fixture
def ask(city):
    """Asks as somebody; the public if nobody is named."""
    return lambda path, **values: city[0].test_client().open(path, **values)


def take(ask, number, who, action, **members):
    headers = members.pop("headers", {})
    return ask(f"/ogc/conflicts/{number}", auth=who, method="POST", json={"action": action, **members}, headers=headers)


def test_the_list_shows_whom_the_assets_may_be_shown_to(ask, register):
    assert ask("/ogc/conflicts", auth=ADMIN).json["numberMatched"] == 3
    assert ask("/ogc/conflicts", auth=LAN).json["numberMatched"] == 3
    assert ask("/ogc/conflicts", auth=MINH).json["numberMatched"] == 2
    assert ask("/ogc/conflicts").json["numberMatched"] == 1  # water pipes are shared: only the sewer alone is public


def test_the_layer_has_the_same_conflicts_for_each(ask, register):
    for who, number in ((ADMIN, 3), (LAN, 3), (MINH, 2)):
        found = ask(ITEMS, auth=who).json
        assert (found["numberMatched"], found["numberReturned"]) == (number, number)
        assert ask(f"{ITEMS}?bbox=106,10,107,11", auth=who).json["numberMatched"] == number
    assert ask(ITEMS).status_code == 404
    assert ask(f"{ITEMS}/{register[1]}", auth=MINH).status_code == 404
    assert ask(f"{ITEMS}/{register[1]}", auth=LAN).json["properties"]["severity"] == "violation"


def test_a_browser_is_sent_to_the_pages_of_the_layer(ask, register):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path, page in (("", ""), (f"/{register[0]}", f"/{register[0]}")):
        sent = ask(f"/ogc/conflicts{path}", auth=LAN, headers=browser)
        assert (sent.status_code, sent.location.partition("/ogc")[2]) == (303, f"{ITEMS[4:]}{page}?f=html")
        shown = ask(f"{ITEMS}{page}?f=html", auth=LAN)
        assert shown.status_code == 200 and "<html" in shown.text
        assert ask(f"/ogc/conflicts{path}", auth=LAN, headers={"Accept": "*/*"}).mimetype == "application/geo+json"
    assert ask("/ogc/conflicts", headers=browser).mimetype == "application/geo+json"  # the layer is not public


@pytest.mark.parametrize(
    "path",
    ["/ogc/collections", "/ogc/collections?f=html", "/ogc/styles/infra", "/viewer/config?lang=en", "/ogc/api",
     "/ogc/collections/conflict?f=html", f"{ITEMS}?f=html", "/ogc/collections/conflict/schema",
     "/ogc/collections/conflict/queryables", "/ogc/collections/conflict/tiles/WebMercatorQuad"],
)  # fmt: skip
def test_whatever_tells_of_layers_tells_of_this_one_to_who_is_signed_in(ask, register, path):
    answer = ask(path, auth=MINH)
    assert answer.status_code == 200 and "conflict" in answer.text


WFS = "/wfs?service=WFS&version=2.0.0&request="


def test_the_wfs_has_the_layer_and_refuses_to_change_it(ask, register):
    assert "infra:conflict" in ask(f"{WFS}GetCapabilities", auth=MINH).text
    assert "infra:conflict" not in ask(f"{WFS}GetCapabilities").text
    found = ask(f"{WFS}GetFeature&typeNames=infra:conflict&sortBy=distance_m", auth=LAN).text
    assert 'numberMatched="3"' in found and found.index(">0.1<") < found.index(">0.2<")
    assert 'numberMatched="2"' in ask(f"{WFS}GetFeature&typeNames=infra:conflict&resultType=hits", auth=MINH).text
    answer = ask("/wfs", auth=ADMIN, method="POST", data=DELETE, content_type="text/xml")
    assert answer.status_code in (400, 403) and "may not edit layer conflict" in answer.text
    assert ask(ITEMS, auth=ADMIN).json["numberMatched"] == 3


DELETE = """<wfs:Transaction service="WFS" version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0"
 xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:infra="urn:gis-infra:infra">
<wfs:Delete typeName="infra:conflict"><fes:Filter><fes:PropertyIsEqualTo>
<fes:ValueReference>status</fes:ValueReference><fes:Literal>new</fes:Literal>
</fes:PropertyIsEqualTo></fes:Filter></wfs:Delete></wfs:Transaction>"""


@pytest.mark.parametrize(("method", "path"), [("POST", ITEMS), ("PUT", f"{ITEMS}/1"), ("PATCH", f"{ITEMS}/1")])
def test_nobody_writes_to_the_layer(ask, register, method, path):
    answer = ask(path, auth=ADMIN, method=method, json={"type": "Feature", "geometry": None, "properties": {}})
    assert answer.status_code == 403 and "may not edit layer conflict" in answer.json["detail"]


@pytest.mark.parametrize(
    ("query", "matched"),
    [("severity=vertical_unknown", 1), ("filter=distance_m<0.15", 1), ("filter=right_owner='Sawaco'&limit=1", 0),
     ("filter=S_INTERSECTS(geometry,BBOX(106,10,107,11))", 3), ("status=approved", 0), ("datetime=2026-11-23", 3)],
)  # fmt: skip
def test_the_layer_is_filtered_like_any_other(ask, register, query, matched):
    assert ask(f"{ITEMS}?{query}", auth=ADMIN).json["numberMatched"] == matched


def test_the_layer_is_paged_in_any_order(ask, register):
    first = ask(f"{ITEMS}?sortby=-distance_m&limit=1", auth=ADMIN).json
    link = next(each["href"] for each in first["links"] if each["rel"] == "next")
    second = ask(link[link.index("/ogc") :], auth=ADMIN).json
    assert [each["features"][0]["properties"]["distance_m"] for each in (first, second)] == [0.2, 0.1]
    assert ask(f"{ITEMS}?offset=2", auth=ADMIN).json["numberReturned"] == 1


@pytest.mark.parametrize("path", [f"{ITEMS}?as-of=2026-11-23T08:00:00Z", f"{ITEMS}/1/history"])
def test_versions_of_the_layer_are_not_to_be_had(ask, register, path):
    answer = ask(path, auth=ADMIN)
    assert answer.status_code == 400 and "without the versions it had" in answer.json["detail"]


def test_a_tile_shows_each_what_is_theirs_and_is_never_stale(ask, register, engine, tables, city):
    path = "/ogc/collections/conflict/tiles/WebMercatorQuad/12/1924/3261"
    sizes = [len(ask(path, auth=who).data) for who in (ADMIN, MINH)]
    assert sizes[0] > sizes[1] > 0
    with writing(engine) as connection:
        table = tables.get("sewer_pipe")
        connection.execute(table.update().where(table.c.id == city[1][1]).values(sensitivity=None))
    try:
        assert len(ask(path, auth=MINH).data) == sizes[0]
    finally:
        with writing(engine) as connection:
            connection.execute(table.update().where(table.c.id == city[1][1]).values(sensitivity="restricted"))
    assert len(ask(path, auth=MINH).data) == sizes[1]


def test_a_step_goes_by_the_version_it_was_decided_by(ask, register):
    shown = ask(f"/ogc/conflicts/{register[0]}", auth=LAN)
    seen = shown.headers["ETag"]
    assert shown.json["allowed"] == ["comment", "due", "review", "resolve", "reopen", "own", "assign", "approve"]
    done = take(ask, register[0], LAN, "approve", text="trong ống lồng", headers={"If-Match": seen})
    assert done.status_code == 200 and done.json["properties"]["status"] == "approved"
    assert done.headers["ETag"] != seen
    late = take(ask, register[0], HOA, "resolve", headers={"If-Match": seen})
    assert late.status_code == 412 and "by now" in late.json["detail"]
    history = ask(f"/ogc/conflicts/{register[0]}", auth=HOA).json["history"]
    assert [(each["action"], each["actor"], each["text"]) for each in history] == [
        ("found", "system", None), ("approved", "lan", "trong ống lồng"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "body", "status", "words"),
    [
        (None, {"action": "comment", "text": "x"}, 404, "there is no conflict"),
        (MINH, {"action": "approve", "text": "x"}, 403, "minh may not approve conflict"),
        (MINH, {"action": "review"}, 403, "the department that owns it or its assignee"),
        (LAN, {"action": "approve"}, 400, "an approval needs its reason"),
        (LAN, {"action": "comment", "text": "  "}, 400, "a comment needs a text"),
        (LAN, {"action": "comment", "text": "x" * 4001}, 400, "at most 4,000 characters, got 4,001"),
        (LAN, {"action": "reopen"}, 409, "is new; to reopen it, it must be one of approved, resolved, reviewed"),
        (LAN, {"action": "due", "value": "tomorrow"}, 400, "a due date is a day"),
        (LAN, {"action": "own", "value": "nobody"}, 400, "there is no department 'nobody'"),
        (LAN, {"action": "assign", "value": "nobody"}, 400, "there is no person 'nobody' who may see"),
        (LAN, {"action": "burn"}, 400, "action must be one of comment"),
        (LAN, {}, 400, "the body must say its action"),
        (LAN, {"action": 1}, 400, "action must be a text"),
        (LAN, {"action": "review", "colour": "red"}, 400, "there is no member 'colour'"),
        (LAN, [], 400, "the body must be an object"),
    ],
)
def test_a_step_that_cannot_be_taken_is_refused_in_words(ask, register, who, body, status, words):
    answer = ask(f"/ogc/conflicts/{register[0]}", auth=who, method="POST", json=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert words in answer.json["detail"]


def test_the_public_is_told_to_sign_in_and_learns_no_names(ask, register):
    assert take(ask, register[2], LAN, "assign", value="lan").status_code == 200
    assert take(ask, register[2], LAN, "comment", text="xem hố ga").status_code == 200
    shown = ask(f"/ogc/conflicts/{register[2]}")
    assert shown.json["history"] == [] and shown.json["allowed"] == []
    assert "lan" not in shown.text.replace("left_layer", "") and "assignee" not in shown.text
    assert take(ask, register[2], None, "comment", text="x").status_code == 401
    for query in ("assignee=lan", "owner=roads", "due_before=2026-12-01", "sort=assignee"):
        assert ask(f"/ogc/conflicts?{query}").status_code == 400
    assert ask("/ogc/conflicts/groups?by=assignee").status_code == 400


def test_who_is_handed_a_conflict_may_work_on_it_but_not_decide(ask, register):
    assert take(ask, register[0], MINH, "review").status_code == 403
    assert take(ask, register[0], LAN, "own", value="roads").json["properties"]["owner"] == "roads"
    assert ask(f"/ogc/conflicts/{register[0]}", auth=MINH).json["allowed"] == [
        "comment", "due", "review", "resolve", "reopen",
    ]  # fmt: skip
    done = take(ask, register[0], MINH, "due", value="2026-12-31")
    assert done.json["properties"]["due_on"] == "2026-12-31"
    assert take(ask, register[0], MINH, "review").json["properties"]["status"] == "reviewed"
    assert take(ask, register[0], MINH, "approve", text="x").status_code == 403
    assert ask("/ogc/conflicts?owner=roads&due_before=2027-01-01", auth=HOA).json["numberMatched"] == 1


def test_a_conflict_is_assigned_only_to_who_sees_it(ask, register):
    answer = take(ask, register[1], LAN, "assign", value="minh")
    assert answer.status_code == 400 and "no person 'minh' who may see" in answer.json["detail"]
    assert take(ask, register[0], LAN, "assign", value="minh").json["properties"]["assignee"] == "minh"
    assert ask("/ogc/conflicts?assignee=minh", auth=MINH).json["numberMatched"] == 1


def test_who_may_assign_is_offered_those_who_may_see_it(ask, register):
    def offered(number, who):
        answer = ask(f"/ogc/conflicts/{number}/assignees", auth=who)
        return [each["username"] for each in answer.json["people"]] if answer.status_code == 200 else answer.status_code

    assert set(offered(register[0], LAN)) >= {"lan", "minh"}
    assert "lan" in offered(register[1], LAN) and "minh" not in offered(register[1], LAN)
    assert offered(register[0], MINH) == 403  # he may not assign, so he learns no names
    assert (offered(register[2], None), offered(register[0], None)) == (401, 404)
    assert offered(register[1], MINH) == 404 and offered("x", LAN) == 404


def test_who_may_hand_a_conflict_on_is_told_the_departments_by_name(ask, register):
    answer = ask(f"/ogc/conflicts/{register[0]}/assignees", auth=LAN)
    assert {"code": "roads", "title": {"vi": "Giao thông", "en": "Roads"}} in answer.json["departments"]


def test_a_conflict_has_only_so_many_comments(ask, register, monkeypatch):
    monkeypatch.setattr(working, "MOST_COMMENTS", 2)
    answers = [take(ask, register[0], LAN, "comment", text=f"lần {number}") for number in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 409]
    assert answers[2].json["detail"] == f"conflict {register[0]} has 2 comments, and no conflict has more"
    assert take(ask, register[0], LAN, "review", text="đã xem").status_code == 200  # other words are not comments


def test_the_list_is_narrowed_to_a_sector(ask, register):
    found = {sector: ask(f"/ogc/conflicts?sector={sector}", auth=LAN).json["numberMatched"] for sector in SECTORS}
    assert found == {"water": 2, "drainage": 3, "power": 0}
    assert ask("/ogc/conflicts?sector=drainage", auth=MINH).json["numberMatched"] == 2
    groups = ask("/ogc/conflicts/groups?by=kind&sector=water", auth=LAN).json["groups"]
    assert sum(each["conflicts"] for each in groups) == 2


@pytest.mark.parametrize("path", ["", "/groups"])
@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("nope", ("there are the packs ", "qcvn01", "vn_power")),
        ("nope.water", ("there are the packs ", "qcvn01")),
        ("germany.nope", ("pack germany has germany.",)),
    ],
)
def test_a_rule_that_is_none_is_refused_and_those_there_are_named(ask, register, path, rule, words):
    answer = ask(f"/ogc/conflicts{path}?rule={rule}", auth=LAN)
    assert answer.status_code == 400
    assert all(each in answer.json["detail"] for each in (f"there is no rule '{rule}'; ", *words))
    for file in ("report?f=csv&", "letters?"):
        assert ask(f"/analysis/conflicts/{file}rule={rule}", auth=LAN).status_code == 400


def test_a_rule_that_left_its_file_is_asked_for_by_who_sees_a_conflict_of_it(ask, register):
    assert ask("/ogc/conflicts?rule=city.water_sewer", auth=LAN).json["numberMatched"] == 2
    assert ask("/ogc/conflicts?rule=nation.cover").json["numberMatched"] == 1
    assert ask("/ogc/conflicts?rule=city.water_sewer").status_code == 400  # to the public there is no such rule


def test_groups_count_what_each_may_see(ask, register):
    def count(by, who):
        groups = ask(f"/ogc/conflicts/groups?by={by}", auth=who).json["groups"]
        return {each["value"]: each["conflicts"] for each in groups}

    assert count("rule", LAN) == {"city.water_sewer": 2, "nation.cover": 1}
    assert count("rule", MINH) == {"city.water_sewer": 1, "nation.cover": 1}
    assert count("severity", None) == {"vertical_unknown": 1}
    shown = ask("/ogc/conflicts/groups?by=rule", auth=LAN).json["groups"][0]
    assert shown["title"]["en"] == "Rule 1" and shown["worst_m"] == -0.4
    assert ask("/ogc/conflicts/groups?by=colour", auth=LAN).status_code == 400


@pytest.mark.parametrize("by", ["street", "asset_owner", "owner", "assignee"])
def test_a_group_without_a_value_opens_into_as_many(ask, register, by):
    groups = ask(f"/ogc/conflicts/groups?by={by}", auth=LAN).json["groups"]
    counted = sum(each["conflicts"] for each in groups if each["value"] is None)
    assert ask(f"/ogc/conflicts?without={by}", auth=LAN).json["numberMatched"] == counted
    assert counted or by == "asset_owner"


def test_the_public_does_not_ask_who_has_no_assignee(ask, register):
    answer = ask("/ogc/conflicts?without=assignee")
    assert answer.status_code == 400 and "sign in to ask" in answer.json["detail"]


@pytest.mark.parametrize(
    ("query", "words"),
    [("severity=bad", "severity must be one of violation"), ("sort=colour", "sort must be one of worst"),
     ("offset=-1", "offset must be a whole number"), ("street=%00", "street has at most 200 printable"),
     ("without=colour", "without must be of street, asset_owner"), ("due_before=soon", "due_before must be a day"),
     ("sector=gold", "sector must be one of"),
     ("colour=red", "there is no parameter 'colour'")],
)  # fmt: skip
def test_a_wrong_filter_is_refused_by_name(ask, query, words):
    answer = ask(f"/ogc/conflicts?{query}", auth=LAN)
    assert answer.status_code == 400 and words in answer.json["detail"]


def test_the_list_is_paged_by_links(ask, register):
    first = ask("/ogc/conflicts?limit=2", auth=LAN).json
    link = next(each["href"] for each in first["links"] if each["rel"] == "next")
    last = ask(link[link.index("/ogc") :], auth=LAN).json
    assert (first["numberReturned"], last["numberReturned"]) == (2, 1)
    assert [each["rel"] for each in last["links"]] == ["self"]
    worst = [each["properties"]["distance_m"] for each in (*first["features"], *last["features"])]
    assert worst == [0.1, 0.2, None]
