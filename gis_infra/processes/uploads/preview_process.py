"""`python -m gis_infra.processes.uploads.preview_process PARENT UPLOAD LAYERS`: the process that looks into one upload.

LAYERS are the ids, with commas, of the layers that whoever asks may import into: no other one is suggested. What it
finds, or why it finds nothing, goes into a file beside the upload.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.errors import InvalidSource
from gis_infra.processes import limits
from gis_infra.processes.uploads import store
from gis_infra.processes.uploads.previewing import MOST_CPU_S, MOST_FILE_MB, MOST_MEMORY_MB, write_outcome
from gis_infra.processes.uploads.sampling import list_rows, sample
from gis_infra.settings import Settings, read_settings
from gis_infra.spatial.crs import get_name
from gis_infra.transfer.coordinates.systems import Candidate, City, list_systems
from gis_infra.transfer.inspecting import Unreadable, inspect_file, to_json
from gis_infra.transfer.sources.opening import list_layers
from gis_infra.transfer.sources.source import open_source

NO_SAMPLE: dict[str, Any] = {"type": "FeatureCollection", "features": []}


def main(parent: str, upload_id: str, layer_ids: str) -> None:
    """Look into an upload and write down what is in it, or the reason why that cannot be told."""
    limits.end_with_parent(int(parent))
    settings = read_settings()
    limits.apply(limits.Limits(min(MOST_MEMORY_MB, settings.job_memory_mb), MOST_CPU_S, MOST_FILE_MB))
    folder = settings.uploads / upload_id
    try:
        layers = list(inspect_all(settings, upload_id, frozenset(layer_ids.split(","))))
    except InvalidSource as error:
        write_outcome(folder, layer_ids, {"problem": error.message, "where": error.where})
    except MemoryError:
        write_outcome(folder, layer_ids, {"problem": "it needs more memory than it may take here", "where": "upload"})
    else:
        write_outcome(folder, layer_ids, {"layers": layers})


def inspect_all(settings: Settings, upload_id: str, layer_ids: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Every layer of an upload as JSON, with its first features. Raises InvalidSource."""
    path = store.get_path(settings, store.read(settings.uploads / upload_id))
    city = City(settings.city_srid, settings.city_extent)
    catalogue = narrow(read_catalogue(settings.layers), layer_ids)
    for name, found in zip(list_layers(path), inspect_file(path, city, catalogue), strict=True):
        if isinstance(found, Unreadable):
            yield {"source_layer": name, **to_json(found), "sample": NO_SAMPLE, "rows": []}
            continue
        with open_source(path, name, bare_geometry=True) as source:
            told = to_json(found)
            # The command names a path of the server's, and who asks has no command line.
            told.pop("command")
            told["crs"]["systems"] = [describe(each) for each in list_systems(source.bounds, city)]
            yield {"source_layer": name, **told, "sample": sample(source, found), "rows": list_rows(source, found)}


def describe(system: Candidate) -> dict[str, Any]:
    """A system somebody may know the file to be in, and where it would put it; null for nowhere."""
    landing = system.landing
    place = {"lands": str(landing), "box": list(landing.box)} if landing is not None else {"lands": None, "box": None}
    return {"srid": system.srid, "name": get_name(system.srid), "swap_xy": system.swap_xy, **place}


def narrow(catalogue: Catalogue, layer_ids: frozenset[str]) -> Catalogue:
    """The catalogue with some of its layers."""
    return replace(catalogue, layers={name: each for name, each in catalogue.layers.items() if name in layer_ids})


if __name__ == "__main__":
    main(*sys.argv[1:])
    # Libraries may have threads at work that would hold the process up.
    sys.stdout.flush()
    os._exit(0)
