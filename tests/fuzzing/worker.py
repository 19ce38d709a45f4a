"""A process that imports one damaged source after another and says what came of each. It may die; its parent looks."""

import contextlib
import resource
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from gis_infra.accounts.actor import SYSTEM
from gis_infra.catalogue import reading
from gis_infra.catalogue.tables import build_tables
from gis_infra.errors import GisInfraError, StorageError
from gis_infra.settings import ROOT, read_settings
from gis_infra.storage.engine import make_engine, parse_url
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.importing import import_file
from gis_infra.transfer.inspecting import inspect_file
from gis_infra.transfer.request import ImportRequest, Reading

MOST_ADDRESSES = 12 << 30  # bytes; far above what is allowed, so that a runaway ends itself and not the machine


def work(pipe: Connection, url: str) -> None:
    """Answer (path, layer, bare_geometry) by (kind, words, peak in MB, rows added), until None comes.

    kind: "loaded", "refused", or "raised" for an error that is none of ours, with its trace.
    """
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    settings = read_settings({})
    catalogue = reading.read_catalogue(ROOT / "layers")
    tables = build_tables(catalogue, settings.city_srid)
    city = City(settings.city_srid, settings.city_extent)
    engine = make_engine(parse_url(url))
    pipe.send("ready")
    while (case := pipe.recv()) is not None:
        path, layer_id, bare = case
        said = Reading(accept_guess=True, bare_geometry=bare)
        layer = catalogue.get_layer(layer_id)
        request = ImportRequest(path, layer, tables.get(layer_id), city, owner="Fuzz", reading=said)
        reset_peak()
        kind, words, added = attempt(engine, request, catalogue)
        pipe.send((kind, words, read_peak_mb(), added))


def attempt(engine: Engine, request: ImportRequest, catalogue: Any) -> tuple[str, str, int]:
    """Inspect and import, whatever comes of it."""
    try:
        inspect_quietly(request, catalogue)
        report = import_file(engine, request, SYSTEM)
    except StorageError:  # a row the database refused for what the importer should have seen and told
        return "raised", traceback.format_exc(), 0
    except GisInfraError as error:
        return "refused", str(error), 0
    except Exception:  # noqa: BLE001 - an error that is none of ours is what is looked for
        return "raised", traceback.format_exc(), 0
    return "loaded", "", report.inserted


def inspect_quietly(request: ImportRequest, catalogue: Any) -> None:
    """Inspect; that it is refused is an answer too."""
    with contextlib.suppress(GisInfraError):
        inspect_file(request.path, request.city, catalogue)


def reset_peak() -> None:
    """Let the kernel count this process's peak from here."""
    Path("/proc/self/clear_refs").write_text("5")


def read_peak_mb() -> float:
    """The most memory this process held since then."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
