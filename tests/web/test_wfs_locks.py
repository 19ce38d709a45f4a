"""WFS: features locked, and what a lock keeps others from, in all three versions."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from lxml import etree
from sqlalchemy import delete, func, update

from gis_infra.features.locks.tables import LOCK
from gis_infra.storage.transactions import writing
from gis_infra.web.app import create_app
from tests.builders import insert_many
from tests.schemas.validation import WFS, load, require_valid
from tests.web import transaction_city as city
from tests.web.transaction_city import CHIEF, EDITOR, FES, GML32, NAMESPACES, VIEWER, WFS1, WFS2

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
NAMES = {"2.0.0": "typeNames", "1.1.0": "typeName", "1.0.0": "typeName"}
TYPE = "infra:fire_hydrant"
TOKEN = "of this session"
TRANSACTIONS_1_0 = (WFS1, "http://schemas.opengis.net/wfs/1.0.0/WFS-transaction.xsd")


@pytest.fixture(scope="module")
def app(settings, engine, tables, catalogue):
    """The application with people in it."""
    with writing(engine) as connection:
        city.fill(connection, tables, catalogue)
    yield create_app(settings, engine)
    with writing(engine) as connection:
        city.clear(connection, tables)


@pytest.fixture
def client(app, engine, tables):
    """A caller; what a test wrote or locked is gone after it."""
    yield app.test_client()
    with writing(engine) as connection:
        city.empty(connection, tables)
        connection.execute(delete(LOCK))


@pytest.fixture
def ids(engine, tables):
    """Four hydrants, by their gml:id."""
    rows = [{"wkt": f"POINT ({603000 + n} 1191500)", "asset_code": f"H{n}"} for n in range(4)]
    with writing(engine) as connection:
        return [f"fire_hydrant.{id_}" for id_ in insert_many(connection, tables, "fire_hydrant", rows)]


@pytest.fixture
def send(client):
    """Post a document as an editor, unless said otherwise, and look at the status."""

    def send(document, status=200, auth=EDITOR):
        answer = client.post("/wfs", data=document.encode(), content_type="text/xml", auth=auth)
        assert answer.status_code == status, answer.text
        return answer

    return send


@pytest.fixture
def ask(client):
    """Ask by a URL as an editor, unless said otherwise, and look at the status."""

    def ask(status=200, auth=EDITOR, headers=None, **parameters):
        everything = {"SERVICE": "WFS", "VERSION": "2.0.0", **parameters}
        answer = client.get("/wfs", query_string=everything, auth=auth, headers=headers)
        assert answer.status_code == status, answer.text
        return answer

    return ask


def make(operation, version="2.0.0", body=None, **attributes):
    """A request about all hydrants, or about what the body says."""
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    element = "Lock" if operation == "LockFeature" and version != "2.0.0" else "Query"
    query = body if body is not None else f'<wfs:{element} {NAMES[version]}="{TYPE}"/>'
    return (
        f'<wfs:{operation} service="WFS" version="{version}" {NAMESPACES[version]}{written}>{query}</wfs:{operation}>'
    )


def only(*ids):
    """A query of some hydrants."""
    wanted = "".join(f'<fes:ResourceId rid="{each}"/>' for each in ids)
    return f'<wfs:Query typeNames="{TYPE}"><fes:Filter>{wanted}</fes:Filter></wfs:Query>'


def remove(id_, version="2.0.0", **attributes):
    """A Transaction that deletes a hydrant."""
    element = {"2.0.0": f'<fes:ResourceId rid="{id_}"/>'}.get(version, f'<fes:FeatureId fid="{id_}"/>')
    body = f'<wfs:Delete typeName="{TYPE}"><fes:Filter>{element}</fes:Filter></wfs:Delete>'
    return make("Transaction", version, body, **attributes)


def release(lock_id, action="ALL", version="2.0.0"):
    """A Transaction that changes nothing."""
    return make("Transaction", version, "", lockId=lock_id, releaseAction=action)


def read_lock(answer):
    """The id of a lock in an answer of any version."""
    root = etree.fromstring(answer.data)
    return root.get("lockId") or root.findtext(f"{{{WFS1}}}LockId")


def read_ids(answer, section="FeaturesLocked"):
    """The features in a section of an answer of any version."""
    found = etree.fromstring(answer.data).xpath(f"//*[local-name()='{section}']/*")
    return [each.get("rid") or each.get("fid") for each in found]


def read_features(answer):
    """The gml:id of features in an answer, in order."""
    found = etree.fromstring(answer.data).xpath("//*[local-name()='fire_hydrant']")
    return [next(value for name, value in each.attrib.items() if name.rpartition("}")[2] in {"id", "fid"})
            for each in found]  # fmt: skip


def read_report(answer):
    """Code, locator and text of a report of any version."""
    root = etree.fromstring(answer.data)
    (found,) = root.xpath("//*[local-name()='Exception' or local-name()='ServiceException']")
    return found.get("exceptionCode") or found.get("code"), found.get("locator"), "".join(found.itertext()).strip()


def end_locks(engine):
    """Let all locks have ended a second ago."""
    with writing(engine) as connection:
        connection.execute(update(LOCK).values(expires_at=func.clock_timestamp() - timedelta(seconds=1)))


@pytest.mark.parametrize("version", VERSIONS)
def test_features_are_locked_and_the_answer_is_valid(send, ids, version):
    answer = send(make("LockFeature", version))
    schema = load(TRANSACTIONS_1_0) if version == "1.0.0" else load(WFS[version])
    require_valid(schema, answer.data)
    assert read_ids(answer) == ids and read_ids(answer, "FeaturesNotLocked") == []
    assert re.fullmatch(r"[0-9a-f-]{36}", read_lock(answer))


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_locked_is_not_deleted_without_the_lock_and_is_with_it(send, ids, version):
    lock_id = read_lock(send(make("LockFeature", version)))
    for who in (EDITOR, CHIEF):
        refused = send(remove(ids[0], version), 200 if version == "1.0.0" else 400, auth=who)
        assert "is locked by editor until 20" in refused.text and "lockId" in refused.text
    if version != "1.0.0":
        assert read_report(refused)[:2] == ("MissingParameterValue", "lockId")
    element = f"<wfs:LockId>{lock_id}</wfs:LockId>" if version != "2.0.0" else ""
    whole = remove(ids[0], version, **({"lockId": lock_id} if version == "2.0.0" else {}))
    answer = send(whole.replace("<wfs:Delete", f"{element}<wfs:Delete", 1))
    assert "totalDeleted>1" in answer.text or "SUCCESS" in answer.text
    send(remove(ids[1], version))  # the rest was released with it


@pytest.mark.parametrize("version", VERSIONS)
def test_minutes_were_the_unit_before_seconds(send, engine, ids, version):
    send(make("LockFeature", version, expiry="2"))
    with engine.connect() as connection:
        (lasts,) = connection.execute(LOCK.select()).mappings().all()
    assert lasts["duration_s"] == (2 if version == "2.0.0" else 120)


def test_a_second_lock_is_refused_or_is_on_the_rest(send, ids):
    send(make("LockFeature", body=only(ids[1])))
    refused = send(make("LockFeature"), 400)
    code, locator, text = read_report(refused)
    assert (code, locator) == ("CannotLockAllFeatures", ids[1])
    assert text.startswith("1 of 4 features are locked already; ") and "by editor until" in text
    answer = send(make("LockFeature", lockAction="SOME"), auth=CHIEF)
    assert read_ids(answer) == [ids[0], *ids[2:]] and read_ids(answer, "FeaturesNotLocked") == [ids[1]]
    require_valid(load(WFS["2.0.0"]), answer.data)


@pytest.mark.parametrize("version", VERSIONS)
def test_features_come_with_the_lock_they_are_under(send, ids, version):
    limit = {"2.0.0": "count"}.get(version, "maxFeatures")
    answer = send(make("GetFeatureWithLock", version, expiry="5", **{limit: "2"}))
    assert read_features(answer) == ids[:2]
    lock_id = read_lock(answer)
    assert lock_id
    send(remove(ids[0], version), 200 if version == "1.0.0" else 400, auth=CHIEF)
    send(remove(ids[2], version), auth=CHIEF)
    send(release(lock_id, version="2.0.0"))
    send(remove(ids[0], version), auth=CHIEF)


def test_those_that_cannot_be_locked_are_left_out(send, ids):
    send(make("GetFeatureWithLock", body=only(ids[0]), expiry="60"))
    answer = send(make("GetFeatureWithLock", body=only(*ids), lockAction="SOME", count="10"), auth=CHIEF)
    assert read_features(answer) == ids[1:]
    root = etree.fromstring(answer.data)
    assert (root.get("numberReturned"), root.get("next"), root.get("previous")) == ("3", None, None)
    assert read_report(send(make("GetFeatureWithLock"), 400, auth=CHIEF))[0] == "CannotLockAllFeatures"


def test_each_of_several_queries_gives_what_it_locked(send, ids):
    answer = send(make("GetFeatureWithLock", body=only(ids[0], ids[1]) + only(ids[1], ids[2]), count="3"))
    assert read_features(answer) == [ids[0], ids[1], ids[1]]
    assert read_ids(send(make("LockFeature", lockAction="SOME"), auth=CHIEF)) == ids[2:]


@pytest.mark.parametrize(
    ("attributes", "code", "locator"),
    [
        ({"resultType": "hits"}, "InvalidParameterValue", "resultType"),
        ({"outputFormat": "application/json"}, "InvalidParameterValue", "outputFormat"),
        ({"outputFormat": "csv"}, "InvalidParameterValue", "outputFormat"),
        ({"lockAction": "FEW"}, "InvalidParameterValue", "lockAction"),
        ({"expiry": "0"}, "InvalidParameterValue", "expiry"),
        ({"expiry": "-5"}, "InvalidParameterValue", "expiry"),
        ({"expiry": "86401"}, "InvalidParameterValue", "expiry"),
        ({"expiry": "soon"}, "InvalidParameterValue", "expiry"),
    ],
)
def test_what_no_lock_can_be_made_of_is_refused(send, ids, attributes, code, locator):
    assert read_report(send(make("GetFeatureWithLock", **attributes), 400))[:2] == (code, locator)


def test_a_join_is_not_locked(send, ids):
    body = '<wfs:Query typeNames="infra:fire_hydrant infra:water_pipe"/>'
    assert read_report(send(make("LockFeature", body=body), 400))[:2] == ("InvalidParameterValue", "typeNames")


def test_a_lock_that_has_ended_cannot_be_renewed_or_used_and_is_in_nobodys_way(send, engine, ids):
    lock_id = read_lock(send(make("GetFeatureWithLock")))
    end_locks(engine)
    for document in (make("LockFeature", lockId=lock_id), release(lock_id), remove(ids[0], lockId=lock_id)):
        assert read_report(send(document, 403))[:2] == ("LockHasExpired", "lockId")
    send(remove(ids[0]), auth=CHIEF)
    assert read_ids(send(make("LockFeature"), auth=CHIEF)) == ids[1:]


def test_a_lock_that_never_was(send, ids):
    assert read_report(send(make("LockFeature", lockId="lock-does-not-exist"), 403))[0] == "LockHasExpired"
    assert read_report(send(release("lock-does-not-exist"), 400))[:2] == ("InvalidLockId", "lockId")
    assert read_report(send(release("lock-does-not-exist", version="1.1.0"), 400))[0] == "InvalidParameterValue"


def test_somebody_elses_lock_is_of_no_use(send, ids):
    lock_id = read_lock(send(make("LockFeature")))
    assert read_report(send(remove(ids[0], lockId=lock_id), 400, auth=CHIEF))[0] == "InvalidLockId"
    own = read_lock(send(make("LockFeature", body=only("fire_hydrant.0")), auth=CHIEF))
    assert read_report(send(remove(ids[0], lockId=own), 400, auth=CHIEF))[:2] == ("InvalidParameterValue", "lockId")


def test_a_lock_is_renewed_with_all_it_holds(send, ids):
    lock_id = read_lock(send(make("LockFeature", body=only(*ids[:2]), expiry="10")))
    renewed = send(make("LockFeature", body="", lockId=lock_id, expiry="500"))
    assert read_lock(renewed) == lock_id and read_ids(renewed) == ids[:2]


def test_some_are_released_and_the_rest_is_kept(send, ids):
    lock_id = read_lock(send(make("LockFeature")))
    send(remove(ids[0], lockId=lock_id, releaseAction="SOME"))
    assert read_report(send(remove(ids[1]), 400))[:2] == ("MissingParameterValue", "lockId")
    send(release(lock_id))
    assert "totalDeleted>1" in send(remove(ids[1])).text


def test_a_refused_transaction_releases_nothing(send, ids):
    lock_id = read_lock(send(make("LockFeature")))
    name = "<wfs:ValueReference>infra:nominal_diameter_mm</wfs:ValueReference>"
    property_ = f"<wfs:Property>{name}<wfs:Value>wide</wfs:Value></wfs:Property>"
    body = f'<wfs:Update typeName="{TYPE}">{property_}</wfs:Update>'
    assert read_report(send(make("Transaction", body=body, lockId=lock_id), 400))[0] == "InvalidValue"
    send(remove(ids[0]), 400)


def test_features_are_locked_by_a_url_too(ask, ids):
    first = ask(REQUEST="LockFeature", RESOURCEID=",".join(ids[:2]), EXPIRY="60")
    assert read_ids(first) == ids[:2]
    second = ask(REQUEST="LockFeature", TYPENAMES=TYPE, LOCKACTION="SOME", FILTER=(
        f'<Filter xmlns="{FES}"><PropertyIsEqualTo><ValueReference>asset_code</ValueReference><Literal>H2</Literal>'
        "</PropertyIsEqualTo></Filter>"))  # fmt: skip
    assert read_ids(second) == [ids[2]]
    assert read_ids(ask(REQUEST="LockFeature", LOCKID=read_lock(first))) == ids[:2]
    third = ask(REQUEST="GetFeatureWithLock", TYPENAMES=TYPE, LOCKACTION="SOME")
    assert read_features(third) == [ids[3]]


def test_a_link_on_another_page_locks_nothing(ask, client, ids):
    ask(REQUEST="LockFeature", TYPENAMES=TYPE, headers={"Sec-Fetch-Site": "cross-site"}, status=403)
    with client.session_transaction() as session:
        session["csrf"] = TOKEN
    form = {"username": EDITOR[0], "password": EDITOR[1], "csrf_token": TOKEN}
    signed = client.post("/sign-in", data=form)
    assert signed.status_code == 303, signed.text
    address = f"/wfs?{urlencode({'SERVICE': 'WFS', 'REQUEST': 'LockFeature', 'TYPENAMES': TYPE})}"
    assert client.get(address).status_code == 403
    client.get("/")  # whose page has the token of the session
    with client.session_transaction() as session:
        token = session["csrf"]
    assert client.get(address, headers={"X-CSRF-Token": token}).status_code == 200


@pytest.mark.parametrize(("auth", "status"), [(None, 401), (VIEWER, 403)])
@pytest.mark.parametrize("operation", ["LockFeature", "GetFeatureWithLock"])
def test_who_may_not_edit_may_not_lock(send, ids, auth, status, operation):
    answer = send(make(operation), status, auth=auth)
    assert ("WWW-Authenticate" in answer.headers) == (status == 401)
    assert "lockId=" not in answer.text


def test_a_lock_holds_off_the_ogc_api_too(send, client, ids):
    lock_id = read_lock(send(make("LockFeature", body=only(ids[0]))))
    path = f"/ogc/collections/fire_hydrant/items/{ids[0].rpartition('.')[2]}"
    patch = {"data": b'{"properties": {"name": "x"}}', "content_type": "application/merge-patch+json"}
    for answer in (client.delete(path, auth=CHIEF), client.patch(path, auth=CHIEF, **patch)):
        assert (answer.status_code, answer.mimetype) == (423, "application/problem+json")
        assert re.fullmatch(rf"feature {ids[0]} is locked by editor until \d{{4}}-.*", answer.json["detail"])
        assert answer.json["where"] == "lockId"
    assert client.delete(path, auth=VIEWER).status_code == 403  # who may not change it is not told who does
    assert client.delete(path).status_code == 401
    send(release(lock_id))
    assert client.delete(path, auth=CHIEF).status_code == 204


@pytest.mark.parametrize("version", VERSIONS)
def test_capabilities_offer_locking_to_those_who_may(ask, version):
    for auth, offered in ((EDITOR, True), (VIEWER, False), (None, False)):
        text = ask(REQUEST="GetCapabilities", VERSION=version, auth=auth).text
        assert ("LockFeature" in text, "GetFeatureWithLock" in text) == (offered, offered)


def test_a_version_that_does_not_write_the_lock_still_reads(ask, ids):
    assert b"lockId" not in ask(REQUEST="GetFeature", TYPENAMES=TYPE).data
    assert GML32.encode() in ask(REQUEST="GetFeatureWithLock", TYPENAMES=TYPE).data
    assert WFS2.encode() in ask(REQUEST="LockFeature", TYPENAMES=TYPE, LOCKACTION="SOME").data
