"""The rows an import refused, as a GeoPackage beside the file, to be mended in QGIS and imported again.

They are written as the file had them, text read, with the row's number and the reasons. When the mended file is
imported those two columns are known by their names and left out, and names that had to be changed are changed back. An
older file of rejected rows is never overwritten; a broken import leaves none behind.
"""

import os
import re
import shutil
import tempfile
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from gis_infra.errors import StorageError
from gis_infra.features.shapes.reading import read_shapes

LAYER = "rejected"
ENDING = ".rejected"
SHAPE = "shape"  # what the column of shapes is called on its way to the driver
# At most ten letters, so that they outlive a way through a shapefile.
ROW, REASON = "row_number", "row_reason"
# Columns a GeoPackage or those who write one keep for themselves, and ours; a column called so gets one more "_".
RESERVED = re.compile(rf"(fid|ogc_fid|geom|geometry|{ROW}|{REASON})_*", re.IGNORECASE)


@dataclass
class RejectedFile:
    """A GeoPackage in the making, in a folder of its own until it is kept.

    crs: of the shapes, easting first. swap_xy: whether the file has the northing first. description: what QGIS shows
    as the layer's. elsewhere: why it is not where it was wanted, once it is kept.
    """

    crs: str
    swap_xy: bool = False
    description: str = ""
    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)
    rows: int = 0
    elsewhere: str = ""

    def __enter__(self) -> "RejectedFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()

    @property
    def path(self) -> Path:
        """Where it is made."""
        return Path(self.folder.name) / "rejected.gpkg"

    def add(self, refused: pa.Table) -> None:
        """Write more rows, as `cleaning.CleanBatch.refused` has them: the file's columns, number, reason and WKB.

        Raises StorageError if they cannot be written, as on a full disk.
        """
        if refused.num_rows == 0:
            return
        try:
            self.write(self.prepare(refused))
        except (DataSourceError, DataLayerError, FeatureError, OSError) as error:
            message = f"rejected rows cannot be written to {self.folder.name}, where they are gathered: {error}"
            raise StorageError(message) from error
        self.rows += refused.num_rows

    def write(self, rows: pa.Table) -> None:
        """Add rows to the file, which is made with the first."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "no geometry type given": rejected shapes are of any type
            pyogrio.write_arrow(
                rows,
                self.path,
                layer=LAYER,
                driver="GPKG",
                geometry_name=SHAPE,
                geometry_type="Unknown",
                crs=self.crs,
                append=self.rows > 0,
                **({"DESCRIPTION": self.description} if not self.rows else {}),
            )

    def prepare(self, refused: pa.Table) -> pa.Table:
        """The rows with names a GeoPackage can have and shapes easting first."""
        *theirs, _, _, _ = refused.column_names
        named = refused.rename_columns([*choose_names(theirs), ROW, REASON, SHAPE])
        if not self.swap_xy:
            return named
        return named.set_column(named.num_columns - 1, SHAPE, turn(named[SHAPE]))

    def keep(self, wanted: Path) -> Path | None:
        """Move it to `wanted`, or to a numbered name if that is taken; None if there is no row in it.

        If that folder cannot be written to, it goes to the system's folder for temporary files, or is lost if not even
        that can be written to; `elsewhere` says why. Nothing is raised, for the accepted rows are in already.
        """
        if not self.rows:
            return None
        for folder in (wanted.parent, Path(tempfile.gettempdir())):
            try:
                return move_in(self.path, folder / wanted.name)
            except OSError as error:
                self.elsewhere = join(self.elsewhere, f"{folder} cannot be written to ({error.strerror})")
        return None


def join(*parts: str) -> str:
    """Parts that are there, with commas between."""
    return ", ".join(filter(None, parts))


def turn(wkb: pa.ChunkedArray) -> pa.Array:
    """Shapes with their first two coordinates changed about; null for one that cannot be read."""
    shapes = read_shapes(wkb.combine_chunks())
    for heighted in (True, False):
        chosen = shapely.has_z(shapes) == heighted
        order = [1, 0, 2] if heighted else [1, 0]
        shapes[chosen] = shapely.transform(shapes[chosen], lambda xy, order=order: xy[:, order], include_z=heighted)
    return pa.array(shapely.to_wkb(shapes), pa.binary())


def choose_names(names: Iterable[str]) -> list[str]:
    """Names of columns as a GeoPackage takes them: none reserved, none empty, none twice whatever its case."""
    chosen: dict[str, str] = {}
    for name in names:
        wanted = f"{name}_" if RESERVED.fullmatch(name) else name or "column"
        candidate, number = wanted, 2
        while candidate.casefold() in chosen:
            candidate, number = f"{wanted}_{number}", number + 1
        chosen[candidate.casefold()] = candidate
    return list(chosen.values())


def restore_names(names: Iterable[str]) -> dict[str, str]:
    """Columns of a file of rejected rows -> what the first file called them; number and reason are left out.

    Columns of any other file are given back as they are.
    """
    given = list(names)
    if not {ROW, REASON} <= {name.casefold() for name in given}:
        return {name: name for name in given}
    theirs = [name for name in given if name.casefold() not in {ROW, REASON}]
    shorter = {name: name.removesuffix("_") for name in theirs if RESERVED.fullmatch(name)}
    return {name: short if (short := shorter.get(name, name)) not in theirs else name for name in theirs}


def name_beside(source: Path, folder: Path | None, source_layer: str = "") -> Path:
    """Where rejected rows go: the source's name with ".rejected.gpkg", beside it or in `folder`.

    source_layer: set it where the source has several. Rows rejected a second time keep the name.
    """
    if source_layer.casefold() in {source.stem.casefold(), LAYER}:
        source_layer = ""  # it says nothing more
    stem = re.sub(rf"{re.escape(ENDING)}(-\d+)?$", "", source.stem)
    layer = "".join(f".{part}" for part in [re.sub(r"[^\w-]+", "_", source_layer)] if part)
    return (folder if folder is not None else source.absolute().parent) / f"{stem}{layer}{ENDING}.gpkg"


def move_in(made: Path, wanted: Path) -> Path:
    """Move a file to a path, or to the first of its numbered neighbours at which there is nothing. Raises OSError."""
    target = reserve(wanted)
    try:
        shutil.move(made, target)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return target


def reserve(wanted: Path) -> Path:
    """An empty file made at the path or at a numbered neighbour, so that nobody else takes the name. Raises OSError."""
    number, candidate = 2, wanted
    while True:
        try:
            os.close(os.open(candidate, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return candidate
        except FileExistsError:
            candidate = wanted.with_name(f"{wanted.name.removesuffix('.gpkg')}-{number}.gpkg")
            number += 1
