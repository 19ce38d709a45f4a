"""What differs between the versions of GML: 3.2.1 (WFS 2.0), 3.1.1 (WFS 1.1) and 2.1.2 (WFS 1.0).

Data only; `features.py` and `geometry.py` write by it, `schema.py` declares by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gis_infra.catalogue.definitions import GeometryType
from gis_infra.features.formats.gml.names import NAMESPACE


@dataclass(frozen=True)
class Markup:
    """How the parts of geometries are written.

    position, positions: the opening tags of one position and of several; in three dimensions, `high_position` and
    `high_positions`. between_axes: between the numbers of a position. exterior, interior: of a polygon's boundaries.
    members: for a multi-geometry, the names of the whole, of its property and of a part. has_ids: whether a geometry
    has an id and says how many axes it has. envelope: of a box, around its two corners.
    """

    position: str
    position_end: str
    high_position: str
    positions: str
    positions_end: str
    high_positions: str
    between_axes: str
    exterior: str
    interior: str
    members: Mapping[GeometryType, tuple[str, str, str]]
    has_ids: bool
    envelope: str
    corners: tuple[str, str, str]


@dataclass(frozen=True)
class Dialect:
    """One version of GML.

    schema: where its schema is. feature_id: the attribute that holds a feature's id. abstract_feature: the element
    that features substitute. property_types: the concrete type of a geometry property.
    standard_properties: attribute -> opening and closing tag of the property of GML it is also published as, in the
    order GML demands.
    """

    namespace: str
    schema: str
    feature_id: str
    abstract_feature: str
    property_types: Mapping[GeometryType, str]
    standard_properties: Mapping[str, tuple[str, str]]
    markup: Markup


DESCRIPTION = ("<g:description>", "</g:description>")
IDENTIFIER = (f'<g:identifier codeSpace="{NAMESPACE}">', "</g:identifier>")
NAME = ("<g:name>", "</g:name>")

LATER_TYPES: Mapping[GeometryType, str] = {
    "Point": "gml:PointPropertyType",
    "LineString": "gml:CurvePropertyType",
    "Polygon": "gml:SurfacePropertyType",
    "MultiPoint": "gml:MultiPointPropertyType",
    "MultiLineString": "gml:MultiCurvePropertyType",
    "MultiPolygon": "gml:MultiSurfacePropertyType",
}
LATER_MARKUP = Markup(
    position="<gml:pos>",
    position_end="</gml:pos>",
    high_position='<gml:pos srsDimension="3">',  # some readers look for the dimension nowhere else
    positions="<gml:posList>",
    positions_end="</gml:posList>",
    high_positions='<gml:posList srsDimension="3">',
    between_axes=" ",
    exterior="exterior",
    interior="interior",
    members={
        "MultiPoint": ("MultiPoint", "pointMember", "Point"),
        "MultiLineString": ("MultiCurve", "curveMember", "LineString"),
        "MultiPolygon": ("MultiSurface", "surfaceMember", "Polygon"),
    },
    has_ids=True,
    envelope="Envelope",
    corners=("<gml:lowerCorner>", "</gml:lowerCorner><gml:upperCorner>", "</gml:upperCorner>"),
)
COORDINATES, COORDINATES_END = '<gml:coordinates decimal="." cs="," ts=" ">', "</gml:coordinates>"

# Source: OGC 07-036 (GML 3.2.1) clauses 9 and 10.
GML32 = Dialect(
    namespace="http://www.opengis.net/gml/3.2",
    schema="http://schemas.opengis.net/gml/3.2.1/gml.xsd",
    feature_id="gml:id",
    abstract_feature="gml:AbstractFeature",
    property_types=LATER_TYPES,
    standard_properties={"remarks": DESCRIPTION, "asset_code": IDENTIFIER, "name": NAME},
    markup=LATER_MARKUP,
)
# Source: OGC 03-105r1 (GML 3.1.1) clauses 8 to 10.
GML31 = Dialect(
    namespace="http://www.opengis.net/gml",
    schema="http://schemas.opengis.net/gml/3.1.1/base/gml.xsd",
    feature_id="gml:id",
    abstract_feature="gml:_Feature",
    property_types=LATER_TYPES,
    standard_properties={"remarks": DESCRIPTION, "name": NAME},
    markup=LATER_MARKUP,
)
# Source: OGC 02-069 (GML 2.1.2) clauses 4.3 and 5.
GML2 = Dialect(
    namespace="http://www.opengis.net/gml",
    schema="http://schemas.opengis.net/gml/2.1.2/feature.xsd",
    feature_id="fid",
    abstract_feature="gml:_Feature",
    property_types={
        "Point": "gml:PointPropertyType",
        "LineString": "gml:LineStringPropertyType",
        "Polygon": "gml:PolygonPropertyType",
        "MultiPoint": "gml:MultiPointPropertyType",
        "MultiLineString": "gml:MultiLineStringPropertyType",
        "MultiPolygon": "gml:MultiPolygonPropertyType",
    },
    standard_properties={"remarks": DESCRIPTION, "name": NAME},
    markup=Markup(
        position=COORDINATES,
        position_end=COORDINATES_END,
        high_position=COORDINATES,
        positions=COORDINATES,
        positions_end=COORDINATES_END,
        high_positions=COORDINATES,
        between_axes=",",
        exterior="outerBoundaryIs",
        interior="innerBoundaryIs",
        members={
            "MultiPoint": ("MultiPoint", "pointMember", "Point"),
            "MultiLineString": ("MultiLineString", "lineStringMember", "LineString"),
            "MultiPolygon": ("MultiPolygon", "polygonMember", "Polygon"),
        },
        has_ids=False,
        envelope="Box",
        corners=(COORDINATES, " ", COORDINATES_END),
    ),
)
DIALECTS: Mapping[str, Dialect] = {"gml32": GML32, "gml31": GML31, "gml2": GML2}
