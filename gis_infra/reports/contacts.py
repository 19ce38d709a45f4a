"""Contacts as JSON, for the command line and the web."""

from typing import Any

from gis_infra.analysis.contacts.store import Contact


def to_contact(contact: Contact) -> dict[str, Any]:
    """All that is kept of a contact."""
    return {
        "id": contact.id,
        **to_card(contact),
        "sectors": list(contact.sectors),
        "area": contact.area,
        "version": contact.version,
        "updated_at": contact.updated_at.isoformat(),
        "updated_by": contact.updated_by,
    }


def to_card(contact: Contact) -> dict[str, Any]:
    """How to reach a contact."""
    return {
        "owner": contact.owner,
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "address": contact.address,
    }
