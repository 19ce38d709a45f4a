"""Contacts of owners over HTTP, for administrators: whom to ask and tell before digging.

GET, POST /analysis/contacts; GET, PUT, DELETE /analysis/contacts/<id>. The ETag is the contact's version; a change
that sends it in If-Match is refused with 412 when somebody else was first.
"""

from typing import Any

import orjson
from flask import Response, request, url_for
from sqlalchemy import Connection

from gis_infra.analysis.contacts import store
from gis_infra.analysis.contacts.entries import Entry, parse_entry
from gis_infra.analysis.contacts.store import Contact
from gis_infra.errors import StaleVersion
from gis_infra.reports.contacts import to_contact
from gis_infra.storage.transactions import reading, writing
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.bodies import read_body
from gis_infra.web.context import get_services

WRITE_LIMIT_S = 10.0


def show_all() -> Response:
    """Every contact, by owner. Raises SignInNeeded, NotPermitted."""
    with reading(get_services().engine) as connection:
        return render([to_contact(each) for each in store.list_contacts(connection, get_actor())])


def show(contact_id: int) -> Response:
    """One contact. Raises MissingError, SignInNeeded, NotPermitted."""
    with reading(get_services().engine) as connection:
        return render_contact(store.get_contact(connection, get_actor(), contact_id))


def add() -> Response:
    """Keep a new contact; 201 with its address. Raises InvalidParameter, ConflictError, SignInNeeded, NotPermitted."""
    services = get_services()
    store.require_admin(get_actor())
    entry = read_entry()
    with writing(services.engine, WRITE_LIMIT_S) as connection:
        made = store.add_contact(connection, get_actor(), entry, services.settings.city_srid)
    answer = render_contact(made, 201)
    answer.headers["Location"] = url_for("analysis.show_contact", contact_id=made.id)
    return answer


def change(contact_id: int) -> Response:
    """Put another entry in the place of a contact. Raises as `add`, and MissingError, StaleVersion."""
    services = get_services()
    store.require_admin(get_actor())
    entry = read_entry()
    with writing(services.engine, WRITE_LIMIT_S) as connection:
        known = get_known(connection, contact_id)
        return render_contact(store.change_contact(connection, get_actor(), known, entry, services.settings.city_srid))


def remove(contact_id: int) -> Response:
    """Remove a contact; 204. Raises MissingError, StaleVersion, SignInNeeded, NotPermitted."""
    with writing(get_services().engine, WRITE_LIMIT_S) as connection:
        store.remove_contact(connection, get_actor(), get_known(connection, contact_id))
    return Response(status=204)


def read_entry() -> Entry:
    """The contact in the body. Raises InvalidParameter."""
    services = get_services()
    return parse_entry(read_body(), services.catalogue.sectors, services.settings.city_srid)


def get_known(connection: Connection, contact_id: int) -> Contact:
    """The contact as the caller has seen it. Raises StaleVersion, MissingError. Source: RFC 9110, clause 13.1.1."""
    known = store.get_contact(connection, get_actor(), contact_id)
    if "If-Match" in request.headers and not request.if_match.contains(str(known.version)):
        raise StaleVersion(f"contact {contact_id} is at version {known.version} now", where="If-Match")
    return known


def render_contact(contact: Contact, status: int = 200) -> Response:
    """One contact with its version as ETag."""
    answer = render(to_contact(contact), status)
    answer.set_etag(str(contact.version))
    return answer


def render(value: Any, status: int = 200) -> Response:
    """A value as JSON that nothing between may keep."""
    answer = Response(orjson.dumps(value), status=status, mimetype="application/json")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
