"""What is known of one layer of a file before its features are read."""

from dataclasses import dataclass
from pathlib import Path

from gis_infra.transfer.sources.declarations import Declared

SHAPEFILE = "ESRI Shapefile"

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class SourceField:
    """A column of the source: its name as the driver gives it, and its type as Fiona writes it ("str:80", "int32")."""

    name: str
    type: str

    @property
    def kind(self) -> str:
        """The type without its width."""
        return self.type.split(":")[0]

    @property
    def is_text(self) -> bool:
        """Whether the column holds text."""
        return self.kind == "str"


@dataclass(frozen=True)
class Source:
    """One layer of a file, described; open, its `path` can be read.

    name: what messages call it, "survey.zip/pipes.shp". path: the file to read, mended where it had to be, and there
    only while the source is open. parts: the files handed in that carry its data, which are never changed. remarks:
    what was mended or noticed, in words. layer: the name to ask for it by; inner: its name within `path`, None for the
    only layer there. count: features, deleted rows not among them. geometry: as Fiona names it, "3D LineString"; "None"
    without. bounds: xmin, ymin, xmax, ymax in the source's own coordinates, None if there are none or they are not
    finite. wkt: what the file says of its coordinate system, "" if nothing. declared: what it says of its text; None
    for a format that is Unicode by itself. has_text: whether any byte of it is beyond ASCII.
    """

    name: str
    path: Path
    parts: tuple[Path, ...]
    remarks: tuple[str, ...]
    layer: str
    inner: str | None
    driver: str
    fields: tuple[SourceField, ...]
    count: int
    geometry: str
    bounds: Box | None
    wkt: str
    declared: Declared | None
    has_text: bool

    @property
    def has_z(self) -> bool:
        """Whether the layer is declared to have heights."""
        return self.geometry.startswith("3D ")

    @property
    def is_shapefile(self) -> bool:
        """Whether it is a shapefile."""
        return self.driver == SHAPEFILE

    @property
    def is_surface(self) -> bool:
        """Whether its text comes as bytes, each shown as the character it is in ISO-8859-1."""
        return self.declared is not None
