"""The links between a feature, its history and its versions. Source: RFC 5829 for their relations."""

from collections.abc import Mapping

from gis_infra.features.versions.records import History, Page, Subject, Version
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.links import Link

REL_HISTORY = "version-history"
REL_LATEST = "latest-version"
REL_OLDER = "predecessor-version"
REL_NEWER = "successor-version"
REL_RESTORE = "restore"  # to be POSTed to


def make_path(subject: Subject) -> str:
    """The path of the feature."""
    return f"/collections/{subject.layer.id}/items/{subject.feature_id}"


def list_history_links(subject: Subject, history: History) -> list[Link]:
    """Links of a page of versions to itself, its neighbours, the feature as it is, and its collection."""
    path, layer = f"{make_path(subject)}/history", subject.layer
    found = links.list_self_links(path, media.JSON, layer.title.get_in(choose_language()))
    kind = media.HTML if media.choose_form() == "html" else media.JSON
    for rel, before in list_neighbours(history):
        found.append(links.make_link(rel, links.make_url(path, make_query(history.page, before)), kind))
    if not history.is_deleted:
        found.append(links.make_link(REL_LATEST, links.make_url(make_path(subject)), media.GEOJSON))
    found.append(links.make_link("collection", links.make_url(f"/collections/{layer.id}"), media.JSON))
    return found


def list_neighbours(history: History) -> list[tuple[str, int | None]]:
    """The relation and the `before` of the pages around one; the newest page has none."""
    older = [("next", history.next_before)] if history.next_before is not None else []
    newer = [] if history.is_newest else [("prev", history.previous_before)]
    return [*older, *newer]


def make_query(page: Page, before: int | None) -> dict[str, str]:
    """The query string of a page of the same length, in the same form."""
    place = {} if before is None else {"before": str(before)}
    form = {"f": "html", "lang": choose_language()} if media.choose_form() == "html" else {}
    return {"limit": str(page.limit), **place, **form}


def list_version_links(subject: Subject, version: Version) -> list[Link]:
    """Links of a version to the feature it was and, for who may, to where it is restored."""
    own = links.make_url(f"{make_path(subject)}/history/{version.number}")
    found = [links.make_link("self", own, media.GEOJSON)]
    if version.ends is not None and subject.actor.is_allowed("edit", subject.layer):
        found.append(links.make_link(REL_RESTORE, make_restore_url(subject, version.number), media.JSON))
    return found


def list_feature_links(subject: Subject, version: Version) -> list[Link]:
    """Links of a version that is shown as a feature."""
    history = links.make_url(f"{make_path(subject)}/history")
    found = list_version_links(subject, version)
    found.append(links.make_link(REL_HISTORY, history, media.JSON))
    if version.number > 1:
        found.append(links.make_link(REL_OLDER, f"{history}/{version.number - 1}", media.GEOJSON))
    if version.ends is not None and version.ended is None:
        found.append(links.make_link(REL_NEWER, f"{history}/{version.number + 1}", media.GEOJSON))
    found.append(links.make_link("collection", links.make_url(f"/collections/{subject.layer.id}"), media.JSON))
    return found


def make_restore_url(subject: Subject, number: int, parameters: Mapping[str, str] | None = None) -> str:
    """Where a version is restored."""
    return links.make_url(f"{make_path(subject)}/history/{number}/restore", parameters)


def make_shape_url(subject: Subject, history: History) -> str:
    """Where a map finds the shape the feature has, or had at last."""
    return links.make_url(f"{make_path(subject)}/history/{history.total}", {"f": "json"})


def make_place_url(subject: Subject, number: int | None) -> str:
    """The page for people where a version stands, or the newest ones."""
    place = {} if number is None else {"before": str(number + 1)}
    page = links.make_url(f"{make_path(subject)}/history", {**place, "f": "html", "lang": choose_language()})
    return page if number is None else f"{page}#version-{number}"


def render_header(found: list[Link]) -> str:
    """The links that are to be read, as the value of a `Link` header."""
    return links.render_header([each for each in found if each["rel"] != REL_RESTORE])
