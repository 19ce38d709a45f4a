"""Features in the wfs:FeatureCollection of each version: 2.0.0 with GML 3.2, 1.1.0 with 3.1.1, 1.0.0 with 2.1.2.

The box of a collection is told where all its features were read before its first byte is sent; to know it of a longer
one its features would have to be read twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from xml.sax.saxutils import quoteattr

import numpy as np
import pyarrow as pa
import shapely

from gis_infra.features.batches import GEOMETRY
from gis_infra.features.formats.gml.dialects import GML2, GML31, GML32, Dialect
from gis_infra.features.formats.gml.features import GmlForm, render_features
from gis_infra.features.formats.gml.geometry import (
    DEGREE_DECIMALS,
    METRE_DECIMALS,
    GmlAxes,
    read_shapes,
    render_bounds,
)
from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX, STANDARD_PREFIX, XSI_NAMESPACE
from gis_infra.features.formats.gml.rows import render_rows
from gis_infra.spatial import crs
from gis_infra.web.wfs.answers.links import list_links, make_timestamp
from gis_infra.web.wfs.answers.plans import Part, Plan, Source, read_batches
from gis_infra.web.wfs.formats import OutputFormat
from gis_infra.web.wfs.requests.queries import TypeQuery
from gis_infra.web.wfs.requests.versions import Version

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
END = "</wfs:FeatureCollection>"


@dataclass(frozen=True)
class CollectionForm:
    """How a version writes collections.

    namespace, schema: of WFS. types: the parameter that names types. member, box: the elements around a feature and
    around a box. unknown_box: what stands for a box that is not known, where there must be one.
    """

    version: Version
    dialect: Dialect
    namespace: str
    schema: str
    types: str
    member: str
    box: str
    unknown_box: str = ""


# Source: OGC 09-025r2 clause 11.3, OGC 04-094 clause 9.4, OGC 02-058 clause 8.3.
FORMS: Mapping[OutputFormat, CollectionForm] = {
    "gml32": CollectionForm(
        "2.0.0",
        GML32,
        "http://www.opengis.net/wfs/2.0",
        "http://schemas.opengis.net/wfs/2.0/wfs.xsd",
        "TYPENAMES",
        "wfs:member",
        "wfs:boundedBy",
    ),
    "gml31": CollectionForm(
        "1.1.0",
        GML31,
        "http://www.opengis.net/wfs",
        "http://schemas.opengis.net/wfs/1.1.0/wfs.xsd",
        "TYPENAME",
        "gml:featureMember",
        "gml:boundedBy",
    ),
    "gml2": CollectionForm(
        "1.0.0",
        GML2,
        "http://www.opengis.net/wfs",
        "http://schemas.opengis.net/wfs/1.0.0/WFS-basic.xsd",
        "TYPENAME",
        "gml:featureMember",
        "gml:boundedBy",
        "<gml:null>unknown</gml:null>",
    ),
}


def write(plan: Plan, source: Source) -> Iterator[bytes]:
    """The collection in pieces; the first comes after the first features were read. Raises as `plans.read_batches`."""
    form = FORMS[plan.request.output]
    has_boxes = plan.nested or len(plan.parts) == 1
    text = render_start(plan, source, form)
    if not has_boxes:
        text += surround_box("", form)
    for part in plan.parts:
        text += render_nested_start(part) if plan.nested else ""
        if part.rows is not None:
            members, box = render_rows(part.rows, make_form(part.query, form.dialect), make_around(form))
            text += surround_box(box, form) if has_boxes else ""
            yield text.encode() + members
            text = ""
            continue
        with closing(read_batches(part, source)) as batches:
            first = next(batches, None)
            text += surround_box(render_box(part, first, form), form) if has_boxes else ""
            for batch in chain([first] if first is not None else [], batches):
                yield text.encode() + render_members(batch, part.query, form)
                text = ""
        text += f"{END}</wfs:member>" if plan.nested else ""
    yield (text + END).encode()


def render_members(batch: pa.RecordBatch, query: TypeQuery, form: CollectionForm) -> bytes:
    """Features as members of a collection."""
    return render_features(batch, make_form(query, form.dialect), make_around(form))


def make_around(form: CollectionForm) -> tuple[str, str]:
    """What stands before and after a feature."""
    return f"<{form.member}>", f"</{form.member}>"


def make_form(query: TypeQuery, dialect: Dialect) -> GmlForm:
    """How the features of a query are written."""
    asked = query.query
    return GmlForm(asked.layer, make_axes(query), asked.properties, not asked.skip_geometry, dialect)


def make_axes(query: TypeQuery) -> GmlAxes:
    """How the coordinates of a query are written."""
    decimals = DEGREE_DECIMALS if crs.is_geographic(query.query.srid) else METRE_DECIMALS
    return GmlAxes(query.srs_name, query.swap_axes, decimals)


def render_start(plan: Plan, source: Source, form: CollectionForm) -> str:
    """The start of the collection: its numbers, and where the schemas are."""
    layers = list(dict.fromkeys(part.query.query.layer.id for part in plan.parts))
    return (
        f"{DECLARATION}<wfs:FeatureCollection {render_bindings(layers, source.address, form)}"
        f"{render_numbers(plan, source, form)}>"
    )


def render_bindings(layers: Sequence[str], address: str, form: CollectionForm) -> str:
    """The namespaces of an answer and the addresses of their schemas."""
    types = ",".join(f"{PREFIX}:{layer_id}" for layer_id in layers)
    schema = f"{address}?SERVICE=WFS&VERSION={form.version}&REQUEST=DescribeFeatureType&{form.types}={types}"
    gml = form.dialect.namespace
    # The box of a collection is checked by the schema of GML itself, which nothing else would name.
    location = f"{form.namespace} {form.schema} {gml} {form.dialect.schema}"
    location += f" {NAMESPACE} {schema}" if layers else ""
    return (
        f'xmlns:wfs="{form.namespace}" xmlns:gml="{gml}" xmlns:{STANDARD_PREFIX}="{gml}" xmlns:{PREFIX}="{NAMESPACE}"'
        f' xmlns:xsi="{XSI_NAMESPACE}" xsi:schemaLocation={quoteattr(location)}'
    )


def render_numbers(plan: Plan, source: Source, form: CollectionForm) -> str:
    """The attributes of a collection: its lock, and what counts its features and links its neighbours, in 1.0.0 none.

    Source: OGC 09-025r2 clause 7.7.4; OGC 04-094 clause 9.4: features in the answer, or with hits all that match.
    """
    lock = f" lockId={quoteattr(plan.lock_id)}" if plan.lock_id else ""
    if form.version == "2.0.0":
        links = "".join(f" {name}={quoteattr(link)}" for name, link in list_links(plan, source))
        return f"{lock}{render_counts(plan.matched, plan.returned)}{links}"
    if form.version == "1.1.0":
        number = plan.matched if plan.request.hits else plan.returned
        return f'{lock} timeStamp="{make_timestamp()}" numberOfFeatures="{number}"'
    return lock


def render_counts(matched: int | None, returned: int) -> str:
    """The moment and the numbers of a collection of 2.0.0. matched: None is unknown."""
    known = "unknown" if matched is None else matched
    return f' timeStamp="{make_timestamp()}" numberMatched="{known}" numberReturned="{returned}"'


def render_nested_start(part: Part) -> str:
    """The start of a collection within the collection, which each of several queries has."""
    return f"<wfs:member><wfs:FeatureCollection{render_counts(part.matched, part.returned)}>"


def render_box(part: Part, first: pa.RecordBatch | None, form: CollectionForm) -> str:
    """The box of all features of a part, "" if that is not known or there is none. first: the first batch of it."""
    if first is None or len(first) < part.returned or part.query.query.skip_geometry:
        return ""
    bounds = shapely.total_bounds(read_shapes(first.column(GEOMETRY).to_numpy(zero_copy_only=False)))
    if not np.isfinite(bounds).all():
        return ""
    return render_bounds(bounds[None, :], make_axes(part.query), form.dialect)[0]


def surround_box(box: str, form: CollectionForm) -> str:
    """The property of a collection that holds its box, or what stands for one; "" where it may be left out."""
    inside = box or form.unknown_box
    return f"<{form.box}>{inside}</{form.box}>" if inside else ""
