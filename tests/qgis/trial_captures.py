"""A whole edit session of QGIS over each version of the WFS, written down in docs/captures.

Run by `script/conformance qgis-captures`, with the QGIS of this machine or the one of GIS_INFRA_QGIS_ROOT; no part of
the everyday suite, which asks the captures again instead (test_captures.py).
"""

import pytest

from gis_infra.settings import ROOT
from tests.qgis.captures import Names, render_exchange, render_page
from tests.qgis.conftest import PASSWORD

VERSIONS = ("2.0.0", "1.1.0", "1.0.0")
FOLDER = ROOT / "docs" / "captures"
ALL = ["H0", "H1", "H2", "H3", "H4", "H5", "H6"]
NEW = {
    "wkt": "Point(603333.25 1191444.125)",
    "attributes": {"asset_code": "Q1", "kind": "pillar", "flow_lps": 2.5, "name": "Trụ <mới> & 'cũ'"},
}
FILLED = {"outlets": 3, "flow_lps": 7.5, "kind": None}
INTRO = """<!-- Made by script/conformance qgis-captures; do not edit. -->

What {client} and the server said to each other over WFS {version} while a person added a layer, looked at it, drew a
hydrant, filled its form, moved it, undid a change, tried what is not allowed and deleted it. It is kept only if QGIS
showed after each step what it should; `tests/qgis/test_captures.py` asks all of it again. Requests are whole and laid
out in lines, long answers end early. Ids of features stand as asset codes; of whoever signed in, nothing is kept."""


def make_parts(qgis, version):
    """What the person does, and the steps of QGIS for it; each part ends in what it must find."""
    opened = ("open", {"name": "h", "source": qgis.make_source("fire_hydrant", version, signed_in=True)})
    other = ("open", {"name": "b", "source": qgis.make_source("building", version, signed_in=True)})
    unsigned = ("open", {"name": "p", "source": qgis.make_source("fire_hydrant", version)})
    undone = [("set", {"code": "H1", "attributes": {"outlets": 4}}), ("undo", {"times": 1})]
    return {
        "The layer of hydrants is added, signed in": [opened],
        "The map shows a part of it, then all": [
            ("read", {"name": "h", "box": [603005, 1191490, 603025, 1191510]}), ("count", {"name": "h"})],
        "A hydrant is drawn and saved": [change("h", ("insert", NEW))],
        "Its form is filled, and one value cleared": [change("h", ("set", {"code": "Q1", "attributes": FILLED}))],
        "It is moved": [change("h", ("move", {"code": "Q1", "wkt": "Point(603400.5 1191500.25)"}))],
        "A change is undone before it is saved, a deletion thrown away": [
            change("h", *undone), change("h", ("delete", {"code": "H1"}), keep=False)],
        "A value that is not allowed is refused": [
            change("h", ("set", {"code": "Q1", "attributes": {"outlets": 99}}))],
        "It is deleted": [change("h", ("delete", {"code": "Q1"}))],
        "A building, of another department, is to be deleted": [other, change("b", ("delete", {"code": "B1"}))],
        "Nobody is signed in: the layer is read and cannot be edited": [
            unsigned, change("p", ("delete", {"code": "H1"}))],
    }  # fmt: skip


def change(name, *edits, keep=True):
    """The step that makes edits and saves them."""
    return ("change", {"name": name, "edits": edits, "keep": keep})


def require_done(seen, version):
    """Fail unless each part came out as a person would expect."""
    opened, boxed, counted, inserted, filled, moved, undone, thrown, refused, deleted, _, other, public, barred = seen
    assert opened["may_edit"] and opened["extent"][0] == pytest.approx(603000, abs=0.2)
    assert [each["values"]["asset_code"] for each in boxed] == ["H1", "H2"] and counted == [7, 7]
    for each in (inserted, filled, moved):
        assert each["done"] and each["shown"] == sorted([*ALL, "Q1"]), each
    assert undone["done"] and thrown["done"] and not refused["done"]
    assert deleted["done"] and deleted["shown"] == ALL
    assert not other["done"]
    # QGIS 3.40 keeps what it was told of an address when it was signed in, and is then refused.
    assert not barred["done"] and (public["may_edit"] or barred["errors"] == ["editing cannot be begun"])


@pytest.mark.parametrize("version", VERSIONS)
def test_a_whole_session_is_written_down(qgis, version):
    parts = make_parts(qgis, version)
    steps = [("version", {}), ("time", {})]
    for each in parts.values():
        steps += [*each, ("time", {})]
    release, *seen, _log = qgis.run(*steps)
    times = [each for each in seen if isinstance(each, float)]
    require_done([each for each in seen if not isinstance(each, float)], version)

    names = Names()
    said = {title: [] for title in parts}
    for exchange in qgis.recorder.exchanges:
        title = [*parts][sum(at <= exchange.at for at in times[1:])]
        layer = "building" if "building" in title else "fire_hydrant"
        said[title].append(render_exchange(exchange, names, qgis.address, layer))
    for each in said.values():
        each[:] = each or ["Nothing is sent."]
    client = f"QGIS {release // 10000}.{release // 100 % 100}.{release % 100}"
    page = render_page(f"{client} over WFS {version}", INTRO.format(client=client, version=version), said)
    assert PASSWORD not in page and "Authorization" not in page
    FOLDER.mkdir(exist_ok=True)
    name = f"qgis_{release // 10000}.{release // 100 % 100}_wfs_{version}.md"
    (FOLDER / name).write_text(page, encoding="utf-8")
