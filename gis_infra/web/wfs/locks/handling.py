"""LockFeature, and GetFeatureWithLock, which gives the features too."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import Connection

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.locks import keeping, taking
from gis_infra.features.locks.taking import Lock
from gis_infra.storage.transactions import reading
from gis_infra.storage.transactions import writing as open_writing
from gis_infra.web.wfs.answers import plans, writing
from gis_infra.web.wfs.answers.plans import Part, Plan
from gis_infra.web.wfs.formats import FORMATS
from gis_infra.web.wfs.locks import answers
from gis_infra.web.wfs.reading import get_city, make_source
from gis_infra.web.wfs.requests.context import Request
from gis_infra.web.wfs.requests.features import FeatureRequest, parse_feature_request
from gis_infra.web.wfs.requests.locks import LockRequest, parse_lock_request, parse_terms, require_lockable
from gis_infra.web.wfs.service import Answer, Service, answer_whole
from gis_infra.web.wfs.stored_queries.expanding import expand


def answer_lock(request: Request, service: Service) -> Answer:
    """LockFeature: a new lock, or one that lasts anew. Raises as `parse_lock_request` and `carry_out`."""
    request = expand(request, service)
    lock = carry_out(parse_lock_request(request.parameters, get_city(request, service)), service)
    return answer_whole(answers.render(request.version, lock))


def carry_out(wanted: LockRequest, service: Service) -> Lock:
    """The lock that is asked for. Raises as `taking.take` and `keeping.renew`."""
    services = service.services
    with open_writing(services.engine, services.settings.read_limit_s) as connection:
        if wanted.lock_id is not None:
            return keeping.renew(connection, wanted.lock_id, service.actor, wanted.terms.duration_s)
        return taking.take(connection, services.tables, wanted.queries, service.actor, wanted.terms)


def answer_features(request: Request, service: Service) -> Answer:
    """GetFeatureWithLock: the page of a GetFeature, its features locked, those left out that cannot be.

    Raises as GetFeature, `parse_terms`, `require_lockable` and `taking.take`.
    """
    request = expand(request, service)
    wanted = parse_feature_request(request.parameters, get_city(request, service))
    require_lockable(wanted)
    plan = lock_page(wanted, request, service)
    return Answer(stream(plan, request, service), FORMATS[wanted.output].content_type)


def lock_page(wanted: FeatureRequest, request: Request, service: Service) -> Plan:
    """The page of features that are locked now; it has no page before it or after it, which nobody has locked."""
    services = service.services
    terms = parse_terms(request.parameters, request.version)
    # In a transaction of its own: who only counts may let it end in the middle.
    with reading(services.engine, services.settings.read_limit_s) as connection:
        plan = plans.plan_page(wanted, make_source(connection, request, service))
    pages = [part.page for part in plan.parts]
    with open_writing(services.engine, services.settings.read_limit_s) as connection:
        lock = taking.take(connection, services.tables, pages, service.actor, terms)
        parts = tuple(keep_locked(part, lock, connection, services.tables) for part in plan.parts)
    return Plan(replace(wanted, start=0), parts, lock_id=lock.id)


def keep_locked(part: Part, lock: Lock, connection: Connection, tables: LayerTables) -> Part:
    """What a query gives to the page, without what the lock does not hold."""
    found = taking.find(connection, tables, [part.page]) & set(lock.locked)
    query = replace(part.query.query, ids=tuple(sorted(id_ for _, id_ in found)))
    return Part(replace(part.query, query=query), part.matched, len(found), 0, has_more=False)


def stream(plan: Plan, request: Request, service: Service) -> Iterator[bytes]:
    """The pieces of an answer; the connection is given back when the last is taken or the client goes away."""
    services = service.services
    with reading(services.engine, services.settings.read_limit_s) as connection:
        yield from writing.write(plan, make_source(connection, request, service))
