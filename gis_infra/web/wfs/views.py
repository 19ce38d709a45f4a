"""The one address of the WFS: a request is read, its operation looked up and answered; every no is an OWS report."""

from collections.abc import Callable, Iterator, Mapping

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from gis_infra.errors import GisInfraError, InvalidParameter
from gis_infra.features.formats.gml_schema import render_schema
from gis_infra.features.state import get_tallies
from gis_infra.storage.transactions import reading
from gis_infra.web.actors import get_actor
from gis_infra.web.addresses import get_origin
from gis_infra.web.context import Services, get_services
from gis_infra.web.wfs import answers, reports
from gis_infra.web.wfs.capabilities import (
    ServiceDescription,
    TypeEntry,
    render_capabilities,
    render_stored_queries,
    render_stored_query,
)
from gis_infra.web.wfs.names import GML_FORMAT, JSON_FORMAT, VERSION
from gis_infra.web.wfs.requests.features import (
    City,
    FeatureRequest,
    parse_feature_request,
    parse_output,
    parse_types,
    require_stored_query,
    restrict_to_id,
)
from gis_infra.web.wfs.requests.parameters import Parameters, parse_parameters, split_list
from gis_infra.web.wfs.requests.posts import read_post

XML_TYPE = "text/xml; charset=UTF-8"
URL_PREFIX = "/wfs"
FORM_TYPE = "application/x-www-form-urlencoded"


def create_blueprint() -> Blueprint:
    """The routes of this room."""
    blueprint = Blueprint("wfs", __name__, url_prefix=URL_PREFIX)
    blueprint.add_url_rule("", "answer", answer, methods=["GET", "POST"], strict_slashes=False)
    blueprint.register_error_handler(GisInfraError, reports.render_ours)
    blueprint.register_error_handler(HTTPException, reports.render_http)
    blueprint.register_error_handler(Exception, reports.render_unforeseen)
    blueprint.after_request(forbid_keeping)
    return blueprint


def answer() -> Response:
    """The answer of the operation asked for. Raises what the operation raises."""
    parameters = read_parameters()
    if not parameters.values:
        message = "parameter request is missing; a client begins with ?service=WFS&request=GetCapabilities"
        raise reports.MissingParameter(message, where="request")
    operation = parameters.require("REQUEST")
    service = parameters.require("SERVICE")
    if service.upper() != "WFS":
        raise InvalidParameter(f"service must be WFS, got {service[:40]!r}", where="service")
    answer_operation = OPERATIONS.get(operation.lower())
    if answer_operation is None:
        raise reports.UnknownOperation(f"there is no operation {operation[:60]!r} here", where=operation[:60])
    return answer_operation(parameters)


def read_parameters() -> Parameters:
    """The parameters of this request: of its XML body, of its form, or of its URL. Raises InvalidParameter."""
    if request.method == "POST" and request.mimetype != FORM_TYPE:
        return read_post(request.get_data())
    pairs = [*request.args.items(multi=True), *request.form.items(multi=True)]
    return parse_parameters(pairs)


def forbid_keeping(response: Response) -> Response:
    """Keep clients from keeping answers: QGIS otherwise shows yesterday's features, even on reload."""
    response.headers["Cache-Control"] = "no-store"
    return response


def answer_capabilities(parameters: Parameters) -> Response:
    """GetCapabilities. Raises VersionNotSpoken, InvalidParameter."""
    accepted = split_list(parameters.find("ACCEPTVERSIONS") or VERSION)
    if VERSION not in accepted:
        raise reports.VersionNotSpoken(
            f"this service speaks {VERSION}, not {', '.join(accepted)[:60]}", where="acceptVersions"
        )
    sections = frozenset(split_list(parameters.find("SECTIONS") or "All"))
    services = get_services()
    layers = get_actor().list_readable(services.catalogue)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        tallies = get_tallies(connection, layers, get_actor())
    description = ServiceDescription(
        address=get_address(),
        city_name=services.settings.city_name,
        srids=get_city(services).srids,
        max_page=services.settings.max_page,
        types=tuple(TypeEntry(layer, tallies[layer.id].extent) for layer in layers),
    )
    return Response(render_capabilities(description, sections), content_type=XML_TYPE)


def answer_description(parameters: Parameters) -> Response:
    """DescribeFeatureType: of the types named, or of all. Raises UnknownLayer, InvalidParameter."""
    require_version(parameters)
    city = get_city(get_services())
    if parse_output(parameters.find("OUTPUTFORMAT") or GML_FORMAT) != "gml":
        raise InvalidParameter(f"a schema comes as {GML_FORMAT} only", where="outputFormat")
    return Response(render_schema(parse_types(parameters, city)), content_type=XML_TYPE)


def answer_features(parameters: Parameters) -> Response:
    """GetFeature, streamed. Raises what the request or the first features raise, before anything is sent."""
    require_version(parameters)
    services = get_services()
    stored = parameters.find("STOREDQUERY_ID")
    if stored is not None:
        return answer_by_id(stored, parameters, services)
    wanted = parse_feature_request(parameters, get_city(services))
    chunks = stream_answer(wanted, parameters, services, get_address())
    content_type = GML_FORMAT if wanted.output == "gml" else JSON_FORMAT
    return Response(answers.join_chunks(next(chunks), chunks), content_type=content_type)


def stream_answer(wanted: FeatureRequest, parameters: Parameters, services: Services, address: str) -> Iterator[bytes]:
    """The pieces of an answer; the connection is given back when the last is taken or the client goes away."""
    with reading(services.engine, services.settings.read_limit_s) as connection:
        source = answers.Source(connection, services.tables, address, parameters, services.bookmarks)
        plan = answers.plan_page(wanted, source)
        write = answers.write_gml if wanted.output == "gml" else answers.write_json
        yield from write(plan, source)


def answer_by_id(stored: str, parameters: Parameters, services: Services) -> Response:
    """GetFeatureById: the feature itself, in no collection. Raises InvalidParameter, UnknownFeature."""
    require_stored_query(stored)
    wanted = parse_feature_request(restrict_to_id(parameters), get_city(services))
    with reading(services.engine, services.settings.read_limit_s) as connection:
        source = answers.Source(connection, services.tables, get_address(), parameters, services.bookmarks)
        body = answers.render_only_feature(wanted, source)
    return Response(body, content_type=GML_FORMAT if wanted.output == "gml" else JSON_FORMAT)


def answer_stored_queries(parameters: Parameters) -> Response:
    """ListStoredQueries."""
    require_version(parameters)
    layers = get_actor().list_readable(get_services().catalogue)
    return Response(render_stored_queries(layers), content_type=XML_TYPE)


def answer_stored_query_descriptions(parameters: Parameters) -> Response:
    """DescribeStoredQueries. Raises InvalidParameter for one that does not exist."""
    require_version(parameters)
    for stored in split_list(parameters.find("STOREDQUERY_ID") or ""):
        require_stored_query(stored)
    layers = get_actor().list_readable(get_services().catalogue)
    return Response(render_stored_query(layers), content_type=XML_TYPE)


OPERATIONS: Mapping[str, Callable[[Parameters], Response]] = {
    "getcapabilities": answer_capabilities,
    "describefeaturetype": answer_description,
    "getfeature": answer_features,
    "liststoredqueries": answer_stored_queries,
    "describestoredqueries": answer_stored_query_descriptions,
}


def require_version(parameters: Parameters) -> None:
    """Return if the version asked for is spoken, or none is said. Raises InvalidParameter."""
    version = parameters.find("VERSION") or VERSION
    if version not in {VERSION, "2.0", "2.0.2"}:
        raise InvalidParameter(f"version must be {VERSION}, got {version[:40]!r}", where="version")


def get_city(services: Services) -> City:
    """What a request is read against. Raises SignInNeeded on wrong credentials."""
    settings = services.settings
    return City(services.catalogue, get_actor(), settings.city_srid, settings.max_page, settings.count_limit)


def get_address() -> str:
    """The address of this service as the client reaches it."""
    return f"{get_origin()}{URL_PREFIX}"
