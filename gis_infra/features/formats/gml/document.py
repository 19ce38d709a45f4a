"""A page of features, or one, as a GML 3.2 document of OGC API - Features.

Source: OGC 17-069r4, clause 8.4 (GML, Simple Features Profile, Level 0).
"""

from collections.abc import Generator, Iterable, Sequence
from xml.sax.saxutils import quoteattr

import pyarrow as pa

from gis_infra.features.formats.frame import Frame
from gis_infra.features.formats.gml.dialects import GML32
from gis_infra.features.formats.gml.features import GmlForm, render_features, to_batch
from gis_infra.features.formats.gml.geometry import DEGREE_DECIMALS, METRE_DECIMALS, GmlAxes
from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX, STANDARD_PREFIX, XSI_NAMESPACE
from gis_infra.features.query import Feature
from gis_infra.spatial import crs

COLLECTION_NAMESPACE = "http://www.opengis.net/ogcapi-features-1/1.0/sf"
COLLECTION_SCHEMA = "http://schemas.opengis.net/ogcapi/features/part1/1.0/xml/core-sf.xsd"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
AROUND = ("<sf:featureMember>", "</sf:featureMember>")


def write(batches: Iterable[pa.RecordBatch], frame: Frame) -> Generator[bytes, None, None]:
    """An sf:FeatureCollection in pieces, one for each batch of `features.batches`.

    What a page says besides its features stands in headers: the schema has no place for it.
    """
    form, layer = make_form(frame), frame.query.layer
    locations = (COLLECTION_NAMESPACE, COLLECTION_SCHEMA, NAMESPACE, frame.xml_schema)
    before = (
        f'{DECLARATION}<sf:FeatureCollection xmlns:sf="{COLLECTION_NAMESPACE}" {render_bindings(locations)}'
        f' gml:id="{layer.id}">'
    )
    for batch in batches:
        yield before.encode() + render_features(batch, form, AROUND)
        before = ""
    yield f"{before}</sf:FeatureCollection>".encode()


def write_one(feature: Feature, frame: Frame) -> bytes:
    """One feature as the root of a document."""
    form = make_form(frame)
    text = render_features(to_batch([feature], form), form).decode()
    tag = f"<{PREFIX}:{frame.query.layer.id} "
    bindings = render_bindings((NAMESPACE, frame.xml_schema))
    return (DECLARATION + text.replace(tag, f"{tag}{bindings} ", 1)).encode()


def render_bindings(locations: Sequence[str]) -> str:
    """The prefixes that stand in features, and where the schemas are."""
    return (
        f'xmlns:gml="{GML32.namespace}" xmlns:{STANDARD_PREFIX}="{GML32.namespace}" xmlns:{PREFIX}="{NAMESPACE}"'
        f' xmlns:xsi="{XSI_NAMESPACE}" xsi:schemaLocation={quoteattr(" ".join(locations))}'
    )


def make_form(frame: Frame) -> GmlForm:
    """How the features are written."""
    query = frame.query
    decimals = DEGREE_DECIMALS if crs.is_geographic(query.srid) else METRE_DECIMALS
    axes = GmlAxes(frame.crs_name, query.swap_axes, decimals)
    return GmlForm(query.layer, axes, query.properties, not query.skip_geometry)
