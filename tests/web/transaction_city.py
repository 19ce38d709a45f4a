"""Transactions as clients write them, the answers taken apart, and people who may send them."""

from lxml import etree
from sqlalchemy import delete, select

from gis_infra.accounts import people
from gis_infra.accounts.tables import PERSON
from gis_infra.catalogue.history import build

PASSWORD = "một mật khẩu dài"
# Edits the water sector; administers it; only views it; is signed in and no more.
EDITOR, CHIEF, VIEWER, LAN = ((name, PASSWORD) for name in ("editor", "chief", "viewer", "lan"))
LAYERS = ("fire_hydrant", "water_pipe", "pressure_zone", "water_plant")

WFS1, WFS2 = "http://www.opengis.net/wfs", "http://www.opengis.net/wfs/2.0"
OGC, FES = "http://www.opengis.net/ogc", "http://www.opengis.net/fes/2.0"
GML3, GML32 = "http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"
INFRA = "urn:gis-infra:infra"
NAMESPACES = {
    "2.0.0": f'xmlns:wfs="{WFS2}" xmlns:fes="{FES}" xmlns:gml="{GML32}" xmlns:infra="{INFRA}"',
    "1.1.0": f'xmlns:wfs="{WFS1}" xmlns:fes="{OGC}" xmlns:gml="{GML3}" xmlns:infra="{INFRA}"',
    "1.0.0": f'xmlns:wfs="{WFS1}" xmlns:fes="{OGC}" xmlns:gml="{GML3}" xmlns:infra="{INFRA}"',
}
URN, SHORT = "urn:ogc:def:crs:EPSG::", "EPSG:"
# In the city, EPSG:4326 and where that is in EPSG:9210 (by the pinned operation, to the millimetre).
LONGITUDE, LATITUDE = 106.6937, 10.7684


def fill(connection, tables, catalogue):
    """Put in the people."""
    clear(connection, tables)
    for name, _ in (EDITOR, CHIEF, VIEWER, LAN):
        people.add_person(connection, name, name, password=PASSWORD)
    for name, role in (("editor", "editor"), ("chief", "admin"), ("viewer", "viewer")):
        people.grant_to_person(connection, name, role, "sector:water", catalogue)


def empty(connection, tables):
    """Take away the features, and their history."""
    for layer_id in LAYERS:
        connection.execute(delete(tables.get(layer_id)))
        connection.execute(delete(build(tables.get(layer_id))))


def clear(connection, tables):
    """Take away everything."""
    empty(connection, tables)
    connection.execute(delete(PERSON))


def read_rows(engine, tables, layer_id="fire_hydrant"):
    """The rows of a layer in the order of their ids."""
    with engine.connect() as connection:
        table = tables.get(layer_id)
        return [dict(row) for row in connection.execute(select(table).order_by(table.c.id)).mappings()]


def transaction(body, version="2.0.0", attributes=""):
    """A Transaction in the usual prefixes; wfs, gml and fes are those of the version."""
    return (
        f'<wfs:Transaction service="WFS" version="{version}" {NAMESPACES[version]} {attributes}>{body}'
        "</wfs:Transaction>"
    )


def insert(*features, attributes=""):
    """An Insert."""
    return f"<wfs:Insert {attributes}>{''.join(features)}</wfs:Insert>"


def hydrant(shape=None, **properties):
    """A hydrant; by default at LONGITUDE, LATITUDE, as EPSG:4326."""
    where = point(LONGITUDE, LATITUDE) if shape is None else shape
    texts = "".join(f"<infra:{name}>{text}</infra:{name}>" for name, text in properties.items())
    return f"<infra:fire_hydrant>{texts}<infra:geom>{where}</infra:geom></infra:fire_hydrant>"


def point(first, second, srs_name=f"{SHORT}4326"):
    """A gml:Point as GML 3 writes it."""
    return f'<gml:Point srsName="{srs_name}"><gml:pos>{first} {second}</gml:pos></gml:Point>'


def by_id(*fids, version="2.0.0"):
    """A filter of feature ids."""
    name, key = ("ResourceId", "rid") if version == "2.0.0" else ("FeatureId", "fid")
    return f"<fes:Filter>{''.join(f'<fes:{name} {key}={chr(34)}{fid}{chr(34)}/>' for fid in fids)}</fes:Filter>"


def where(name, value, version="2.0.0"):
    """A filter of one property."""
    reference = "ValueReference" if version == "2.0.0" else "PropertyName"
    inside = f"<fes:{reference}>infra:{name}</fes:{reference}><fes:Literal>{value}</fes:Literal>"
    return f"<fes:Filter><fes:PropertyIsEqualTo>{inside}</fes:PropertyIsEqualTo></fes:Filter>"


def update(filter_, version="2.0.0", attributes="", type_name="infra:fire_hydrant", **values):
    """An Update; a value of None is left out, which means none."""
    name = "ValueReference" if version == "2.0.0" else "Name"
    properties = "".join(
        f"<wfs:Property><wfs:{name}>infra:{key}</wfs:{name}>"
        + ("" if value is None else f"<wfs:Value>{value}</wfs:Value>")
        + "</wfs:Property>"
        for key, value in values.items()
    )
    return f'<wfs:Update typeName="{type_name}" {attributes}>{properties}{filter_}</wfs:Update>'


def remove(filter_, attributes="", type_name="infra:fire_hydrant"):
    """A Delete."""
    return f'<wfs:Delete typeName="{type_name}" {attributes}>{filter_}</wfs:Delete>'


def replace(filter_, feature, attributes=""):
    """A Replace."""
    return f"<wfs:Replace {attributes}>{feature}{filter_}</wfs:Replace>"


def read_answer(answer):
    """The root of an XML answer."""
    return etree.fromstring(answer.data)


def read_totals(answer):
    """The totals of a TransactionResponse by name."""
    summary = next(each for each in read_answer(answer) if etree.QName(each).localname == "TransactionSummary")
    return {etree.QName(each).localname: int(each.text) for each in summary}


def read_fids(answer):
    """The ids that an answer tells, in order."""
    return [
        each.get("rid") or each.get("fid") for each in read_answer(answer).iter() if each.get("rid") or each.get("fid")
    ]


def read_report(answer):
    """Code, locator and text of an exception report of any version."""
    root = read_answer(answer)
    for each in root.iter():
        name = etree.QName(each).localname
        if name == "Exception":
            return each.get("exceptionCode"), each.get("locator"), "".join(each.itertext()).strip()
        if name == "ServiceException":
            return each.get("code"), each.get("locator"), "".join(each.itertext()).strip()
    raise AssertionError(answer.text)
