"""The operations that read features and their types."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection

from gis_infra.features.formats.gml.schema import SchemaForm, render_schema
from gis_infra.features.plans import PLAIN_PLANS
from gis_infra.storage.transactions import reading
from gis_infra.transfer.exporting.request import Limits
from gis_infra.web.downloads import FOLDER, MOST_BYTES
from gis_infra.web.wfs.answers import plans, single, tuples, values, writing
from gis_infra.web.wfs.answers.collections import FORMS
from gis_infra.web.wfs.formats import FORMATS, parse_schema_output
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.features import (
    FeatureRequest,
    parse_feature_request,
    restrict_to_id,
)
from gis_infra.web.wfs.requests.types import parse_types
from gis_infra.web.wfs.requests.values import ValueRequest, parse_value_request
from gis_infra.web.wfs.service import Answer, Service, answer_whole
from gis_infra.web.wfs.stored_queries.expanding import expand, is_by_id


def answer_description(request: Request, service: Service) -> Answer:
    """DescribeFeatureType: of the types named, or of all. Raises UnknownLayer, InvalidParameter."""
    output = parse_schema_output(request.parameters.find("OUTPUTFORMAT"), request.version)
    layers = parse_types(request.parameters, get_city(request, service))
    return answer_whole(render_schema(layers, SchemaForm(dialect=FORMS[output].dialect)))


def get_city(request: Request, service: Service) -> City:
    """What a request is read against."""
    return replace(service.city, version=request.version)


def answer_features(request: Request, service: Service) -> Answer:
    """GetFeature, streamed. Raises what the request raises; reading its body raises what the first features raise."""
    if is_by_id(request):
        return answer_by_id(request, service)
    request = expand(request, service)
    wanted = parse_feature_request(request.parameters, get_city(request, service))
    wanted = writing.settle_output(wanted, request.version)
    return Answer(
        stream_answer(wanted, request, service),
        FORMATS[wanted.output].content_type,
        file=writing.name_file(wanted),
    )


def stream_answer(wanted: FeatureRequest, request: Request, service: Service) -> Iterator[bytes]:
    """The pieces of an answer; the connection is given back when the last is taken or the client goes away."""
    services = service.services
    with reading(services.engine, services.settings.read_limit_s, PLAIN_PLANS) as connection:
        source = make_source(connection, request, service)
        if wanted.join is not None:
            yield from tuples.write(wanted.join, wanted, source)
        else:
            yield from writing.write(plans.plan_page(wanted, source), source)


def answer_by_id(request: Request, service: Service) -> Answer:
    """GetFeatureById: the feature itself, in no collection. Raises InvalidParameter, UnknownFeature."""
    wanted = parse_feature_request(restrict_to_id(request.parameters), get_city(request, service))
    services = service.services
    with reading(services.engine, services.settings.read_limit_s, PLAIN_PLANS) as connection:
        body = single.render(wanted, make_source(connection, request, service))
    return Answer([body], FORMATS[wanted.output].content_type)


def answer_values(request: Request, service: Service) -> Answer:
    """GetPropertyValue, streamed. Raises as `answer_features`."""
    request = expand(request, service)
    wanted = parse_value_request(request.parameters, get_city(request, service))
    return Answer(stream_values(wanted, request, service))


def stream_values(wanted: ValueRequest, request: Request, service: Service) -> Iterator[bytes]:
    """The pieces of an answer, as of `stream_answer`."""
    services = service.services
    with reading(services.engine, services.settings.read_limit_s, PLAIN_PLANS) as connection:
        yield from values.write(wanted, make_source(connection, request, service))


def make_source(connection: Connection, request: Request, service: Service) -> plans.Source:
    """Where an answer takes its features and addresses from."""
    services, settings = service.services, service.services.settings
    return plans.Source(
        connection=connection,
        tables=services.tables,
        address=service.address,
        parameters=request.origin or request.parameters,
        bookmarks=services.bookmarks,
        version=request.version,
        folder=settings.home / FOLDER,
        file_limits=Limits(settings.export_limit_s, settings.export_limit_features, MOST_BYTES),
    )
