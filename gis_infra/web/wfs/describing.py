"""The operations that tell what the service is: its capabilities and its stored queries."""

from gis_infra.features.state import get_tallies
from gis_infra.storage.transactions import reading
from gis_infra.web.wfs.capabilities import (
    ServiceDescription,
    TypeEntry,
    render_capabilities,
    render_stored_queries,
    render_stored_query,
)
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.features import require_stored_query
from gis_infra.web.wfs.requests.parameters import split_list
from gis_infra.web.wfs.service import Answer, Service, answer_whole


def answer_capabilities(request: Request, service: Service) -> Answer:
    """GetCapabilities. Raises InvalidParameter."""
    sections = frozenset(split_list(request.parameters.find("SECTIONS") or "All"))
    services = service.services
    layers = service.actor.list_readable(services.catalogue)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        tallies = get_tallies(connection, layers, service.actor)
    description = ServiceDescription(
        address=service.address,
        city_name=services.settings.city_name,
        srids=service.city.srids,
        max_page=services.settings.max_page,
        types=tuple(TypeEntry(layer, tallies[layer.id].extent) for layer in layers),
    )
    return answer_whole(render_capabilities(description, sections))


def answer_stored_queries(request: Request, service: Service) -> Answer:
    """ListStoredQueries."""
    return answer_whole(render_stored_queries(service.actor.list_readable(service.services.catalogue)))


def answer_stored_query_descriptions(request: Request, service: Service) -> Answer:
    """DescribeStoredQueries. Raises InvalidParameter for one that does not exist."""
    for stored in split_list(request.parameters.find("STOREDQUERY_ID") or ""):
        require_stored_query(stored)
    return answer_whole(render_stored_query(service.actor.list_readable(service.services.catalogue)))
