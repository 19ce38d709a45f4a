"""The door to this room: one layer of whatever was handed in, described and open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_infra.transfer.sources.description import Source, SourceField
from gis_infra.transfer.sources.opening import list_layers, open_sources

__all__ = ["Source", "SourceField", "list_layers", "open_source"]


@contextmanager
def open_source(path: Path, layer: str | None = None, *, bare_geometry: bool = False) -> Iterator[Source]:
    """Run a block with one layer of a file, folder or archive, described and ready to be read.

    layer: needed only when there are several. bare_geometry: take shapes whose attributes are missing.
    Raises InvalidSource if it cannot be read, InvalidParameter if it has no such layer or the name is missing.
    """
    with open_sources(path) as sources, sources.open(layer, bare_geometry=bare_geometry) as source:
        yield source
