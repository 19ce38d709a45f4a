"""What an export is asked to do, within which limits, and what became of it: frozen values."""

from dataclasses import dataclass
from pathlib import Path

from gis_infra.features.query import FeatureQuery
from gis_infra.transfer.exporting.formats import Format

DAY_S = 86_400.0


@dataclass(frozen=True)
class ExportRequest:
    """One layer into one file.

    query: the layer, who asks, box, filter and attributes; its `srid` is that of the file, its limit the most features.
    all_fields: with the columns the program keeps itself, and the id. overwrite: replace the file if there is one.
    excel: of a CSV, with a mark of UTF-8, and text that a spreadsheet would run as a formula made harmless.
    """

    query: FeatureQuery
    path: Path
    format: Format
    all_fields: bool = False
    overwrite: bool = False
    excel: bool = False


@dataclass(frozen=True)
class Limits:
    """What an export may take: seconds of the database, features, bytes on the disk while it is made."""

    seconds: float = DAY_S
    features: int | None = None
    bytes: int | None = None


@dataclass(frozen=True)
class ExportReport:
    """What was written. notes: what the reader of the file should know."""

    path: Path
    layer_id: str
    format: Format
    srid: int
    features: int
    bytes: int
    seconds: float
    notes: tuple[str, ...]
