"""The operations on stored queries. Source: OGC 09-025r2 clause 14."""

from gis_infra.filters.fes.document import get_local_name
from gis_infra.storage.transactions import reading, writing
from gis_infra.web.wfs.faults import UnreadableRequest
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.parameters import split_list
from gis_infra.web.wfs.service import Answer, Service, answer_whole
from gis_infra.web.wfs.stored_queries import answers, store
from gis_infra.web.wfs.stored_queries.definitions import parse, write


def answer_list(request: Request, service: Service) -> Answer:
    """ListStoredQueries: those the actor may see."""
    services = service.services
    with reading(services.engine, services.settings.read_limit_s) as connection:
        found = store.list_visible(connection, service.city)
    return answer_whole(answers.render_list(found, service.city))


def answer_descriptions(request: Request, service: Service) -> Answer:
    """DescribeStoredQueries: of those named, or of all. Raises InvalidParameter for one that is not there."""
    names = split_list(request.parameters.find("STOREDQUERY_ID") or "")
    services = service.services
    with reading(services.engine, services.settings.read_limit_s) as connection:
        if names:
            found = [store.get(connection, name, service.city, "storedQuery_id") for name in dict.fromkeys(names)]
        else:
            found = store.list_visible(connection, service.city)
    return answer_whole(answers.render_descriptions(found, service.city))


def answer_creation(request: Request, service: Service) -> Answer:
    """CreateStoredQuery: all the queries that are posted, or none.

    Raises SignInNeeded and NotPermitted for who may edit nothing; as `definitions.read` and `store.add`.
    """
    if request.root is None:
        raise UnreadableRequest("a stored query is posted as XML", where="CreateStoredQuery")
    services = service.services
    store.require_author(service.actor, services.catalogue)
    posted = [child for child in request.root if get_local_name(child) == "StoredQueryDefinition"]
    definitions = [parse(write(each), service.actor.username) for each in posted]
    with writing(services.engine, services.settings.read_limit_s) as connection:
        for definition in definitions:
            store.add(connection, definition, service.city)
    return answer_whole(answers.render_done("CreateStoredQuery"))


def answer_drop(request: Request, service: Service) -> Answer:
    """DropStoredQuery. Raises MissingParameter, and as `store.drop`."""
    query_id = request.parameters.require("STOREDQUERY_ID").strip()
    where = "storedQuery_id" if request.root is None else "id"
    services = service.services
    with writing(services.engine, services.settings.read_limit_s) as connection:
        store.drop(connection, query_id, service.city, where)
    return answer_whole(answers.render_done("DropStoredQuery"))
