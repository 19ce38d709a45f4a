"""GetFeatureById: the feature itself as the root of the document, in no collection."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pyarrow as pa

from gis_infra.errors import InvalidParameter, UnknownFeature
from gis_infra.features.formats.gml.features import render_features
from gis_infra.features.formats.gml.names import PREFIX
from gis_infra.web.wfs.answers import geojson
from gis_infra.web.wfs.answers.collections import DECLARATION, FORMS, make_form, render_bindings
from gis_infra.web.wfs.answers.plans import Part, Source, read_batches
from gis_infra.web.wfs.formats import is_gml
from gis_infra.web.wfs.requests.features import FeatureRequest
from gis_infra.web.wfs.requests.queries import TypeQuery


def render(request: FeatureRequest, source: Source) -> bytes:
    """The one feature of a request, as GeoJSON or else as GML.

    Raises UnknownFeature if there is none that the actor may see; InvalidParameter for any other format.
    Source: OGC 09-025r2 clause 7.9.3.6.
    """
    if request.output != "json" and not is_gml(request.output):
        raise InvalidParameter("a single feature comes as GML or GeoJSON", where="outputFormat")
    for each in request.queries:
        part = Part(replace(each, query=replace(each.query, limit=1)), None, 1, 0, has_more=False)
        found = list(render_part(part, request, source))
        if found:
            return found[0]
    raise UnknownFeature(f"there is no feature {source.parameters.find('ID')!r}", where="id")


def render_part(part: Part, request: FeatureRequest, source: Source) -> Iterator[bytes]:
    """The feature of one query as a document; nothing if there is none."""
    if request.output == "json":
        for documents in geojson.read_documents(part, source):
            yield geojson.name_feature(documents[0], part.query.query.layer.id)
        return
    with closing(read_batches(part, source)) as batches:
        for batch in batches:
            yield render_gml(batch, part.query, request, source)


def render_gml(batch: pa.RecordBatch, query: TypeQuery, request: FeatureRequest, source: Source) -> bytes:
    """A feature as the root of a document, so with the namespaces on it."""
    form = FORMS[request.output]
    text = render_features(batch, make_form(query, form.dialect)).decode()
    tag = f"<{PREFIX}:{query.query.layer.id} "
    bindings = render_bindings([query.query.layer.id], source.address, form)
    return (DECLARATION + text.replace(tag, f"{tag}{bindings} ", 1)).encode()
