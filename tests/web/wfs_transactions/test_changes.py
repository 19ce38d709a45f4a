"""WFS: features inserted, updated, replaced and deleted in all three versions, by those who may."""

import math

import pytest
import shapely
from sqlalchemy import select

from gis_infra.catalogue.history import build
from tests.schemas.validation import WFS, load, require_valid
from tests.web import transaction_city as city
from tests.web.transaction_city import (
    EDITOR,
    LATITUDE,
    LONGITUDE,
    SHORT,
    URN,
    by_id,
    hydrant,
    insert,
    point,
    read_fids,
    read_report,
    read_totals,
    remove,
    replace,
    transaction,
    update,
    where,
)

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
# LONGITUDE, LATITUDE in EPSG:9210, by PROJ with the parameters of decision 05/2007 written out.
EASTING, NORTHING = 603012.679, 1190999.634
OLDEST_SCHEMA = ("http://www.opengis.net/wfs", "http://schemas.opengis.net/wfs/1.0.0/WFS-transaction.xsd")


# --- What is done, and what is answered ---


@pytest.mark.parametrize("version", VERSIONS)
def test_features_inserted_are_there_and_their_ids_are_told(send, rows, version):
    answer = send(transaction(insert(hydrant(asset_code="A"), hydrant(asset_code="B")), version))
    found = rows()
    assert [row["asset_code"] for row in found] == ["A", "B"]
    assert read_fids(answer) == [f"fire_hydrant.{row['id']}" for row in found]


@pytest.mark.parametrize(
    ("version", "totals"),
    [
        ("2.0.0", {"totalInserted": 2, "totalUpdated": 1, "totalReplaced": 1, "totalDeleted": 1}),
        ("1.1.0", {"totalInserted": 2, "totalUpdated": 1, "totalDeleted": 1}),
    ],
)
def test_totals_count_the_features_of_each_kind_of_action(send, put, version, totals):
    first, second, third = put("A", "B", "C")
    actions = [
        insert(hydrant(asset_code="D"), attributes='handle="new"'),
        insert(hydrant(asset_code="E")),
        update(by_id(first, version=version), version, name="x"),
        remove(by_id(second, version=version)),
        *([replace(by_id(third), hydrant(asset_code="F"))] if version == "2.0.0" else []),
    ]
    assert read_totals(send(transaction("".join(actions), version))) == totals


def test_actions_that_are_not_there_are_not_counted_in_the_newest_version(send, put):
    assert read_totals(send(transaction(remove(by_id(*put("A")))))) == {"totalDeleted": 1}
    assert read_totals(send(transaction(""))) == {}


def test_features_changed_are_told_in_the_order_of_the_actions_with_their_handles(send, put):
    first, second = put("A", "B")
    document = transaction(
        update(by_id(second, first), attributes='handle="u"', name="x") + insert(hydrant(), attributes='handle="i"')
    )
    root = city.read_answer(send(document))
    told = [(each.getparent().getparent().tag.split("}")[1], each.getparent().get("handle"), each.get("rid"))
            for each in root.iter(f"{{{city.FES}}}ResourceId")]  # fmt: skip
    assert told[0][:2] == ("InsertResults", "i")
    assert told[1:] == [("UpdateResults", "u", second), ("UpdateResults", "u", first)]


@pytest.mark.parametrize("version", VERSIONS)
def test_answers_are_valid_by_the_schema_of_their_version(send, put, version):
    first, second = put("A", "B")
    changes = insert(hydrant(), attributes='handle="i"') + update(by_id(first, version=version), version, name="x")
    documents = ["", changes, remove(by_id(second, version=version))]
    schema = load(OLDEST_SCHEMA if version == "1.0.0" else WFS[version])
    for each in documents:
        require_valid(schema, send(transaction(each, version)).data)
    if version == "1.0.0":
        require_valid(schema, send(transaction(insert(hydrant(nominal_diameter_mm=1)), version)).data)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_change_is_entered_as_made_by_wfs(send, put, engine, tables, version):
    (fid,) = put("A")
    send(transaction(update(by_id(fid, version=version), version, name="x"), version))
    history = build(tables.get("fire_hydrant"))
    with engine.connect() as connection:
        assert connection.execute(select(history.c.ended_by, history.c.ended_via)).all() == [("editor", "wfs")]


# --- Where things are ---


@pytest.mark.parametrize(
    ("version", "name", "first", "second"),
    [
        # 1.0.0 is easting first whatever the name says; QGIS writes the URN.
        ("1.0.0", f"{SHORT}4326", LONGITUDE, LATITUDE),
        ("1.0.0", f"{URN}4326", LONGITUDE, LATITUDE),
        ("1.0.0", "http://www.opengis.net/gml/srs/epsg.xml#4326", LONGITUDE, LATITUDE),
        ("1.1.0", f"{SHORT}4326", LONGITUDE, LATITUDE),
        ("1.1.0", f"{URN}4326", LATITUDE, LONGITUDE),
        ("2.0.0", f"{SHORT}4326", LONGITUDE, LATITUDE),
        ("2.0.0", f"{URN}4326", LATITUDE, LONGITUDE),
        ("2.0.0", "http://www.opengis.net/def/crs/EPSG/0/4326", LATITUDE, LONGITUDE),
        ("2.0.0", "urn:ogc:def:crs:OGC:1.3:CRS84", LONGITUDE, LATITUDE),
        ("2.0.0", f"{URN}9210", EASTING, NORTHING),
    ],
)
def test_the_order_of_axes_goes_by_version_and_name(send, rows, version, name, first, second):
    send(transaction(insert(hydrant(point(first, second, name))), version))
    place = shapely.from_wkb(bytes(rows()[0]["geom"].data))
    assert math.hypot(place.x - EASTING, place.y - NORTHING) < 0.02


@pytest.mark.parametrize(("on_transaction", "on_insert"), [("4326", ""), ("", "4326"), ("3857", "4326"), ("", "")])
def test_a_geometry_without_srs_name_is_in_that_of_its_action_its_transaction_or_the_city(
    send, rows, on_transaction, on_insert
):
    named = [f'srsName="{URN}{code}"' if code else "" for code in (on_transaction, on_insert)]
    first, second = (LATITUDE, LONGITUDE) if on_insert or on_transaction else (EASTING, NORTHING)
    bare = f"<gml:Point><gml:pos>{first} {second}</gml:pos></gml:Point>"
    send(transaction(insert(hydrant(bare), attributes=named[1]), attributes=named[0]))
    place = shapely.from_wkb(bytes(rows()[0]["geom"].data))
    assert math.hypot(place.x - EASTING, place.y - NORTHING) < 0.02


@pytest.mark.parametrize("collected", [False, True])
def test_a_geometry_without_srs_name_is_in_that_of_the_box_around_it(send, rows, collected):
    box = f'<gml:boundedBy><gml:Envelope srsName="{URN}4326"/></gml:boundedBy>'
    bare = hydrant(f"<gml:Point><gml:pos>{LATITUDE} {LONGITUDE}</gml:pos></gml:Point>")
    boxed = bare.replace("<infra:fire_hydrant>", f"<infra:fire_hydrant>{box}")
    around = f"<gml:FeatureCollection>{box}<gml:featureMember>{bare}</gml:featureMember></gml:FeatureCollection>"
    send(transaction(insert(around if collected else boxed)))
    place = shapely.from_wkb(bytes(rows()[0]["geom"].data))
    assert math.hypot(place.x - EASTING, place.y - NORTHING) < 0.02


def test_coordinates_in_two_systems_are_refused(send):
    parts = "".join(f"<gml:pointMember>{point(1, 2, f'{SHORT}{code}')}</gml:pointMember>" for code in (4326, 9210))
    document = transaction(insert(hydrant(f"<gml:MultiPoint>{parts}</gml:MultiPoint>")))
    assert "is in several coordinate systems" in read_report(send(document, 400))[2]


def test_heights_are_kept(send, rows):
    line = (
        f'<gml:LineString srsName="{SHORT}9210"><gml:posList srsDimension="3">'
        "603000 1191500 -1.5 603050 1191520 -2</gml:posList></gml:LineString>"
    )
    send(transaction(insert(f"<infra:water_pipe><infra:geom>{line}</infra:geom></infra:water_pipe>")))
    shape = shapely.from_wkb(bytes(rows("water_pipe")[0]["geom"].data))
    assert shapely.get_coordinates(shape, include_z=True).tolist() == [[603000, 1191500, -1.5], [603050, 1191520, -2]]


def test_one_surface_becomes_the_multi_surface_that_the_layer_holds(send, rows):
    surface = (
        f'<gml:Surface srsName="{SHORT}9210"><gml:patches><gml:PolygonPatch><gml:exterior><gml:LinearRing><gml:posList>'
        "603000 1191500 603010 1191500 603010 1191510 603000 1191500</gml:posList></gml:LinearRing></gml:exterior>"
        "</gml:PolygonPatch></gml:patches></gml:Surface>"
    )
    send(transaction(insert(f"<infra:pressure_zone><infra:geom>{surface}</infra:geom></infra:pressure_zone>")))
    shape = shapely.from_wkb(bytes(rows("pressure_zone")[0]["geom"].data))
    assert (shape.geom_type, shape.area) == ("MultiPolygon", 50)


def test_a_place_outside_the_city_is_refused_with_both_coordinates(send, codes):
    answer = send(transaction(insert(hydrant(point(LATITUDE, LONGITUDE, f"{SHORT}4326")))), 400)
    assert read_report(answer)[:2] == ("InvalidValue", "geometry")
    assert codes() == []


# --- What properties become ---


@pytest.mark.parametrize(
    ("version", "gml"), [("2.0.0", "identifier"), ("1.1.0", "description"), ("1.1.0", "name"), ("2.0.0", "name")]
)
def test_the_standard_properties_of_gml_are_written_through(send, rows, version, gml):
    field = {"identifier": "asset_code", "description": "remarks", "name": "name"}[gml]
    feature = hydrant().replace("<infra:geom>", f"<gml:{gml}>đây</gml:{gml}><infra:geom>")
    (fid,) = read_fids(send(transaction(insert(feature), version)))
    assert rows()[0][field] == "đây"
    name = "ValueReference" if version == "2.0.0" else "Name"
    changes = f"<wfs:Property><wfs:{name}>gml:{gml}[1]</wfs:{name}><wfs:Value>kia</wfs:Value></wfs:Property>"
    changed = f'<wfs:Update typeName="infra:fire_hydrant">{changes}{by_id(fid, version=version)}</wfs:Update>'
    send(transaction(changed, version))
    assert rows()[0][field] == "kia"


def test_a_standard_property_counts_before_the_layer_s_own_name_of_it(send, rows):
    feature = hydrant(asset_code="old").replace("<infra:geom>", "<gml:identifier>new</gml:identifier><infra:geom>")
    send(transaction(insert(feature)))
    assert rows()[0]["asset_code"] == "new"


def test_a_standard_property_under_a_name_of_the_layer_gives_way_to_its_own(send, rows):
    # What QGIS 3.28 and later sends of a copied feature that was given another code; nothing else says what it says.
    borrowed = "<infra:identifier>old</infra:identifier><infra:description>đây</infra:description>"
    send(transaction(insert(hydrant(asset_code="new").replace("<infra:geom>", f"{borrowed}<infra:geom>"))))
    assert (rows()[0]["asset_code"], rows()[0]["remarks"]) == ("new", "đây")


def test_a_feature_that_was_read_can_be_sent_back_whole(send, client, put, rows):
    (fid,) = put("A")
    asked = {"SERVICE": "WFS", "VERSION": "2.0.0", "REQUEST": "GetFeature", "RESOURCEID": fid}
    served = client.get("/wfs", query_string=asked, auth=EDITOR).text
    feature = served[served.index("<infra:fire_hydrant") : served.index("</infra:fire_hydrant>")]
    document = transaction(replace(by_id(fid), f"{feature}</infra:fire_hydrant>"), attributes=f'xmlns:g="{city.GML32}"')
    before = rows()
    send(document)
    assert rows() == before


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<infra:name> Trụ  1 </infra:name>", {"name": "Trụ  1"}),
        ("<infra:name/>", {"name": None}),
        ('<infra:name xsi:nil="true">x</infra:name>', {"name": None}),
        ("<infra:name>&lt;b&gt; &amp; \u1e77</infra:name>", {"name": "<b> & ṷ"}),
        ("<infra:nominal_diameter_mm>150</infra:nominal_diameter_mm>", {"nominal_diameter_mm": 150}),
        ("<infra:nominal_diameter_mm>150.0</infra:nominal_diameter_mm>", {"nominal_diameter_mm": 150}),
        ("<infra:nominal_diameter_mm></infra:nominal_diameter_mm>", {"nominal_diameter_mm": None}),
        ("<infra:flow_lps>1.5E1</infra:flow_lps>", {"flow_lps": 15.0}),
        ("<infra:in_service>1</infra:in_service>", {"in_service": True}),
        ("<infra:in_service>false</infra:in_service>", {"in_service": False}),
        ("<infra:kind>pillar</infra:kind>", {"kind": "pillar"}),
        ("<gml:boundedBy><gml:Null/></gml:boundedBy>", {"name": None}),
    ],
)
def test_properties_are_read_by_their_type(send, rows, written, kept):
    feature = hydrant().replace("<infra:geom>", f"{written}<infra:geom>")
    send(transaction(insert(feature), attributes='xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'))
    assert {name: rows()[0][name] for name in kept} == kept


def test_what_only_the_program_sets_is_left_aside(send, rows):
    send(transaction(insert(hydrant(updated_at="2001-01-01T00:00:00Z", import_id="7", source_srid="x"))))
    assert (rows()[0]["import_id"], rows()[0]["updated_at"].year > 2001) == (None, True)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_update_sets_some_properties_and_takes_away_those_without_value(send, rows, version):
    (fid,) = read_fids(send(transaction(insert(hydrant(asset_code="A", name="n", owner="o")))))
    send(transaction(update(by_id(fid, version=version), version, name=None, remarks="r"), version))
    row = rows()[0]
    assert (row["asset_code"], row["name"], row["owner"], row["remarks"]) == ("A", None, "o", "r")


def test_a_property_is_named_by_any_prefix_of_its_namespace_and_by_its_first_position(send, put, rows):
    (fid,) = put("A")
    reference = '<wfs:ValueReference xmlns:tns="urn:gis-infra:infra">tns:name[1]</wfs:ValueReference>'
    changes = f"<wfs:Property>{reference}<wfs:Value>x</wfs:Value></wfs:Property>"
    typed = 'xmlns:tns="urn:gis-infra:infra" typeName="tns:fire_hydrant"'
    send(transaction(f"<wfs:Update {typed}>{changes}{by_id(fid)}</wfs:Update>"))
    assert rows()[0]["name"] == "x"


@pytest.mark.parametrize("version", VERSIONS)
def test_an_update_of_the_geometry_leaves_everything_else(send, put, rows, version):
    (fid,) = put("A")
    send(
        transaction(update(by_id(fid, version=version), version, geom=point(603010, 1191510, f"{SHORT}9210")), version)
    )
    place = shapely.from_wkb(bytes(rows()[0]["geom"].data))
    assert (place.x, place.y, rows()[0]["asset_code"]) == (603010, 1191510, "A")


def test_a_replacement_takes_away_what_it_leaves_out_but_for_who_may_see_the_feature(send, rows):
    (fid,) = read_fids(send(transaction(insert(hydrant(asset_code="A", name="n", sensitivity="restricted")))))
    answer = send(transaction(replace(by_id(fid), hydrant(asset_code="B"))))
    row = rows()[0]
    assert (read_fids(answer), row["asset_code"], row["name"]) == ([fid], "B", None)
    assert row["sensitivity"] == "restricted"


@pytest.mark.parametrize(("filter_", "number"), [(by_id("fire_hydrant.999999999"), 0), (where("owner", "o"), 2)])
def test_a_replacement_of_none_or_several_is_refused(send, codes, filter_, number):
    send(transaction(insert(hydrant(asset_code="A", owner="o"), hydrant(asset_code="B", owner="o"))))
    code, locator, text = read_report(send(transaction(replace(filter_, hydrant(asset_code="C"))), 403))
    assert (code, locator) == ("OperationProcessingFailed", "Filter")
    assert f"means {number}" in text
    assert codes() == ["A", "B"]


# --- Actions after one another ---


@pytest.mark.parametrize("version", VERSIONS)
def test_a_filter_sees_what_the_actions_before_it_did(send, rows, version):
    actions = [
        insert(hydrant(asset_code="A", name="old"), hydrant(asset_code="B", name="other")),
        update(where("name", "old", version), version, name="new"),
        update(where("name", "old", version), version, remarks="never"),
        update(where("name", "new", version), version, remarks="seen"),
        remove(where("name", "other", version)),
    ]
    send(transaction("".join(actions), version))
    assert [(row["asset_code"], row["name"], row["remarks"]) for row in rows()] == [("A", "new", "seen")]


def test_changes_of_one_feature_in_one_document_make_one_version(send, put, engine, tables, rows):
    (fid,) = put("A")
    send(transaction("".join(update(by_id(fid), name=name) for name in "xyz")))
    history = build(tables.get("fire_hydrant"))
    with engine.connect() as connection:
        assert len(connection.execute(select(history)).all()) == 1
    assert rows()[0]["name"] == "z"


def test_a_feature_is_deleted_but_once_and_not_touched_afterwards(send, put, codes):
    (fid,) = put("A")
    document = transaction(remove(by_id(fid)) + remove(by_id(fid)) + update(by_id(fid), name="x"))
    assert read_totals(send(document)) == {"totalUpdated": 0, "totalDeleted": 1}
    assert codes() == []


def test_ids_of_nothing_and_of_other_layers_change_nothing(send, put, codes):
    put("A")
    ids = by_id("fire_hydrant.999999999", "water_pipe.1", "nonsense")
    assert read_totals(send(transaction(remove(ids)))) == {"totalDeleted": 0}
    assert codes() == ["A"]


def test_an_update_without_a_filter_is_of_all_features_of_the_type(send, put, rows):
    put("A", "B")
    assert read_totals(send(transaction(update("", name="x")))) == {"totalUpdated": 2}
    assert [row["name"] for row in rows()] == ["x", "x"]


def test_an_asset_code_that_one_feature_gives_up_can_be_taken_by_another_at_once(send, rows):
    first, second = read_fids(send(transaction(insert(*(hydrant(asset_code=c, owner="o") for c in "AB")))))
    send(transaction(update(by_id(first), asset_code="B") + update(by_id(second), asset_code="A")))
    assert [row["asset_code"] for row in rows()] == ["B", "A"]


def test_the_features_of_a_collection_are_inserted_one_by_one(send, codes):
    collection = (
        f"<gml:FeatureCollection><gml:boundedBy><gml:Null/></gml:boundedBy><gml:featureMember>{hydrant(asset_code='A')}"
        f"</gml:featureMember><gml:featureMembers>{hydrant(asset_code='B')}{hydrant(asset_code='C')}"
        "</gml:featureMembers></gml:FeatureCollection>"
    )
    send(transaction(insert(collection), "1.1.0"))
    assert codes() == ["A", "B", "C"]
