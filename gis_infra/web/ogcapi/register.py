"""The register of conflicts for people at work: its list, its groups, one entry, and the steps they take.

The layer `conflict` of the API has the same entries for programs; here is what people do with them.

    GET  /conflicts          filters (`web.analysis.parameters`), sort, limit, offset
         -> 200 GeoJSON FeatureCollection with numberMatched, numberReturned, links (self, next)
    GET  /conflicts/groups   by (street, rule, asset_owner, owner, assignee, status, severity, kind, pack) and the same
         filters -> 200 {by, groups: [{value, title, conflicts, severities, worst_m}]}
    GET  /conflicts/{id}
         -> 200 GeoJSON Feature with history and allowed (actions open to the caller); the ETag is its version
    GET  /conflicts/{id}/assignees
         -> 200 {people: [{username, full_name, department}]}, whom the caller may give it to; 401, 403, 404
    POST /conflicts/{id}     {action, text, value}, If-Match heard -> 200 as GET
         action: comment, due, review, resolve, reopen, own, assign, approve; value: a day, a department or a user name
         -> 400, 401, 403, 404, 409 (the status does not allow it), 412 (somebody was first), 415

Names, comments and reasons are told to who is signed in. A browser is sent to the pages of the layer.
"""

import re
from datetime import UTC, datetime
from typing import Any

from flask import Response, request

from gis_infra.accounts.actor import Actor
from gis_infra.accounts.people import list_departments
from gis_infra.analysis.register import working
from gis_infra.analysis.register.assignees import list_assignees
from gis_infra.analysis.register.groups import read_groups
from gis_infra.analysis.register.known_rules import require_rule
from gis_infra.analysis.register.layer import LAYER_ID
from gis_infra.analysis.register.permission import list_allowed
from gis_infra.analysis.register.reading import RegisterQuery, read_conflict, read_events, read_register
from gis_infra.analysis.register.working import City, Step
from gis_infra.errors import InvalidParameter, MissingError, StaleVersion
from gis_infra.features.changing.documents import parse_json
from gis_infra.features.formats import geojson
from gis_infra.reports.features import to_register
from gis_infra.reports.register import to_entry, to_groups
from gis_infra.storage.transactions import reading, writing
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.files import make_ground
from gis_infra.web.analysis.parameters import KNOWN, parse_register_query
from gis_infra.web.context import get_services
from gis_infra.web.ogcapi import bodies, links, media, validators
from gis_infra.web.ogcapi.parameters import require_known

NUMBER = re.compile(r"[0-9]{1,18}")
MEMBERS = frozenset({"action", "text", "value"})
STEP_LIMIT_S = 20.0


def show_register() -> Response:
    """A page of the register, the worst first unless told otherwise. Raises InvalidParameter, InvalidBbox."""
    require_known(request.args, KNOWN)
    services, query = get_services(), parse_filters()
    if wants_page(query.actor):
        return see_other("/items")
    with reading(services.engine, services.settings.read_limit_s) as connection:
        require_rule(connection, make_ground(), query)
        page = read_register(connection, services.catalogue, services.tables, query)
    document = to_register(page)
    document["links"] = list_page_links(query, len(page.conflicts), page.matched)
    return answer(document, media.GEOJSON)


def wants_page(actor: Actor) -> bool:
    """Whether a browser reads, for which the layer has pages; they are for those who are signed in."""
    return request.method in media.READING and media.choose_form() == "html" and not actor.is_anonymous


def see_other(path: str) -> Response:
    """Where the same is as a page. Source: RFC 9110, clause 15.4.4."""
    address = links.make_url(f"/collections/{LAYER_ID}{path}", {"f": "html"})
    return Response(status=303, headers={"Location": address, "Cache-Control": "private, no-store"})


def show_groups() -> Response:
    """The register in groups, the largest first. Raises InvalidParameter, InvalidBbox."""
    require_known(request.args, (*KNOWN, "by"))
    services, query, by = get_services(), parse_filters(), request.args.get("by", "street")
    with reading(services.engine, services.settings.read_limit_s) as connection:
        require_rule(connection, make_ground(), query)
        groups = read_groups(connection, services.catalogue, services.tables, query, by)
    return answer(to_groups(by, groups), media.JSON)


def show_conflict(conflict_id: str) -> Response:
    """One conflict, what became of it, and what the caller may do with it. Raises MissingError."""
    require_known(request.args)
    services, actor, number = get_services(), get_actor(), parse_id(conflict_id)
    if wants_page(actor):
        return see_other(f"/items/{number}")
    with reading(services.engine, services.settings.read_limit_s) as connection:
        conflict = read_conflict(connection, services.catalogue, services.tables, actor, number)
        events = read_events(connection, conflict, actor)
    made = answer(to_entry(conflict, events, list_allowed(conflict, actor, services.catalogue)), media.GEOJSON)
    made.set_etag(str(conflict.version))
    return made


def show_assignees(conflict_id: str) -> Response:
    """The people and departments a conflict may be given to. Raises MissingError, SignInNeeded, NotPermitted."""
    require_known(request.args)
    services, number = get_services(), parse_id(conflict_id)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        people = list_assignees(connection, services.catalogue, services.tables, get_actor(), number)
        departments = list_departments(connection)
    titles = [{"code": each.code, "title": {"vi": each.name_vi, "en": each.name_en}} for each in departments]
    return answer({"people": [vars(each) for each in people], "departments": titles}, media.JSON)


def take_step(conflict_id: str) -> Response:
    """Take a step in the register.

    Raises MissingError, SignInNeeded, NotPermitted, InvalidParameter, UnsupportedMediaType, StaleVersion,
    ConflictError.
    """
    require_known(request.args)
    bodies.require_type(frozenset({media.JSON}), (media.JSON,), needs_type=True)
    services, actor = get_services(), get_actor()
    step = parse_step(parse_id(conflict_id), parse_json(request.get_data()))
    with writing(services.engine, STEP_LIMIT_S) as connection:
        working.take(connection, City(services.catalogue, services.tables), actor, step, datetime.now(UTC))
    return show_conflict(conflict_id)


def parse_filters() -> RegisterQuery:
    """Which conflicts this request means. Raises InvalidParameter, InvalidBbox."""
    given = {name: value for name, value in request.args.items() if name in KNOWN}
    return parse_register_query(given, get_actor(), get_services().settings.max_page)


def parse_id(text: str) -> int:
    """The number of a conflict. Raises MissingError if there cannot be one."""
    if not NUMBER.fullmatch(text):
        raise MissingError(f"there is no conflict {text[:40]!r}", where="id")
    return int(text)


def parse_step(conflict_id: int, document: Any) -> Step:
    """The step a body describes, under the version that If-Match names. Raises InvalidParameter, StaleVersion."""
    if not isinstance(document, dict):
        raise InvalidParameter("the body must be an object with a member action", where="body")
    for name, value in document.items():
        if name not in MEMBERS:
            raise InvalidParameter(f"there is no member {name[:40]!r}; there are action, text, value", where="body")
        if not isinstance(value, str) and not (value is None and name != "action"):
            raise InvalidParameter(f"{name} must be a text", where=name)
    if "action" not in document:
        raise InvalidParameter("the body must say its action", where="action")
    return Step(
        conflict_id, document["action"], document.get("text") or "", document.get("value"), parse_version(conflict_id)
    )


def parse_version(conflict_id: int) -> int | None:
    """The version the caller decided by, None if they do not say. Raises StaleVersion for one that is none of ours.

    Source: RFC 9110, clause 13.1.1.
    """
    if "If-Match" not in request.headers or request.if_match.star_tag:
        return None
    named = {validators.take_version(each) for each in request.if_match.as_set(include_weak=True) if each} - {""}
    if len(named) != 1 or not NUMBER.fullmatch(version := named.pop()):
        raise StaleVersion(f"If-Match names no version of conflict {conflict_id}", where="If-Match")
    return int(version)


def list_page_links(query: RegisterQuery, returned: int, matched: int) -> list[links.Link]:
    """The links of a page to itself and to the next."""
    arguments = dict(request.args.items())
    found = [links.make_link("self", links.make_url("/conflicts", arguments), media.GEOJSON)]
    after = query.offset + returned
    if returned and after < matched:
        following = links.make_url("/conflicts", {**arguments, "offset": str(after)})
        found.append(links.make_link("next", following, media.GEOJSON))
    return found


def answer(document: dict[str, Any], mimetype: str) -> Response:
    """A document of this asker and this moment, which nothing between may keep."""
    made = media.answer_bytes(geojson.render(document), mimetype)
    made.headers["Cache-Control"] = "private, no-store"
    return made
