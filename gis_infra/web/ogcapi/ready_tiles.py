"""Tiles for the public, answered before the application hears of them.

Of most of them most of the time would go into what stands around it: routes, actors, headers. What the application says
of one tile of a collection it says of all, but for the tag and the length; so that is remembered from its first answer.
Whatever is not quite such a request, and whatever cannot be answered by a tile, goes its usual way; what was refused is
refused there in the application's words.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from werkzeug.http import parse_etags

from gis_infra.accounts.actor import ANONYMOUS
from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import GisInfraError
from gis_infra.tiles.addresses import parse_address
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.serving import Tile, get_tile
from gis_infra.tiles.source import TileSource

# What the view of tiles leaves in the environment of its request: the layer of which it gave a tile to the public.
GIVEN = "gis_infra.tiles_of"
# What is left there for it: why the tile cannot be had, so that it need not try again.
REFUSED = "gis_infra.tile_refused"
PATH = re.compile(r"/ogc/collections/(\w+)/tiles/WebMercatorQuad/(\d+)/(\d+)/(\d+)", re.ASCII)
SESSION = "gis_infra_session="
# As map libraries and browsers write it; who writes it otherwise is answered by the application.
CODINGS = frozenset({"gzip", "gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd"})
OF_ONE_TILE = frozenset({"etag", "content-length"})
OK, NOT_MODIFIED = "200 OK", "304 NOT MODIFIED"

Environment = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[[Environment, Any], Iterable[bytes]]


@dataclass(frozen=True)
class Manner:
    """How the application answers with a tile of a layer. headers: all that are the same for every tile."""

    layer: Layer
    headers: Headers


class ReadyTiles:
    """A WSGI application around another, whose manner of giving tiles it takes over."""

    def __init__(self, inner: Application, source: TileSource) -> None:
        self.inner = inner
        self.source = source
        self._manners: dict[tuple[str, str], Manner] = {}

    def __call__(self, environ: Environment, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        path = PATH.fullmatch(environ["PATH_INFO"]) if is_plain(environ) else None
        if path is None:
            return self.inner(environ, start_response)
        collection, *numbers = path.groups()
        tile = self.find_tile(collection, numbers, environ)
        status = OK if tile is None or tile.body is not None else NOT_MODIFIED
        manner = self._manners.get((collection, status))
        if tile is None or manner is None:
            return self.inner(environ, partial(self.learn, environ, collection, start_response))
        body = () if tile.body is None else (tile.body,)
        own = [("ETag", f'"{tile.tag}"'), *(("Content-Length", str(len(each))) for each in body)]
        start_response(status, [*manner.headers, *own])
        return body

    def find_tile(self, collection: str, numbers: list[str], environ: Environment) -> Tile | None:
        """The tile; None if it is to be refused, or if it is not known how the application gives the layer's."""
        manner = self._manners.get((collection, OK))
        if manner is None:
            return None
        try:
            query = TileQuery(manner.layer, ANONYMOUS, parse_address(*numbers))
            known = parse_etags(environ.get("HTTP_IF_NONE_MATCH", "")).as_set(include_weak=True)
            return get_tile(self.source, query, frozenset(known))
        except GisInfraError as error:
            environ[REFUSED] = error
            return None

    def learn(
        self, environ: Environment, collection: str, start: Any, status: str, headers: Headers, *error: Any
    ) -> Any:
        """Begin the answer of the application, and keep what is true of others, too."""
        layer = environ.get(GIVEN)
        if layer is not None and status in (OK, NOT_MODIFIED):
            same = [(name, value) for name, value in headers if name.lower() not in OF_ONE_TILE]
            self._manners[collection, status] = Manner(layer, same)
        return start(status, headers, *error)


def is_plain(environ: Mapping[str, Any]) -> bool:
    """Whether a request says nothing but what tile is wanted: nobody signed in, whole, compressed by gzip."""
    return (
        environ["REQUEST_METHOD"] == "GET"
        and not environ.get("QUERY_STRING")
        and "HTTP_AUTHORIZATION" not in environ
        and SESSION not in environ.get("HTTP_COOKIE", "")
        and environ.get("HTTP_ACCEPT_ENCODING") in CODINGS
    )
