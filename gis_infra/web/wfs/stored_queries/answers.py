"""What the operations on stored queries answer. Pure.

Put together as text: each definition keeps the prefixes that its own paths and types are written with.
"""

from collections.abc import Iterable
from copy import deepcopy
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from gis_infra.accounts.actor import Actor
from gis_infra.features.formats.gml.names import PREFIX
from gis_infra.web.wfs.names import NAMESPACES, WFS, WFS_LOCATION, wfs
from gis_infra.web.wfs.requests.city import City
from gis_infra.web.wfs.requests.types import get_types, keep_once
from gis_infra.web.wfs.stored_queries.definitions import Definition, iterate, write

DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n"
# Told as the type of an answer where there is none that the caller may see.
ANY_TYPE = "gml:AbstractFeature"


def render_list(definitions: Iterable[Definition], city: City) -> bytes:
    """The answer to ListStoredQueries. Source: OGC 09-025r2 clause 14.3."""
    return render("ListStoredQueriesResponse", (render_entry(each, city) for each in definitions))


def render_entry(definition: Definition, city: City) -> str:
    """The id of a stored query, its titles and the types of its answers."""
    titles = "".join(render_title(title) for title in iterate(definition.element, "Title"))
    types = "".join(f"<wfs:ReturnFeatureType>{name}</wfs:ReturnFeatureType>" for name in list_types(definition, city))
    return f"<wfs:StoredQuery id={quoteattr(definition.id)}>{titles}{types}</wfs:StoredQuery>"


def render_title(title: etree._Element) -> str:
    """A title with its language."""
    language = title.get("{http://www.w3.org/XML/1998/namespace}lang", "")
    told = f" xml:lang={quoteattr(language)}" if language else ""
    return f"<wfs:Title{told}>{escape(title.text or '')}</wfs:Title>"


def list_types(definition: Definition, city: City) -> list[str]:
    """The names of the types that answers may be of: those it names, or all the actor may see; at least one."""
    named = keep_once(layer for name in definition.type_names for layer in get_types(name, {}, city))
    layers = named or city.actor.list_readable(city.catalogue)
    return [f"{PREFIX}:{layer.id}" for layer in layers] or [ANY_TYPE]


def render_descriptions(definitions: Iterable[Definition], city: City) -> bytes:
    """The answer to DescribeStoredQueries. Source: OGC 09-025r2 clause 14.4."""
    return render("DescribeStoredQueriesResponse", (render_description(each, city) for each in definitions))


def render_description(definition: Definition, city: City) -> str:
    """A definition as it was stored, without its queries where they are private."""
    element = deepcopy(definition.element)
    element.tag = wfs("StoredQueryDescription")
    for text in iterate(element, "QueryExpressionText"):
        if is_hidden(definition, city.actor):
            text.text = None
            del text[:]
        if not definition.username:
            text.set("returnFeatureTypes", " ".join(list_types(definition, city)))
    return write(element)


def is_hidden(definition: Definition, actor: Actor) -> bool:
    """Whether the queries of a definition are kept from the actor. Source: OGC 09-025r2 clause 14.2.2.5.4."""
    return definition.is_private and (actor.is_anonymous or definition.username != actor.username)


def render_done(operation: str) -> bytes:
    """The answer to CreateStoredQuery and DropStoredQuery. Source: OGC 09-025r2 clauses 14.5.3 and 14.6.3."""
    return render(f"{operation}Response", (), ' status="OK"')


def render(name: str, parts: Iterable[str], attributes: str = "") -> bytes:
    """An answer that holds these parts."""
    bindings = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    head = f'<wfs:{name} {bindings}{attributes} xsi:schemaLocation="{WFS} {WFS_LOCATION}">'
    return f"{DECLARATION}{head}{''.join(parts)}</wfs:{name}>".encode()
