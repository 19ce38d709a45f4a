"""The answer to a GetFeature in the format asked for."""

from collections.abc import Iterator
from dataclasses import replace

from gis_infra.errors import InvalidParameter
from gis_infra.web.wfs.answers import collections, files, geojson
from gis_infra.web.wfs.answers.plans import Plan, Source
from gis_infra.web.wfs.formats import DEFAULTS, FORMATS, is_gml
from gis_infra.web.wfs.requests.features import FeatureRequest
from gis_infra.web.wfs.requests.versions import Version


def settle_output(request: FeatureRequest, version: Version) -> FeatureRequest:
    """The request in a format that can hold its answer: numbers of features stand in no file.

    Raises InvalidParameter for several queries in a file, which holds one.
    """
    if not FORMATS[request.output].file:
        return request
    if request.hits:
        return replace(request, output=DEFAULTS[version])
    if len(request.queries) != 1:
        name = FORMATS[request.output].listed[0]
        raise InvalidParameter(f"{name} holds features of one query, got {len(request.queries)}", where="outputFormat")
    return request


def name_file(request: FeatureRequest) -> str:
    """The name of the file an answer is, "" for a document of the protocol."""
    suffix = FORMATS[request.output].file
    return f"{request.queries[0].query.layer.id}.{suffix}" if suffix else ""


def write(plan: Plan, source: Source) -> Iterator[bytes]:
    """The answer in pieces. Raises as `features.batches.read_batches` before the first of them."""
    output = plan.request.output
    if is_gml(output):
        return collections.write(plan, source)
    return geojson.write(plan, source) if output == "json" else files.write(plan, source)
