"""The catalogue with layers read as they are asked for: a command that is about one layer reads one file of forty.

Reading all takes most of a second. The server and the checks of layers need all at once, and use `reading`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from gis_infra.catalogue import reading
from gis_infra.catalogue.definitions import Catalogue, Layer
from gis_infra.catalogue.documents import Problem, require_none
from gis_infra.catalogue.layer_file import Universal


@dataclass(frozen=True, eq=False)
class LayersOnDemand(Mapping[str, Layer]):
    """Layers by id, each read from its file once, when it is first asked for. paths: id -> its file, in `folder`."""

    folder: Path
    universal: Universal
    paths: Mapping[str, Path]
    found: dict[str, Layer] = field(default_factory=dict)

    def __getitem__(self, layer_id: str) -> Layer:
        """The layer of that id. Raises KeyError, and LayerFileError if its file has a fault."""
        if layer_id not in self.found:
            problems: list[Problem] = []
            layer = reading.read_layer(self.paths[layer_id], self.folder, self.universal, problems)
            require_none(problems)
            if layer is not None:  # or there was a problem
                self.found[layer_id] = layer
        return self.found[layer_id]

    def __contains__(self, layer_id: object) -> bool:
        """Whether there is a file of that name; whether it is right is seen when it is read."""
        return layer_id in self.paths

    def __iter__(self) -> Iterator[str]:
        return iter(self.paths)

    def __len__(self) -> int:
        return len(self.paths)


def open_catalogue(folder: Path) -> Catalogue:
    """The layers of `folder`, in the order of sectors.yaml and then of file names, read as they are asked for.

    Raises LayerFileError for faults in what all layers share; those in a layer's own file are raised when it is read.
    """
    problems: list[Problem] = []
    sectors = reading.read_sectors(folder, problems)
    universal = reading.read_universal(folder, problems)
    require_none(problems)
    paths = {path.stem: path for sector in sectors for path in sorted((folder / sector).glob("*.yaml"))}
    return Catalogue(LayersOnDemand(folder, universal, paths), sectors)
