"""The answer to LockFeature, as each version has it: the id of the lock, what it holds and what it does not. Pure."""

from collections.abc import Callable, Mapping, Sequence

from lxml import etree

from gis_infra.features.locks.holding import Key
from gis_infra.features.locks.taking import Lock
from gis_infra.web.wfs.names import FES, OGC, WFS, WFS_1, WFS_1_1_LOCATION, WFS_LOCATION, XSI, xsi
from gis_infra.web.wfs.requests.versions import Version

TRANSACTION_LOCATION = "http://schemas.opengis.net/wfs/1.0.0/WFS-transaction.xsd"


def render(version: Version, lock: Lock) -> bytes:
    """The document that tells a client about its lock."""
    document: bytes = etree.tostring(RENDERERS[version](lock), xml_declaration=True, encoding="UTF-8")
    return document


def build_newest(lock: Lock) -> etree._Element:
    """wfs:LockFeatureResponse of 2.0.0. Source: OGC 09-025r2 clause 12.3.2."""
    root = etree.Element(
        f"{{{WFS}}}LockFeatureResponse", {"lockId": lock.id}, nsmap={"wfs": WFS, "fes": FES, "xsi": XSI}
    )
    root.set(xsi("schemaLocation"), f"{WFS} {WFS_LOCATION}")
    add_features(root, lock, (f"{{{FES}}}ResourceId", "rid"))
    return root


def build_1_1(lock: Lock) -> etree._Element:
    """wfs:LockFeatureResponse of 1.1.0. Source: OGC 04-094 clause 10.3."""
    return build_earlier(lock, "LockFeatureResponse", WFS_1_1_LOCATION)


def build_1_0(lock: Lock) -> etree._Element:
    """wfs:WFS_LockFeatureResponse. Source: OGC 02-058 clause 10.3."""
    return build_earlier(lock, "WFS_LockFeatureResponse", TRANSACTION_LOCATION)


def build_earlier(lock: Lock, name: str, schema: str) -> etree._Element:
    """The answer of the versions before 2.0.0."""
    root = etree.Element(f"{{{WFS_1}}}{name}", nsmap={"wfs": WFS_1, "ogc": OGC, "xsi": XSI})
    root.set(xsi("schemaLocation"), f"{WFS_1} {schema}")
    etree.SubElement(root, f"{{{WFS_1}}}LockId").text = lock.id
    add_features(root, lock, (f"{{{OGC}}}FeatureId", "fid"))
    return root


def add_features(root: etree._Element, lock: Lock, form: tuple[str, str]) -> None:
    """Add what is locked and what is not, each if there is any. form: the element of an id and its attribute."""
    add_ids(root, "FeaturesLocked", lock.locked, form)
    add_ids(root, "FeaturesNotLocked", lock.refused, form)


def add_ids(root: etree._Element, name: str, keys: Sequence[Key], form: tuple[str, str]) -> None:
    """Add a list of features, if there are any."""
    if not keys:
        return
    section = etree.SubElement(root, etree.QName(etree.QName(root).namespace, name))
    element, attribute = form
    for layer_id, id_ in keys:
        etree.SubElement(section, element, {attribute: f"{layer_id}.{id_}"})


RENDERERS: Mapping[Version, Callable[[Lock], etree._Element]] = {
    "2.0.0": build_newest, "1.1.0": build_1_1, "1.0.0": build_1_0,
}  # fmt: skip
