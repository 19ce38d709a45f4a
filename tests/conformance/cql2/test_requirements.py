"""One test for each requirement of OGC 21-065r2 (CQL2 1.0), its id in the name; those of encodings: test_encodings.py.

Most hold the answers in both languages against the oracle; the filters of the abstract test suite (Annex A) are among
them.
"""

import json

import pytest

from tests.conformance.cql2 import city
from tests.conformance.cql2.asking import GEOMETRY, LAYER, SHAPES, agree, find, name, operate, pick, refuse
from tests.conformance.cql2.functions import FUNCTIONS

# Basic CQL2


def test_req_basic_cql2_cql2_filter(door):
    known = {each.id for each in door.features[LAYER]}
    assert find(door, "TRUE") == known and find(door, "false") == set()
    one, two = "outlets > 2", "in_service = true"
    assert find(door, f"{one} AND {two}") == find(door, one) & find(door, two)
    assert find(door, f"{one} OR {two}") == find(door, one) | find(door, two)
    assert find(door, f"NOT ({one})") == known - find(door, one) - find(door, "outlets IS NULL")
    for filter in (f"{one} AND", "outlets", f"({one}", "outlets > > 2", "", "'a'", f"{one} {two}", "NOT"):
        refuse(door, filter)


def test_req_basic_cql2_property(door):
    refuse(door, "no_such_property = 1", "no_such_property")
    assert find(door, '"outlets" = 2') == find(door, "outlets = 2") == pick(door, "outlets", 2)
    for layer, kinds in city.LAYERS.items():
        for property in kinds:
            assert find(door, f"{property} IS NULL", layer=layer) == pick(door, property, None, layer=layer), property


@pytest.mark.parametrize(
    ("property", "value"),
    [
        ("asset_code", "h05"),
        ("in_service", True),
        ("flow_lps", 0.25),
        ("outlets", 2),
        ("created_at", {"timestamp": "2022-04-24T07:59:57Z"}),
        ("tested_on", {"date": "2020-01-02"}),
    ],
)
def test_req_basic_cql2_binary_comparison_predicate(door, property, value):
    agree(door, *(operate(sign, name(property), value) for sign in ("=", "<>", "<", ">", "<=", ">=")))


def test_req_basic_cql2_null_predicate(door):
    for property in city.LAYERS[LAYER]:
        agree(door, operate("isNull", name(property)), operate("not", operate("isNull", name(property))))


# Advanced comparison operators


def test_req_advanced_comparison_operators_like_predicate(door):
    for pattern in ("%", "_%", "", "%%", "\\%\\_", "50\\%%", "a_b", "a\\_b", "%\\\\%", "_", "%e%"):
        agree(
            door, operate("like", name("remarks"), pattern), operate("not", operate("like", name("remarks"), pattern))
        )
    assert find(door, "remarks LIKE '%'") == find(door, "remarks like '%%'") > find(door, "remarks LIKE '_%'")
    assert find(door, r"remarks LIKE '50\\%%'") == pick(door, "remarks", "50% off")
    # A pattern that ends in the escape character is no pattern, or one that ends in a backslash: never a fault of ours.
    assert door.ask(LAYER, "remarks LIKE 'a\\\\'", "cql2-text").status_code in (200, 400)


def test_req_advanced_comparison_operators_between_predicate(door):
    between = [
        operate("between", name("outlets"), 2, 4),
        operate("between", name("flow_lps"), 100.0, 1.0),
        operate("between", name("flow_lps"), name("cover_m"), 8),
        operate("between", 2, name("outlets"), 3),
        operate("between", operate("/", name("outlets"), 2), 0.5, 1.5),
    ]
    agree(door, *between, *(operate("not", each) for each in between))


def test_req_advanced_comparison_operators_in_predicate(door):
    listed = [
        operate("in", name("outlets"), [1, 2, 3]),
        operate("in", name("flow_lps"), [0.25, name("cover_m")]),
        operate("in", name("name"), ["Nguyễn Huệ", "bar"]),
        operate("in", name("in_service"), [True]),
        operate("in", name("tested_on"), [{"date": "2020-01-02"}, {"date": "2020-01-31"}]),
    ]
    agree(door, *listed, *(operate("not", each) for each in listed))
    # Conformance test 12 of Annex A writes times as plain text.
    assert find(door, "tested_on IN ('2020-01-02', '2020-01-31')") == find(
        door, "tested_on IN (DATE('2020-01-02'), DATE('2020-01-31'))"
    )
    assert find(door, "created_at in ('2022-04-24T07:59:57Z', '2022-04-14T15:52:56Z')") == pick(
        door, "created_at", city.MOMENTS[0]
    )


# Case and accents


def test_req_case_insensitive_comparison_casei_function(door):
    for text in city.FOLDED + city.NAMES:
        folded = operate("casei", text)
        agree(door, operate("=", operate("casei", name("operator")), folded))
        agree(door, operate("<>", operate("casei", name("name")), folded))
    agree(door, operate("like", operate("casei", name("operator")), operate("casei", "STRA%")))
    assert find(door, "casei(operator) = CASEI('strasse')") == pick(door, "operator", "Straße", "STRASSE", "strasse")
    assert find(door, "CASEI(operator) = CASEI('ΟΔΟΣ')") == pick(door, "operator", "Οδος", "ΟΔΟΣ", "οδοσ")


def test_req_accent_insensitive_comparison_accenti_function(door):
    for text in (*city.NAMES, "Nguye\u0302\u0303n Hue\u0323\u0302"):
        agree(door, operate("=", operate("accenti", name("name")), operate("accenti", text)))
        folded = operate("casei", operate("accenti", text))
        agree(door, operate("in", operate("casei", operate("accenti", name("owner"))), [folded, "x"]))
    agree(door, operate("like", operate("accenti", name("name")), operate("accenti", "%Huệ")))
    hue = ("Nguyễn Huệ", "nguyễn huệ", "NGUYỄN HUỆ", "Nguyen Hue")
    assert find(door, "CASEI(ACCENTI(name)) = CASEI(ACCENTI('Nguyen Hue'))") == pick(door, "name", *hue)
    khoi = ("Đường Đồng Khởi", "duong dong khoi")
    assert find(door, "ACCENTI(CASEI(name)) = ACCENTI(CASEI('DUONG dong KHOI'))") == pick(door, "name", *khoi)


# Spatial functions


def test_req_basic_spatial_functions_spatial_predicate(door):
    agree(door, operate("s_intersects", GEOMETRY, SHAPES["Point"]), operate("s_intersects", SHAPES["BBox"], GEOMETRY))
    agree(door, operate("not", operate("s_intersects", GEOMETRY, SHAPES["BBox"])))
    for filter in ("S_INTERSECTS(geometry)", "S_INTERSECTS(geometry,5)", "S_INTERSECTS(name,POINT(1 1))"):
        refuse(door, filter)


def test_req_basic_spatial_functions_spatial_functions(door):
    for layer in city.LAYERS:
        agree(door, operate("s_intersects", GEOMETRY, SHAPES["BBox"]), layer=layer)


def test_req_basic_spatial_functions_spatial_data_types(door):
    placed = {each.id for each in door.features[LAYER] if each.properties["geometry"]}
    # The whole world in longitude and latitude, though the layer is stored in a plane that ends far before it does.
    assert find(door, "S_INTERSECTS(geometry,BBOX(-180,-90,180,90))") == placed
    assert find(door, "S_INTERSECTS(geometry,BBOX(106.6,10.7,106.8,10.9))") == placed
    assert find(door, "S_INTERSECTS(geometry,BBOX(-90,40,-60,50))") == set()
    assert find(door, "S_INTERSECTS(geometry,POINT(7.02 49.92))") == set()
    # No latitude is 180: conformance test 25 of Annex A.
    refuse(door, "S_INTERSECTS(geometry,POINT(90 180))", "180")


def test_req_basic_spatial_functions_plus_spatial_predicate(door):
    for layer in city.LAYERS:
        agree(door, operate("s_intersects", GEOMETRY, SHAPES["Polygon"]), layer=layer)


def test_req_basic_spatial_functions_plus_spatial_functions(door):
    for layer in city.LAYERS:
        agree(door, operate("s_intersects", SHAPES["LineString"], GEOMETRY), layer=layer)


def test_req_basic_spatial_functions_plus_spatial_data_types(door):
    for shape in SHAPES.values():
        agree(door, operate("s_intersects", GEOMETRY, shape), layer="building")
    placed = {each.id for each in door.features[LAYER] if each.properties["geometry"]}
    # As conformance test 28 of Annex A writes them, the points of the multipoint without brackets of their own.
    for literal in (
        "MULTIPOINT(7.02 49.92, 90 80)",
        "LINESTRING(-180 -45, 0 -45)",
        "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
    ):
        assert find(door, f"S_INTERSECTS(geometry,{literal})") == set()
    assert find(door, "S_INTERSECTS(geometry,POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90)))") == placed


def test_req_spatial_functions_spatial_functions(door):
    for layer in city.LAYERS:
        for relation in ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains"):
            for shape in ("Point", "LineString", "Polygon", "BBox"):
                agree(door, operate(f"s_{relation}", GEOMETRY, SHAPES[shape]), layer=layer)
    assert find(door, "S_DISJOINT(geometry,BBOX(-180,-90,180,90))") == set()
    assert find(door, "S_WITHIN(geometry,POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90)))") == find(
        door, "S_WITHIN(geometry,BBOX(-180,-90,180,90))"
    )


def test_req_spatial_functions_spatial_data_types(door):
    for shape in ("MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"):
        for relation in ("intersects", "equals", "disjoint", "touches", "within", "overlaps", "crosses", "contains"):
            agree(door, operate(f"s_{relation}", GEOMETRY, SHAPES[shape]), layer="sewer_pipe")


# Temporal functions


def test_req_temporal_functions_temporal_predicates(door):
    interval = {"interval": [name("installed_on"), name("decommissioned_on")]}
    for function in ("t_after", "t_before", "t_disjoint", "t_equals", "t_intersects"):
        agree(
            door,
            operate(function, name("created_at"), {"timestamp": "2022-04-24T07:59:57Z"}),
            operate(function, name("created_at"), {"interval": ["2022-04-24T07:59:57Z", "2022-04-30T23:59:59Z"]}),
            operate(function, name("tested_on"), {"date": "2020-01-02"}),
            operate(function, name("tested_on"), {"interval": ["2020-01-02", "2020-12-31"]}),
            operate(function, name("tested_on"), {"interval": ["..", "2020-01-02"]}),
            operate(function, interval, {"date": "2020-01-31"}),
            operate(function, {"date": "2020-01-31"}, interval),
        )


def test_req_temporal_functions_temporal_functions(door):
    properties = {"interval": [name("installed_on"), name("decommissioned_on")]}
    stamps = {"interval": [name("created_at"), name("updated_at")]}
    functions = ("after", "before", "disjoint", "equals", "intersects", "contains", "during", "finishedBy", "finishes")
    for function in (*functions, "meets", "metBy", "overlappedBy", "overlaps", "startedBy", "starts"):
        agree(
            door,
            operate(f"t_{function}", properties, {"interval": ["2020-01-02", "2020-01-31"]}),
            operate(f"t_{function}", {"interval": ["2020-01-01", ".."]}, properties),
            operate(f"t_{function}", properties, {"interval": [name("planned_from"), name("planned_to")]}),
            operate(f"t_{function}", stamps, {"interval": ["2022-04-24T07:59:57Z", "2022-04-25T07:59:57Z"]}),
        )
    # The ten that are of intervals only are refused an instant: clause 7.6.2.
    for function in ("CONTAINS", "DURING", "FINISHEDBY", "FINISHES", "MEETS", "METBY", "OVERLAPPEDBY", "OVERLAPS"):
        refuse(door, f"T_{function}(tested_on, INTERVAL('2020-01-01','2020-12-31'))")
    refuse(door, "T_STARTS(INTERVAL('2020-01-01','2020-12-31'), DATE('2020-01-01'))")
    refuse(door, "T_AFTER(tested_on, DATE('2020-02-31'))", "2020-02-31")


# Arrays


def test_req_array_functions_array_predicates(door):
    """No layer has an array, so arrays are compared that are written out; an order or a repetition means nothing."""
    cases = [
        (["a", "b"], ["b", "a", "a"]),
        (["a", "b"], ["a"]),
        (["a"], ["a", "b"]),
        (["a"], ["b"]),
        (["a", 1], [1, True]),
    ]
    for function in ("a_equals", "a_contains", "a_containedBy", "a_overlaps"):
        agree(door, *(operate(function, one, two) for one, two in cases))


# Properties, functions, arithmetic


def test_req_property_property_withdraw_permissions(door):
    text = [operate(sign, "h05", name("asset_code")) for sign in ("=", "<>", "<", ">", "<=", ">=")]
    agree(door, *text, operate("=", name("name"), name("owner")), operate("<", name("cover_m"), name("flow_lps")))
    agree(door, operate("=", 3.14, name("flow_lps")), operate("<=", {"date": "2020-01-02"}, name("tested_on")))
    agree(door, operate("=", True, name("in_service")), operate("=", 1, 1), operate("=", "a", "b"))
    agree(door, operate("s_within", GEOMETRY, GEOMETRY), operate("s_within", SHAPES["Point"], SHAPES["BBox"]))
    agree(door, operate("like", "Nguyễn", "Ng%"), operate("t_before", {"date": "2020-01-02"}, name("tested_on")))


def test_req_functions_functions(door):
    """What is listed may be used; what is not is refused by name."""
    listed = door.client.get("/ogc/functions?f=json").json["functions"]
    assert {each["name"]: len(each["arguments"]) for each in listed} == {
        name: len(each.takes) for name, each in FUNCTIONS.items()
    }
    moment, line = name("created_at"), SHAPES["LineString"]
    agree(
        door,
        operate("=", operate("lower", name("name")), "nguyễn huệ"),
        operate("=", operate("concat", operate("trim", " a "), operate("upper", name("status"))), "aREMOVED"),
        operate(">", operate("length", name("owner")), operate("abs", -5)),
        operate("=", operate("round", name("flow_lps")), operate("ceil", name("flow_lps"))),
        operate("=", operate("round", 2.5), 3),
        operate("=", operate("+", operate("year", moment), operate("month", moment)), 2026),
        operate("<", operate("distance_m", GEOMETRY, line), 1.5),
        operate("not", operate("is_within_m", GEOMETRY, line, 2)),
    )
    agree(door, operate(">", operate("length_m", GEOMETRY), 5.5), layer="sewer_pipe")
    agree(door, operate(">", operate("area_m2", GEOMETRY), 3), layer="building")
    refuse(door, "avg(outlets) > 3", "avg")
    assert door.ask(LAYER, json.dumps(operate("=", operate("avg", name("outlets")), 3)), "cql2-json").status_code == 400


def test_req_arithmetic_arithmetic(door):
    outlets, flow, cover = name("outlets"), name("flow_lps"), name("cover_m")
    for sign in ("+", "-", "*", "/", "%", "div", "^"):
        agree(
            door,
            operate("=", operate(sign, outlets, 2), 2),
            operate(">", operate(sign, flow, 2), operate(sign, cover, 1)),
            operate("=", operate(sign, -7, outlets), -3),
            operate("isNull", operate(sign, flow, cover)),
        )
    # Whole numbers divide into fractions; a division by zero is unknown, and so is a root of less than nothing.
    assert find(door, "outlets / 2 = 0.5") == pick(door, "outlets", 1)
    assert find(door, "5 div 2 = 2 AND 5 % 2 = 1 AND 5 / 2 = 2.5 AND 2 + 3 * 4 = 14") == find(door, "TRUE")
    for unknown in ("1 / 0", "1 % 0", "1 div 0", "(-8) ^ 0.5", "0 ^ -1"):
        assert find(door, f"{unknown} = 1 OR NOT ({unknown} = 1)") == set(), unknown
    # A sign belongs to its operand, which the power then is of: arithmeticFactor of the grammar.
    assert find(door, "-2 ^ 2 = 4 AND -outlets ^ 2 = outlets * outlets") == find(door, "outlets IS NOT NULL")
    assert find(door, "10 - 4 - 3 = 3 AND 16 / 4 / 2 = 2 AND 2 - -1 = 3") == find(door, "TRUE")
