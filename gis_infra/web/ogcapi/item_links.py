"""The links of a page of features, and of one feature: to its other forms, to its neighbours, to its collection."""

from collections.abc import Iterator

from flask import request

from gis_infra.catalogue.definitions import Layer
from gis_infra.features import cursors
from gis_infra.features.outline import Outline
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media

# What a header tells: forms are many, long where the request was, and told by the collection as well.
IN_HEADER = frozenset({"self", "next", "prev", "first", "collection"})


def list_page_links(outline: Outline, form: str) -> list[links.Link]:
    """Links of a page in the form called `form`."""
    layer = outline.query.layer
    path = f"/collections/{layer.id}"
    found = list_form_links(f"{path}/items", form, layer.title.get_in(choose_language()))
    found.append(links.make_link("collection", links.make_url(path), media.JSON))
    for rel, parameters in list_neighbours(outline):
        found.append(links.make_link(rel, links.make_url(f"{path}/items", parameters), media.ITEM_FORMS[form][0]))
    return found


def list_item_links(layer: Layer, feature_id: int, form: str) -> list[links.Link]:
    """Links of a feature in the form called `form`."""
    path = f"/collections/{layer.id}"
    own = list_form_links(f"{path}/items/{feature_id}", form)
    collection = links.make_link("collection", links.make_url(path), media.JSON, layer.title.get_in(choose_language()))
    history = links.make_link("version-history", links.make_url(f"{path}/items/{feature_id}/history"), media.JSON)
    return [*own, collection, *([history] if layer.kept is None else [])]


def list_form_links(path: str, form: str, title: str = "") -> list[links.Link]:
    """Links of a document to itself and to its other forms; other parameters of the request are kept."""
    parameters = {name: value for name, value in request.args.items() if name != "f"}
    return [
        links.make_link(
            "self" if name == form else "alternate", links.make_url(path, {**parameters, "f": name}), kinds[0], title
        )
        for name, kinds in sorted(media.ITEM_FORMS.items(), key=lambda each: each[0] != form)
    ]


def list_neighbours(outline: Outline) -> Iterator[tuple[str, dict[str, str]]]:
    """The relation and the query string of the pages around this one.

    They go by cursor, so that the thousandth page costs what the first does; by offset where the order has no cursors.
    """
    query, given = outline.query, dict(request.args)
    fixed = {name: value for name, value in given.items() if name not in ("offset", "cursor")}
    for rel, cursor, offset in (
        ("next", outline.next_cursor, query.offset + query.limit),
        ("prev", outline.prev_cursor, max(0, query.offset - query.limit)),
    ):
        if cursor is not None:
            text = cursors.find_text(cursor, query.layer, query.sort)
            place = {"cursor": text} if text is not None else {"offset": str(offset)}
            yield rel, {**fixed, **place}
    if query.cursor is not None or query.offset > 0:
        yield "first", fixed


def render_header(found: list[links.Link]) -> str:
    """The links that a header tells, as its value."""
    return links.render_header([each for each in found if each["rel"] in IN_HEADER])
