"""The operations that read features and their types."""

from collections.abc import Iterator

from gis_infra.errors import InvalidParameter
from gis_infra.features.formats.gml.schema import render_schema
from gis_infra.storage.transactions import reading
from gis_infra.web.wfs import answers
from gis_infra.web.wfs.names import GML_FORMAT, JSON_FORMAT
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.features import (
    FeatureRequest,
    parse_feature_request,
    parse_output,
    parse_types,
    require_stored_query,
    restrict_to_id,
)
from gis_infra.web.wfs.service import Answer, Service, answer_whole


def answer_description(request: Request, service: Service) -> Answer:
    """DescribeFeatureType: of the types named, or of all. Raises UnknownLayer, InvalidParameter."""
    if parse_output(request.parameters.find("OUTPUTFORMAT") or GML_FORMAT) != "gml":
        raise InvalidParameter(f"a schema comes as {GML_FORMAT} only", where="outputFormat")
    return answer_whole(render_schema(parse_types(request.parameters, service.city)))


def answer_features(request: Request, service: Service) -> Answer:
    """GetFeature, streamed. Raises what the request raises; reading its body raises what the first features raise."""
    stored = request.parameters.find("STOREDQUERY_ID")
    if stored is not None:
        return answer_by_id(stored, request, service)
    wanted = parse_feature_request(request.parameters, service.city)
    return Answer(stream_answer(wanted, request, service), get_type(wanted))


def get_type(wanted: FeatureRequest) -> str:
    """The media type of the format asked for."""
    return GML_FORMAT if wanted.output == "gml" else JSON_FORMAT


def stream_answer(wanted: FeatureRequest, request: Request, service: Service) -> Iterator[bytes]:
    """The pieces of an answer; the connection is given back when the last is taken or the client goes away."""
    services = service.services
    with reading(services.engine, services.settings.read_limit_s) as connection:
        source = answers.Source(connection, services.tables, service.address, request.parameters, services.bookmarks)
        yield from answers.write(request.version, wanted.output, answers.plan_page(wanted, source), source)


def answer_by_id(stored: str, request: Request, service: Service) -> Answer:
    """GetFeatureById: the feature itself, in no collection. Raises InvalidParameter, UnknownFeature."""
    require_stored_query(stored)
    wanted = parse_feature_request(restrict_to_id(request.parameters), service.city)
    services = service.services
    with reading(services.engine, services.settings.read_limit_s) as connection:
        source = answers.Source(connection, services.tables, service.address, request.parameters, services.bookmarks)
        body = answers.render_only_feature(wanted, source)
    return Answer([body], get_type(wanted))
