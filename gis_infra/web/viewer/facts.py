"""What is told of one feature beside its attributes: what became of it, and whom to ask about it.

Names of people are told to who is signed in, and so are contacts, as everywhere else.
"""

from collections.abc import Mapping
from typing import Any

import shapely
from sqlalchemy import Connection

from gis_infra.analysis.contacts.store import Contact, find_for_place
from gis_infra.analysis.works.owners import find_for_sectors, fold
from gis_infra.catalogue.definitions import Language
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.query import Feature, FeatureQuery
from gis_infra.features.reading import read_one
from gis_infra.features.versions.reading import read_history
from gis_infra.features.versions.records import Page, Subject
from gis_infra.web.ogcapi.pages.versions import VersionView, make_view
from gis_infra.web.ogcapi.words import get_words

OWNER = "owner"
# The newest ones; the page of the history has all.
VERSIONS = Page(limit=4)
Document = dict[str, Any]


def read_facts(connection: Connection, tables: LayerTables, subject: Subject, language: Language) -> Document:
    """History and contacts of a feature as JSON values.

    history: null for a layer whose rows the program makes. contacts: each with name, phone, email, address; those of
    the feature's owner or, where no owner is recorded, of its sector, as `contacts_of` says ("owner", "sector").
    Raises UnknownLayer; UnknownFeature if there is none that the actor may see.
    """
    query = FeatureQuery(subject.layer, subject.actor, srid=tables.srid)
    feature = read_one(connection, tables, query, subject.feature_id)
    return {
        "history": None if subject.layer.kept else read_versions(connection, tables, subject, language),
        **find_contacts(connection, subject, feature, tables.srid),
    }


def read_versions(connection: Connection, tables: LayerTables, subject: Subject, language: Language) -> Document:
    """The newest versions in words, and how many there are."""
    history = read_history(connection, tables, subject, VERSIONS)
    view = make_view(subject.layer, history, get_words(language), language)
    path = f"ogc/collections/{subject.layer.id}/items/{subject.feature_id}/history?f=html&lang={language}"
    return {"count": history.total, "page": path, "versions": [to_version(each) for each in view.versions]}


def to_version(view: VersionView) -> Document:
    """One version: when it began, who made it, and what it changed."""
    changes = [{"title": each.title, "old": each.old.text, "new": each.new.text} for each in view.changes]
    return {
        "number": view.number,
        "began": view.began.text,
        "made": view.made,
        "is_first": view.is_first,
        "changes": changes,
        "shape": view.shape,
    }


def find_contacts(connection: Connection, subject: Subject, feature: Feature, srid: int) -> Document:
    """Whom to ask about a feature, and why them."""
    owner = feature.properties.get(OWNER)
    if feature.wkb is None or OWNER not in {field.name for field in subject.layer.fields}:
        return {"contacts": [], "contacts_of": None}
    near = find_for_place(connection, subject.actor, shapely.from_wkb(feature.wkb), srid)
    if owner is None:
        found, reason = find_for_sectors(near, {subject.layer.sector}), "sector"
    else:
        found, reason = tuple(each for each in near if fold(each.owner) == fold(owner)), "owner"
    return {"contacts": [to_contact(each) for each in found], "contacts_of": reason if found else None}


def to_contact(contact: Contact) -> Mapping[str, str | None]:
    """What somebody needs to ask."""
    return {
        "owner": contact.owner,
        "name": contact.name,
        "phone": contact.phone,
        "email": contact.email,
        "address": contact.address,
    }
