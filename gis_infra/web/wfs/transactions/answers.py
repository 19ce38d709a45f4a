"""What became of a Transaction, as each version of the protocol says it. Pure.

The answer is in the version of the request, whatever version the rest of the service is asked in: QGIS posts 1.0.0 to
a service it reads by 2.0.0, and takes any other answer for a failure.
"""

from collections.abc import Callable, Mapping, Sequence

from lxml import etree

from gis_infra.errors import GisInfraError
from gis_infra.web.wfs.exceptions import to_xml_text
from gis_infra.web.wfs.requests.versions import Version
from gis_infra.web.wfs.transactions.carrying import Deed

Element = etree._Element
WFS1, WFS2 = "http://www.opengis.net/wfs", "http://www.opengis.net/wfs/2.0"
OGC, FES2 = "http://www.opengis.net/ogc", "http://www.opengis.net/fes/2.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMAS = "http://schemas.opengis.net/wfs"
TOTALS: Mapping[str, str] = {
    "Insert": "totalInserted", "Update": "totalUpdated", "Replace": "totalReplaced", "Delete": "totalDeleted",
}  # fmt: skip
RESULTS: Mapping[str, str] = {"Insert": "InsertResults", "Update": "UpdateResults", "Replace": "ReplaceResults"}


def render(version: Version, deeds: Sequence[Deed]) -> bytes:
    """The answer to a transaction that was carried out."""
    document: bytes = etree.tostring(RENDERERS[version](deeds), xml_declaration=True, encoding="UTF-8")
    return document


def make_root(name: str, version: str, namespaces: Mapping[str, str], schema: str) -> Element:
    """The root of an answer. namespaces: by prefix, the protocol's own as wfs."""
    root = etree.Element(f"{{{namespaces['wfs']}}}{name}", {"version": version}, nsmap={**namespaces, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{namespaces['wfs']} {SCHEMAS}/{schema}")
    return root


def add(parent: Element, name: str, text: str | None = None) -> Element:
    """A new element in the namespace of its parent."""
    child = etree.SubElement(parent, etree.QName(etree.QName(parent).namespace, name))
    child.text = text
    return child


def count(deeds: Sequence[Deed], kind: str) -> int:
    """How many features actions of a kind changed."""
    return sum(len(deed.features) for deed in deeds if deed.mark.kind == kind)


def build_newest(deeds: Sequence[Deed]) -> Element:
    """wfs:TransactionResponse of 2.0.0; only kinds of action that were there are counted.

    Source: OGC 09-025r2 clause 15.3.
    """
    root = make_root("TransactionResponse", "2.0.0", {"wfs": WFS2, "fes": FES2}, "2.0/wfs.xsd")
    summary = add(root, "TransactionSummary")
    for kind, name in TOTALS.items():
        if any(deed.mark.kind == kind for deed in deeds):
            add(summary, name, str(count(deeds, kind)))
    for kind, name in RESULTS.items():
        if count(deeds, kind):
            add_features(add(root, name), deeds, kind)
    return root


def add_features(results: Element, deeds: Sequence[Deed], kind: str) -> None:
    """The features of actions of a kind, in their order, with the handles of those."""
    for deed in deeds:
        for layer_id, id_ in deed.features if deed.mark.kind == kind else ():
            feature = add(results, "Feature")
            set_handle(feature, deed)
            etree.SubElement(feature, f"{{{FES2}}}ResourceId", {"rid": f"{layer_id}.{id_}"})


def set_handle(element: Element, deed: Deed) -> None:
    """Say by which action it came, if the client named that."""
    if deed.mark.handle:
        element.set("handle", deed.mark.handle)


def build_older(deeds: Sequence[Deed]) -> Element:
    """wfs:TransactionResponse of 1.1.0. Source: OGC 04-094 clause 12.3."""
    root = make_root("TransactionResponse", "1.1.0", {"wfs": WFS1, "ogc": OGC}, "1.1.0/wfs.xsd")
    summary = add(root, "TransactionSummary")
    for kind in ("Insert", "Update", "Delete"):
        add(summary, TOTALS[kind], str(count(deeds, kind)))
    if count(deeds, "Insert"):
        results = add(root, "InsertResults")
        for deed in deeds:
            for layer_id, id_ in deed.features if deed.mark.kind == "Insert" else ():
                feature = add(results, "Feature")
                set_handle(feature, deed)
                add_feature_id(feature, f"{layer_id}.{id_}")
    return root


def add_feature_id(parent: Element, fid: str) -> None:
    """An ogc:FeatureId."""
    etree.SubElement(parent, f"{{{OGC}}}FeatureId", {"fid": fid})


def build_oldest(deeds: Sequence[Deed]) -> Element:
    """wfs:WFS_TransactionResponse of 1.0.0. Source: OGC 02-058 clause 9.3."""
    root = make_root("WFS_TransactionResponse", "1.0.0", {"wfs": WFS1, "ogc": OGC}, "1.0.0/WFS-transaction.xsd")
    for deed in deeds:
        if deed.mark.kind == "Insert":
            result = add(root, "InsertResult")
            set_handle(result, deed)
            for layer_id, id_ in deed.features:
                add_feature_id(result, f"{layer_id}.{id_}")
    add(add(add(root, "TransactionResult"), "Status"), "SUCCESS")
    return root


def render_failure(error: GisInfraError) -> bytes:
    """The answer of 1.0.0 to a transaction of which nothing was done, with the handle of the action that failed.

    Source: OGC 02-058 clause 9.3.
    """
    root = make_root("WFS_TransactionResponse", "1.0.0", {"wfs": WFS1, "ogc": OGC}, "1.0.0/WFS-transaction.xsd")
    result = add(root, "TransactionResult")
    add(add(result, "Status"), "FAILED")
    if error.where:
        add(result, "Locator", to_xml_text(error.where))
    add(result, "Message", to_xml_text(error.message))
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


RENDERERS: Mapping[Version, Callable[[Sequence[Deed]], Element]] = {
    "2.0.0": build_newest,
    "1.1.0": build_older,
    "1.0.0": build_oldest,
}
