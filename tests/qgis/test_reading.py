"""QGIS reads the WFS: it knows a layer's type, system, count and extent, has filters applied here, and pages on."""

import pytest

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
HYDRANTS = ["H0", "H1", "H2", "H3", "H4", "H5"]
# What QGIS makes of the types of fields; before 3.38 or so of dates and booleans text.
TYPES = {
    "text": "QString",
    "code": "QString",
    "integer": "int",
    "number": "double",
    "boolean": "bool",
    "date": "QDate",
    "timestamp": "QDateTime",
}
STANDARD = ("description", "identifier")
TRIANGLE = "POLYGON((602999 1191499, 603011 1191499, 603011 1191501, 602999 1191499))"
# What QGIS has the server apply, and what is then left; H0 and H2 and H4 are 100 mm, H1 and H3 150 mm, H5 has nothing.
FILTERS = {
    "\"asset_code\" = 'H1'": ["H1"],
    "\"asset_code\" <> 'H1'": ["H0", "H2", "H3", "H4", "H5"],
    '"nominal_diameter_mm" < 150': ["H0", "H2", "H4"],
    '"nominal_diameter_mm" <= 100': ["H0", "H2", "H4"],
    '"nominal_diameter_mm" > 100': ["H1", "H3"],
    '"nominal_diameter_mm" >= 150': ["H1", "H3"],
    '"nominal_diameter_mm" = 100 AND "asset_code" = \'H2\'': ["H2"],
    "\"asset_code\" = 'H1' OR \"asset_code\" = 'H4'": ["H1", "H4"],
    'NOT ("nominal_diameter_mm" = 100)': ["H1", "H3"],
    "\"asset_code\" IN ('H2','H3')": ["H2", "H3"],
    '"name" IS NULL': ["H1", "H2", "H3", "H4", "H5"],
    '"name" IS NOT NULL': ["H0"],
    "\"name\" LIKE 'Trụ%'": ["H0"],
    "\"name\" ILIKE 'trụ%'": ["H0"],
    '"nominal_diameter_mm" + 50 = 200': ["H1", "H3"],
    '"nominal_diameter_mm" * 2 = 200': ["H0", "H2", "H4"],
    "upper(\"name\") LIKE 'TRỤ%'": ["H0"],
    "\"in_service\" = 'true'": ["H0"],
    "\"tested_on\" >= '2025-01-01'": ["H0"],
    f"intersects($geometry, geom_from_wkt('{TRIANGLE}'))": ["H1"],
    f"disjoint($geometry, geom_from_wkt('{TRIANGLE}'))": ["H0", "H2", "H3", "H4"],
    f"within($geometry, geom_from_wkt('{TRIANGLE}'))": ["H1"],
    "touches($geometry, geom_from_wkt('LINESTRING(603010 1191500, 603030 1191500)'))": ["H1", "H3"],
    "contains($geometry, geom_from_wkt('POINT(603020 1191500)'))": ["H2"],
    f"intersects_bbox($geometry, geom_from_wkt('{TRIANGLE}'))": ["H0", "H1"],
    "\"asset_code\" NOT IN ('H2','H3')": ["H0", "H1", "H4", "H5"],
    "\"asset_code\" LIKE '_1'": ["H1"],
    "\"name\" = 'It''s <two> & \"three\"'": [],
    '"nominal_diameter_mm" IS 100': ["H0", "H2", "H4"],
    '"nominal_diameter_mm" IS NOT 100': ["H1", "H3"],
    '"nominal_diameter_mm" - 50 = 100': ["H1", "H3"],
    '"nominal_diameter_mm" / 2 = 50': ["H0", "H2", "H4"],
    "lower(\"asset_code\") = 'h1'": ["H1"],
    'length("name") > 3': ["H0"],
    'abs("nominal_diameter_mm") = 100': ["H0", "H2", "H4"],
    'round("nominal_diameter_mm") = 150': ["H1", "H3"],
    "\"tested_on\" < to_date('2025-01-03')": ["H0"],
}
# What a person may write in place of a filter, and what comes then.
STATEMENTS = {
    "SELECT * FROM fire_hydrant WHERE nominal_diameter_mm BETWEEN 90 AND 110": ["H0", "H2", "H4"],
    "SELECT asset_code, kind FROM fire_hydrant WHERE nominal_diameter_mm = 100 ORDER BY asset_code DESC": [
        "H4", "H2", "H0"],
    "SELECT * FROM fire_hydrant WHERE in_service = 1": ["H0"],
    "SELECT * FROM fire_hydrant WHERE NOT asset_code LIKE 'H1' AND nominal_diameter_mm > 100": ["H3"],
    "SELECT * FROM fire_hydrant WHERE ST_Intersects(geom, ST_MakeEnvelope(602999,1191499,603011,1191501))": [
        "H0", "H1"],
    "SELECT * FROM fire_hydrant WHERE ST_DWithin(geom, ST_GeometryFromText('POINT(603000 1191500)'), 15)": [
        "H0", "H1"],
}  # fmt: skip
JOIN = "SELECT a.asset_code, b.asset_code FROM fire_hydrant AS a JOIN building AS b ON ST_Intersects(a.geom, b.geom)"


@pytest.mark.parametrize("version", VERSIONS)
def test_a_layer_opens_with_its_type_system_count_extent_and_fields(qgis, version):
    opened, found, boxed, log = qgis.run(
        ("open", {"name": "hydrants", "source": qgis.make_source("fire_hydrant", version)}),
        ("read", {"name": "hydrants"}),
        ("read", {"name": "hydrants", "box": [603005, 1191490, 603025, 1191510]}),
    )
    assert (opened["crs"], opened["geometry"]) == ("EPSG:9210", "Point")
    # The box round the hydrants the public sees, H0 to H4, which capabilities have in degrees.
    assert opened["extent"] == pytest.approx([603000, 1191500, 603040, 1191500], abs=0.2)
    if version != "1.0.0":  # of which it can tell how many there are only when it has read them
        assert opened["count"] == 6
    assert not opened["may_edit"]
    assert sorted(each["values"]["asset_code"] for each in found) == HYDRANTS
    first = next(each for each in found if each["values"]["asset_code"] == "H0")
    assert first["wkt"].replace("Point (", "POINT (") == "POINT (603000 1191500)"
    assert first["values"]["name"] == "Trụ <một> & đầu" and first["values"]["nominal_diameter_mm"] == 100
    assert [each["wkt"] is None for each in found].count(True) == 1
    assert sorted(each["values"]["asset_code"] for each in boxed) == ["H1", "H2"]
    assert log == []


@pytest.mark.parametrize("version", VERSIONS)
def test_every_layer_the_public_may_see_opens_with_its_fields_and_their_types(qgis, catalogue, version):
    layers = [each for each in catalogue.layers.values() if each.access == "public"]
    number, *seen, log = qgis.run(
        ("version", {}), *(("open", {"name": each.id, "source": qgis.make_source(each.id, version)}) for each in layers)
    )
    assert log == [] and len(layers) > 20
    types = TYPES if number >= 33800 else TYPES | {"date": "QString", "boolean": "QString"}
    for layer, opened in zip(layers, seen, strict=True):
        assert (opened["valid"], opened["crs"]) == (True, "EPSG:9210"), layer.id
        assert opened["geometry"].removesuffix("Z") == layer.geometry, layer.id
        # QGIS 3.28 and later add the properties of the standard that the first feature has.
        found = {name: each for name, each in opened["fields"].items() if name not in STANDARD}
        large = ("import_id",)
        assert found == {each.name: "qlonglong" if each.name in large else types[each.type] for each in layer.fields}, (
            layer.id
        )


def test_what_later_versions_show_besides_is_filtered_too(qgis):
    source = qgis.make_source("fire_hydrant")
    opened, log = qgis.run(("open", {"name": "hydrants", "source": source}))
    wanted = (
        {"\"identifier\" = 'H2'": ["H2"], "\"description\" = 'ok'": ["H0"]} if "identifier" in opened["fields"] else {}
    )
    asked = [("filter", {"name": "hydrants", "subset": each}) for each in wanted]
    _, *found, log = qgis.run(("open", {"name": "hydrants", "source": source}), *asked)
    assert dict(zip(wanted, found, strict=True)) == wanted and log == []


def test_every_kind_of_geometry_is_known_before_a_feature_is_read(qgis):
    layers = {"fire_hydrant": "Point", "sewer_pipe": "LineString", "building": "MultiPolygon", "tree": "Point"}
    seen = qgis.run(*(("open", {"name": each, "source": qgis.make_source(each)}) for each in layers))
    assert [each["geometry"].removesuffix("Z") for each in seen[:-1]] == list(layers.values())


@pytest.mark.parametrize("version", VERSIONS)
def test_filters_are_applied_by_the_server_as_qgis_means_them(qgis, version):
    source = qgis.make_source("fire_hydrant", version)
    asked = [("filter", {"name": "hydrants", "subset": each}) for each in FILTERS]
    _, *found, log = qgis.run(("open", {"name": "hydrants", "source": source}), *asked)
    assert dict(zip(FILTERS, found, strict=True)) == FILTERS
    filtered = [each for each in qgis.recorder.exchanges if "FILTER=" in each.query]
    assert len(filtered) >= len(FILTERS)
    assert {each.status for each in filtered} == {"200 OK"}
    assert log == []


@pytest.mark.parametrize("version", VERSIONS)
def test_a_statement_in_sql_is_answered_by_the_server(qgis, version):
    steps = []
    for statement in STATEMENTS:
        source = qgis.make_source("fire_hydrant", version)
        steps += [("open", {"name": "found", "source": f"{source} sql={statement}"}), ("read", {"name": "found"})]
    *seen, log = qgis.run(*steps)
    found = [[each["values"]["asset_code"] for each in features] for features in seen[1::2]]
    assert dict(zip(STATEMENTS, found, strict=True)) == STATEMENTS
    assert {each.status for each in qgis.recorder.exchanges} == {"200 OK"}
    # Of what a filter leaves, QGIS compares the box with that of the whole layer.
    assert [each for each in log if "Layer extent" not in each] == []


def test_a_join_shows_every_pair_with_the_values_of_both(qgis):
    source = f"{qgis.make_source('fire_hydrant')} sql={JOIN}"
    _, found, log = qgis.run(("open", {"name": "pairs", "source": source}), ("read", {"name": "pairs"}))
    assert [[each["values"][f"{side}.asset_code"] for side in "ab"] for each in found] == [["H0", "B1"], ["H1", "B1"]]
    assert log == []


@pytest.mark.parametrize("version", VERSIONS)
def test_features_come_in_the_system_asked_for_the_right_way_round(qgis, version):
    wanted = {"EPSG:4326": (106.69, 10.77), "EPSG:3857": (11876000, 1206000), "EPSG:9210": (603000, 1191500)}
    steps = []
    for system in wanted:
        steps.append(("open", {"name": system, "source": qgis.make_source("fire_hydrant", version, srsname=system)}))
        steps.append(("read", {"name": system}))
    *seen, log = qgis.run(*steps)
    for (system, (x, y)), opened, found in zip(wanted.items(), seen[::2], seen[1::2], strict=True):
        assert opened["crs"] == system
        place = next(each["wkt"] for each in found if each["values"]["asset_code"] == "H0")
        numbers = [float(part) for part in place.split("(")[1].strip(")").split()]
        assert numbers == pytest.approx([x, y], rel=1e-3)
    assert log == []


def test_a_layer_of_more_features_than_an_answer_holds_is_read_whole(qgis):
    opened, counted, log = qgis.run(
        ("open", {"name": "lights", "source": qgis.make_source("street_light")}), ("count", {"name": "lights"})
    )
    assert opened["count"] == 10_001
    assert counted == [10_001, 10_001]
    assert sum("STARTINDEX=" in each.query for each in qgis.recorder.exchanges) > 1
    assert log == []
