"""What an import is asked to do: one frozen value, made by the command line, the sample loader or the web."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from sqlalchemy import Table

from gis_infra.catalogue.definitions import Layer
from gis_infra.transfer.coordinates.systems import City

OnDuplicate = Literal["update", "skip", "reject"]


@dataclass(frozen=True)
class Reading:
    """What somebody says of a file: how it is to be read. Whatever is left out is found out.

    crs: its coordinate system, as "EPSG:9210"; swap_xy: its first coordinate is the northing; accept_guess: take the
    best guess of coordinate system and axes. encoding: of its text; encodings: column -> encoding, where it differs.
    mapping: column -> field, "" to keep a column out of every field; units: column -> unit its numbers are in;
    codes: column -> value -> code; remembered: columns of those that only a profile names, and the file may lack.
    bare_geometry: take shapes without attributes where the .dbf is missing.
    """

    crs: str | None = None
    swap_xy: bool = False
    accept_guess: bool = False
    encoding: str | None = None
    encodings: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    remembered: frozenset[str] = frozenset()
    bare_geometry: bool = False


@dataclass(frozen=True)
class ImportRequest:
    """One layer of a source into one layer of the city.

    path: the file, archive or folder; source_layer: which of its layers, needed if it has several. table: the layer's.
    city: where and in which CRS it is stored. reading: what is said of the file. owner: of rows that name none.
    on_duplicate: what becomes of a row whose owner and asset code the layer has. replace: delete the rows of `owner`
    that the file lacks; accept_rejected: even if some of its rows were rejected. strict: warnings reject like errors.
    dry_run: everything but the loading. accept_outside: take what lies outside the city. whole: load nothing if any
    row is rejected. rejected_folder: where rejected rows are written, None for beside the file.
    """

    path: Path
    layer: Layer
    table: Table
    city: City
    source_layer: str | None = None
    reading: Reading = field(default_factory=Reading)
    owner: str | None = None
    on_duplicate: OnDuplicate = "update"
    replace: bool = False
    accept_rejected: bool = False
    strict: bool = False
    dry_run: bool = False
    accept_outside: bool = False
    whole: bool = False
    rejected_folder: Path | None = None
