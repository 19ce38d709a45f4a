"""WFS: transactions that are refused, whole, in the words and codes of their version."""

import pytest

from tests.web import transaction_city as city
from tests.web.transaction_city import (
    CHIEF,
    EDITOR,
    LAN,
    URN,
    VIEWER,
    by_id,
    hydrant,
    insert,
    point,
    read_fids,
    read_report,
    remove,
    replace,
    transaction,
    update,
    where,
)

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")


# --- All or nothing, and who is told what ---

BROKEN = [
    # The second action, and code, locator and words in 2.0.0.
    (insert(hydrant(nominal_diameter_mm=9), attributes='handle="h"'), "InvalidValue", "h", "Insert 'h': nominal_diam"),
    (insert(hydrant(nominal_diameter_mm=9)), "InvalidValue", "nominal_diameter_mm", "Insert (action 2): nominal_diam"),
    (insert(hydrant(nope="x")), "InvalidValue", "nope", "nope 'x' is no property of fire_hydrant"),
    (insert(hydrant(nominal_diameter_mm="x1")), "InvalidValue", "nominal_diameter_mm", "'x1' must be a number"),
    (insert(hydrant(name="<infra:x/>")), "InvalidValue", "name", "must be text, and holds the element x"),
    (insert(hydrant("")), "InvalidValue", "geometry", "must have a shape"),
    (insert(hydrant("<gml:Box/>")), "InvalidValue", "geometry", "is a gml:Box"),
    (insert(hydrant(), hydrant(in_service="si")), "InvalidValue", "in_service", "Insert (action 2): feature 2: in_s"),
    (insert("<infra:nope/>"), "InvalidValue", "nope", "there is no feature type 'nope'"),
    (insert("<gml:Feature/>"), "InvalidValue", "Feature", "there is no feature type 'Feature'"),
    (insert(""), "OperationParsingFailed", "Insert", "has at least one feature"),
    (insert(hydrant(), attributes='idgen="UseExisting"'), "InvalidParameterValue", "idgen", "GenerateNew is"),
    (insert(hydrant(), attributes='inputFormat="json"'), "InvalidParameterValue", "inputFormat", "'json' is not read"),
    (insert(hydrant(point(0, 0, f"{URN}32633"))), "InvalidParameterValue", "srsName", "not offered"),
    (insert(hydrant(point(0, 0, "nonsense"))), "InvalidParameterValue", "srsName", "names no coordinate system"),
    (
        insert(hydrant(asset_code="A", owner="o"), attributes='handle="h"'),
        "OperationProcessingFailed",
        "h",
        "comes but once",
    ),
    (
        update(where("nope", "x"), name="x"),
        "InvalidParameterValue",
        "nope",
        "Update (action 2): layer fire_hydrant has",
    ),
    (update(by_id("fire_hydrant.1")), "OperationParsingFailed", "Update", "at least one Property"),
    (update(by_id("x"), type_name="infra:nope", name="x"), "InvalidParameterValue", "typeName", "no feature type"),
    (remove("", attributes='handle="h"'), "MissingParameterValue", "h", "Filter that says which features"),
    (replace("", hydrant()), "MissingParameterValue", "Filter", "Filter that says which features"),
    (replace(by_id("fire_hydrant.1"), ""), "OperationParsingFailed", "Replace", "one feature and a Filter"),
    ('<wfs:Native vendorId="v" safeToIgnore="false"/>', "OperationProcessingFailed", "Native", "commands of 'v' here"),
    ("<wfs:Explode/>", "OperationParsingFailed", "Explode", "has no Explode"),
]


@pytest.mark.parametrize(("broken", "code", "locator", "words"), BROKEN)
def test_nothing_is_done_of_a_document_with_an_action_that_cannot_be(send, codes, broken, code, locator, words):
    send(transaction(insert(hydrant(asset_code="A", owner="o"))))
    status = 403 if code == "OperationProcessingFailed" else 400
    answer = send(transaction(insert(hydrant(asset_code="B")) + broken), status)
    found = read_report(answer)
    assert found[:2] == (code, locator)
    assert words in found[2]
    assert codes() == ["A"]


def test_an_action_is_told_by_its_own_handle_even_if_it_is_done_for_the_sake_of_another(send):
    first = insert(hydrant(nominal_diameter_mm=9), attributes='handle="first"')
    second = update(where("name", "x"), attributes='handle="second"', name="y")
    _, locator, text = read_report(send(transaction(first + second), 400))
    assert locator == "first"
    assert text.startswith("Insert 'first': nominal_diameter_mm")


CHANGES = [
    ("infra:name[2]", "<wfs:Value>x</wfs:Value>", "is not the name of a property"),
    ("infra:nope", "<wfs:Value>x</wfs:Value>", "has no property 'nope'"),
    ("@gml:id", "<wfs:Value>x</wfs:Value>", "never changes"),
    (
        "gml:boundedBy",
        '<wfs:Value><k:Point xmlns:k="http://www.opengis.net/kml/2.2"/></wfs:Value>',
        "is made from geom",
    ),
    ("infra:geom", '<wfs:Value><k:Point xmlns:k="http://www.opengis.net/kml/2.2"/></wfs:Value>', "geometry of GML"),
    ("infra:geom", "<wfs:Value>POINT(0 0)</wfs:Value>", "holds text"),
    ("infra:geom", "", "must have a shape"),
    ("infra:in_service", "<wfs:Value>yes</wfs:Value>", "must be true or false"),
    ("infra:tested_on", "<wfs:Value>2025-02-30</wfs:Value>", "is no day of the calendar"),
    ("", "", "is not the name of a property"),
]


@pytest.mark.parametrize(("path", "value", "words"), CHANGES)
def test_what_cannot_be_changed_is_told_by_its_path(send, put, codes, path, value, words):
    (fid,) = put("A")
    changes = f"<wfs:Property><wfs:ValueReference>{path}</wfs:ValueReference>{value}</wfs:Property>"
    document = f'<wfs:Update typeName="infra:fire_hydrant" handle="h">{changes}{by_id(fid)}</wfs:Update>'
    code, locator, text = read_report(send(transaction(document), 400))
    assert (code, locator) == ("InvalidValue", "h")
    assert words in text
    assert codes() == ["A"]


def test_what_cannot_be_changed_is_told_even_if_no_feature_is_meant(send):
    changes = "<wfs:Property><wfs:ValueReference>gml:boundedBy</wfs:ValueReference></wfs:Property>"
    document = transaction(f'<wfs:Update typeName="infra:fire_hydrant">{changes}</wfs:Update>')
    assert read_report(send(document, 400))[0] == "InvalidValue"


def test_an_action_on_a_reference_is_heard(send, put, rows):
    (fid,) = put("A")

    def change(action):
        reference = f'<wfs:ValueReference action="{action}">infra:asset_code</wfs:ValueReference>'
        changes = f"<wfs:Property>{reference}<wfs:Value>B</wfs:Value></wfs:Property>"
        return transaction(f'<wfs:Update typeName="infra:fire_hydrant">{changes}{by_id(fid)}</wfs:Update>')

    assert "replaced or removed" in read_report(send(change("insertBefore"), 400))[2]
    send(change("remove"))
    assert rows()[0]["asset_code"] is None


def test_a_native_command_that_may_be_ignored_is(send, codes):
    native = '<wfs:Native vendorId="v" safeToIgnore="true">ALTER SESSION</wfs:Native>'
    send(transaction(native + insert(hydrant(asset_code="A"))))
    assert codes() == ["A"]


def test_a_failure_is_an_answer_in_the_oldest_version_with_the_handle_of_its_action(send, codes):
    good, bad = insert(hydrant(asset_code="A")), insert(hydrant(nominal_diameter_mm=9), attributes='handle="h"')
    root = city.read_answer(send(transaction(good + bad, "1.0.0")))
    told = {each.tag.split("}")[1]: each.text for each in root.iter()}
    assert "FAILED" in told
    assert "SUCCESS" not in told
    assert told["Locator"] == "h"
    assert told["Message"].startswith("Insert 'h': nominal_diameter_mm '9' is below")
    assert codes() == []


@pytest.mark.parametrize(
    ("version", "code"),
    [("2.0.0", "InvalidValue"), ("1.1.0", "InvalidParameterValue"), ("1.0.0", "InvalidParameterValue")],
)
def test_a_document_that_cannot_be_read_is_reported_in_its_version(send, version, code):
    document = transaction(insert("<infra:nope/>" if version != "1.0.0" else hydrant(point(0, 0, "x"))), version)
    assert read_report(send(document, 400))[0] == code


def test_replacements_are_of_the_newest_version_alone(send, put):
    (fid,) = put("A")
    document = transaction(replace(by_id(fid, version="1.1.0"), hydrant()), "1.1.0")
    assert "has no Replace" in read_report(send(document, 400))[2]


# --- Who may ---


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("auth", "status"), [(None, 401), (LAN, 403), (VIEWER, 403)])
@pytest.mark.parametrize("kind", ["insert", "update", "delete"])
def test_who_may_not_edit_is_refused_in_the_report_of_the_version(send, put, codes, version, auth, status, kind):
    (fid,) = put("A")
    actions = {
        "insert": insert(hydrant(nope="x")),
        "update": update(by_id(fid, version=version), version, nope="x"),
        "delete": remove(by_id(fid, version=version)),
    }
    # Whoever signed in is told by 1.0.0's own answer: QGIS shows nothing of a report that comes with status 403.
    told_by_answer = version == "1.0.0" and status == 403
    answer = send(transaction(actions[kind], version), 200 if told_by_answer else status, auth=auth)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    if told_by_answer:
        assert "<wfs:FAILED/>" in answer.text and "may not edit layer fire_hydrant" in answer.text
    else:
        assert read_report(answer)[0] == "NoApplicableCode"
    assert codes() == ["A"]


@pytest.mark.parametrize("auth", [None, LAN])
def test_a_type_that_may_not_be_seen_is_refused_as_one_that_is_not_there(send, auth):
    def refuse(name, kind):
        actions = {
            "insert": insert(f"<infra:{name}/>"),
            "update": update(by_id(f"{name}.1"), type_name=f"infra:{name}", name="x"),
        }
        return read_report(send(transaction(actions[kind]), 400, auth=auth))

    for kind in ("insert", "update"):
        hidden, absent = refuse("water_plant", kind), refuse("no_such", kind)
        assert [part.replace("water_plant", "no_such") for part in hidden] == list(absent)


def test_a_feature_that_may_not_be_seen_is_not_there(send, rows):
    (fid,) = read_fids(send(transaction(insert(hydrant(asset_code="A", sensitivity="restricted"))), auth=CHIEF))
    send(transaction(remove(by_id(fid))), 403, auth=LAN)
    assert len(rows()) == 1


def test_only_who_administers_a_layer_opens_what_is_kept_back(send):
    (fid,) = read_fids(send(transaction(insert(hydrant(sensitivity="restricted")))))
    document = transaction(update(by_id(fid), attributes='handle="h"', sensitivity="public"))
    assert read_report(send(document, 403))[1] == "h"
    send(document, auth=CHIEF)


# --- Under a lock ---


@pytest.mark.parametrize(
    ("version", "attributes", "element", "code", "locator"),
    [
        ("2.0.0", 'lockId="x"', "", "InvalidLockId", "lockId"),
        ("1.1.0", "", "<wfs:LockId>x</wfs:LockId>", "InvalidParameterValue", "lockId"),
        ("1.0.0", "", "<wfs:LockId>x</wfs:LockId>", "InvalidParameterValue", "lockId"),
        ("2.0.0", 'releaseAction="MAYBE"', "", "InvalidParameterValue", "releaseAction"),
    ],
)
def test_a_lock_that_nobody_gave_is_refused(send, codes, version, attributes, element, code, locator):
    document = transaction(element + insert(hydrant(asset_code="A")), version, attributes)
    assert read_report(send(document, 400))[:2] == (code, locator)
    assert codes() == []


# --- What is bounded ---


def test_a_transaction_is_posted_and_never_a_link(client, put, codes):
    (fid,) = put("A")
    asked = {"SERVICE": "WFS", "VERSION": "1.1.0", "REQUEST": "Transaction", "OPERATION": "Delete", "FEATUREID": fid}
    answer = client.get("/wfs", query_string=asked, auth=EDITOR)
    assert (answer.status_code, codes()) == (400, ["A"])
    assert "posted as XML" in read_report(answer)[2]


def test_more_changes_than_are_taken_are_refused_before_any(send, codes):
    document = transaction(insert("<infra:fire_hydrant/>" * 20_001))
    assert "at most 20000 features" in read_report(send(document, 400))[2]
    assert codes() == []


def test_more_searches_than_are_done_at_once_are_refused_but_not_so_many_changes_by_ids(send):
    searches = transaction(remove(where("name", "x")) * 501)
    assert "at most 500 actions" in read_report(send(searches, 400))[2]
    send(transaction(remove(by_id("fire_hydrant.999999999")) * 501))


def test_a_body_larger_than_other_requests_is_read(send, codes):
    send(transaction(insert(*(hydrant(remarks="x" * 1900) for _ in range(1100)))))
    assert len(codes()) == 1100


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + transaction(insert(hydrant(name="&a;"))), "document type declaration"),
        (transaction(insert(hydrant("<gml:MultiGeometry>" * 80 + "</gml:MultiGeometry>" * 80))), "deep"),
        (transaction(insert("<infra:fire_hydrant><infra:name/></infra:fire_hydrant>" * 200_001)), "400000 elements"),
        (f"<a>{'x' * 2_000_001}</a>", "at most 2000000 are read"),
    ],
)
def test_hostile_documents_are_refused(send, codes, document, words):
    assert words in read_report(send(document, 400))[2]
    assert codes() == []
