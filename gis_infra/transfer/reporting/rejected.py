"""The rows an import refused, as a GeoPackage beside the file, to be mended in QGIS and imported again.

They are written as the file had them, text read, with the row's number and the reasons. An older file of rejected rows
is never overwritten; a broken import leaves none behind.
"""

import shutil
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyogrio

from gis_infra.transfer.cleaning.batch import GEOMETRY

LAYER = "rejected"


@dataclass
class RejectedFile:
    """A GeoPackage in the making, in a folder of its own until it is kept. crs: of the shapes, as the file has them."""

    crs: str
    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)
    rows: int = 0

    def __enter__(self) -> "RejectedFile":
        return self

    def __exit__(self, *_: object) -> None:
        self.folder.cleanup()

    @property
    def path(self) -> Path:
        """Where it is made."""
        return Path(self.folder.name) / "rejected.gpkg"

    def add(self, refused: pa.Table) -> None:
        """Write more rows, as `cleaning.CleanBatch.refused` has them."""
        if refused.num_rows == 0:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "no geometry type given": rejected shapes are of any type
            pyogrio.write_arrow(
                rename_own(refused),
                self.path,
                layer=LAYER,
                driver="GPKG",
                geometry_name=GEOMETRY,
                geometry_type="Unknown",
                crs=self.crs,
                append=self.rows > 0,
            )
        self.rows += refused.num_rows

    def keep(self, wanted: Path) -> Path | None:
        """Move it to `wanted`, or to a numbered name if that is taken; None if there is no row in it.
        If that folder cannot be written to, it goes to the system's folder for temporary files.
        """
        if not self.rows:
            return None
        target = find_free(wanted if is_writable(wanted.parent) else Path(tempfile.gettempdir()) / wanted.name)
        shutil.move(self.path, target)
        return target


def rename_own(refused: pa.Table) -> pa.Table:
    """The table with columns renamed that a GeoPackage keeps for itself."""
    reserved = {"fid", "geom", "ogc_fid"}
    names = [f"{name}_" if name.casefold() in reserved else name for name in refused.column_names]
    return refused.rename_columns(names)


def name_beside(source: Path, folder: Path | None) -> Path:
    """Where rejected rows of a file go: its name with ".rejected.gpkg", beside it or in `folder`."""
    return (folder if folder is not None else source.parent) / f"{source.stem}.rejected.gpkg"


def find_free(wanted: Path) -> Path:
    """The path, or the first of its numbered neighbours, at which there is nothing."""
    number, candidate = 2, wanted
    while candidate.exists():
        candidate = wanted.with_name(f"{wanted.name.removesuffix('.gpkg')}-{number}.gpkg")
        number += 1
    return candidate


def is_writable(folder: Path) -> bool:
    """Whether a file can be made in a folder."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
