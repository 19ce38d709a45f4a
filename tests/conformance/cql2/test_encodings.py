"""The requirements of OGC 21-065r2 on CQL2 text and JSON, the id in the name of a test or in its parameter.

What each class adds, written in both languages, finds the same.
"""

import json

import pytest

from tests.conformance.cql2.asking import GEOMETRY, LAYER, SHAPES, B, L, agree, find, make_shape, name, operate, pick
from tests.conformance.cql2.door import list_ids

ENCODED = {
    "basic-cql2": (
        "outlets >= 2 AND NOT in_service = FALSE",
        operate("and", operate(">=", name("outlets"), 2), operate("not", operate("=", name("in_service"), False))),
    ),
    "advanced-comparison-operators": (
        "name NOT LIKE 'L%' OR outlets NOT IN (1,2) OR cover_m BETWEEN 0 AND 1",
        operate(
            "or",
            operate("not", operate("like", name("name"), "L%")),
            operate("not", operate("in", name("outlets"), [1, 2])),
            operate("between", name("cover_m"), 0, 1),
        ),
    ),
    "case-insensitive-comparison": (
        "CASEI(operator) = casei('STRASSE')",
        operate("=", operate("casei", name("operator")), operate("casei", "STRASSE")),
    ),
    "accent-insensitive-comparison": (
        "ACCENTI(name) LIKE accenti('%Huệ')",
        operate("like", operate("accenti", name("name")), operate("accenti", "%Huệ")),
    ),
    "basic-spatial-functions": (
        f"S_INTERSECTS(geometry, BBOX({L},{B},{L + 3},{B + 3}))",
        operate("s_intersects", GEOMETRY, {"bbox": [L, B, L + 3, B + 3]}),
    ),
    "basic-spatial-functions-plus": (
        f"s_intersects(geometry, MULTIPOINT(({L} {B}),({L + 2} {B + 2})))",
        operate("s_intersects", GEOMETRY, make_shape("MultiPoint", [[0, 0], [2, 2]])),
    ),
    "spatial-functions": (
        f"S_WITHIN(geometry, POLYGON(({L} {B},{L + 3} {B},{L + 3} {B + 3},{L} {B + 3},{L} {B})))",
        operate("s_within", GEOMETRY, SHAPES["Polygon"]),
    ),
    "temporal-functions": (
        "T_METBY(INTERVAL(installed_on, '..'), INTERVAL('..', '2020-01-02'))",
        operate("t_metBy", {"interval": [name("installed_on"), ".."]}, {"interval": ["..", "2020-01-02"]}),
    ),
    "array-functions": ("A_CONTAINEDBY(('a', 1), (1, 'b', 'a'))", operate("a_containedBy", ["a", 1], [1, "b", "a"])),
    "property-property": (
        "0.5 <= flow_lps AND name = owner",
        operate("and", operate("<=", 0.5, name("flow_lps")), operate("=", name("name"), name("owner"))),
    ),
    "arithmetic": (
        "flow_lps * 2 - cover_m div 2 > 1",
        operate(">", operate("-", operate("*", name("flow_lps"), 2), operate("div", name("cover_m"), 2)), 1),
    ),
}


@pytest.mark.parametrize("requirement", ENCODED)
def test_req_cql2_text(door, requirement):
    text, document = ENCODED[requirement]
    by_text = list_ids(door.ask(LAYER, text, "cql2-text"))
    assert by_text and by_text == list_ids(door.ask(LAYER, json.dumps(document), "cql2-json"))


@pytest.mark.parametrize("requirement", ENCODED)
def test_req_cql2_json(door, requirement):
    agree(door, ENCODED[requirement][1])


def test_req_cql2_text_escaping(door):
    for text, value in (
        (r"'O''Brien'", "O'Brien"),
        (r"'O\'Brien'", "O'Brien"),
        (r"'back\\slash'", "back\\slash"),
        (r"'tab\there'", "tab\there"),
        (r"'two\nlines'", "two\nlines"),
    ):
        assert find(door, f"remarks = {text}") == pick(door, "remarks", value), text
    assert find(door, r"'\a\b\v\f\r' = 'x'") == set()


def test_req_cql2_json_is_refused_where_it_is_not_of_the_schema(door):
    for document in ('{"op": "="', '{"op": "=", "args": [1]}', "[]", "5", '"x"', '{"op": "like", "args": [1]}', "{}"):
        assert door.ask(LAYER, document, "cql2-json").status_code == 400, document
