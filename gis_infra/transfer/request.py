"""What an import is asked to do: one frozen value, made by the command line, the sample loader or the web."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Table

from gis_infra.catalogue.definitions import Layer
from gis_infra.transfer.coordinates.systems import City


@dataclass(frozen=True)
class ImportRequest:
    """One file into one layer.

    path: the file; source_layer: which of its layers, needed if it has several. table: the layer's. city: where and in
    which CRS it is stored. crs, encoding: what the caller says of the file, None to find out. mapping: column of the
    file -> field. owner: of rows that name none. dry_run: everything but the loading. accept_outside: take what lies
    outside the city. whole: load nothing if any row is rejected. rejected_folder: where rejected rows are written, None
    for beside the file.
    """

    path: Path
    layer: Layer
    table: Table
    city: City
    source_layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    owner: str | None = None
    dry_run: bool = False
    accept_outside: bool = False
    whole: bool = False
    rejected_folder: Path | None = None
