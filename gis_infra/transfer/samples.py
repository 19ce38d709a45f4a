"""The sample quarter: which files it has, which of them a database still lacks, and loading those.

The list is `manifest.yaml` beside the files. Each goes through the importer as a surveyor's file would, with the
options the list gives, all rows or none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy import Connection, Engine, Select, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidSource
from gis_infra.features.state import get_tallies
from gis_infra.settings import ROOT
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.request import ImportRequest, Reading
from gis_infra.transfer.tables import IMPORT_BATCH

if TYPE_CHECKING:
    from gis_infra.transfer.reporting.report import ImportReport

FOLDER = ROOT / "data" / "sample_shapefiles"


@dataclass(frozen=True)
class SampleFile:
    """One file of the sample quarter, and what a surveyor says with it.

    features: how many it holds. crs, encoding: None to have them found out. mapping: column of the file -> field.
    """

    path: Path
    layer_id: str
    features: int
    crs: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """The database samples go into, and the city it is of."""

    engine: Engine
    catalogue: Catalogue
    tables: LayerTables
    city: City


def read_manifest(folder: Path = FOLDER) -> tuple[SampleFile, ...]:
    """The files of the sample quarter, in the order they are loaded.

    Raises InvalidSource if the list is missing or not as it should be.
    """
    path = folder / "manifest.yaml"
    try:
        document = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return tuple(parse_entry(folder, entry) for entry in document["files"])
    except OSError as error:
        raise InvalidSource(f"the list of sample files {path} cannot be read: {error.strerror}") from error
    except (YAMLError, KeyError, TypeError, ValueError) as error:
        raise InvalidSource(f"the list of sample files {path} is not as it should be: {error}") from error


def parse_entry(folder: Path, entry: Mapping[str, Any]) -> SampleFile:
    """One entry of the list. Raises KeyError, TypeError or ValueError for what is not one."""
    return SampleFile(
        path=folder / entry["file"],
        layer_id=str(entry["layer"]),
        features=int(entry["features"]),
        crs=entry.get("crs"),
        encoding=entry.get("encoding"),
        mapping=dict(entry.get("map", {})),
    )


def find_missing(connection: Connection, files: tuple[SampleFile, ...], catalogue: Catalogue) -> tuple[SampleFile, ...]:
    """The files an untouched database still lacks; none if anything in it came from elsewhere.

    All of them in an empty database; the rest of them where an earlier load was broken off.
    """
    batches = {(row.layer_id, row.file_name) for row in connection.execute(select_batches())}
    tallies = get_tallies(connection, catalogue.layers.values(), SYSTEM)
    return choose_missing(files, batches, {layer: tally.features for layer, tally in tallies.items()})


def select_batches() -> Select[tuple[str, str]]:
    """Layer and file name of every import there was."""
    return select(IMPORT_BATCH.c.layer_id, IMPORT_BATCH.c.file_name)


def choose_missing(
    files: tuple[SampleFile, ...], batches: set[tuple[str, str]], features: Mapping[str, int]
) -> tuple[SampleFile, ...]:
    """The files that were never imported, if every import and every filled layer is a sample's; else none.

    batches: layer and file name of every import; features: by layer.
    """
    known = {(each.layer_id, each.path.name) for each in files}
    filled = {layer for layer, count in features.items() if count}
    if batches - known or filled - {layer for layer, _ in batches}:
        return ()
    return tuple(each for each in files if (each.layer_id, each.path.name) not in batches)


def load(target: Target, files: tuple[SampleFile, ...]) -> "Iterator[ImportReport]":
    """Import each file, all its rows or none, and yield its report.

    Raises InvalidSource if a row of a sample is rejected: that file is then not loaded, and none after it.
    """
    # Imported here, so that a server that finds its samples loaded starts without pandas and pyogrio.
    from gis_infra.transfer.importing import import_file

    for each in files:
        layer = target.catalogue.get_layer(each.layer_id)
        request = ImportRequest(
            path=each.path,
            layer=layer,
            table=target.tables.get(layer.id),
            city=target.city,
            reading=Reading(crs=each.crs, encoding=each.encoding, mapping=each.mapping),
            on_duplicate="reject",
            whole=True,
        )
        yield import_file(target.engine, request, SYSTEM)
