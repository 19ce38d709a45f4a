"""A folder of layer files that is right, to be spoilt in one place."""

import re
import shutil
from pathlib import Path

import pytest

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import ROOT


class LayerFolder:
    """A folder with the city's sectors and universal attributes and one layer, the example of layers/README.md."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "layers"
        (self.folder / "telecom").mkdir(parents=True)
        for name in ("sectors.yaml", "universal.yaml"):
            shutil.copy(ROOT / "layers" / name, self.folder)
        readme = (ROOT / "layers" / "README.md").read_text(encoding="utf-8")
        self.example = re.search(r"```yaml\n(.*?)```", readme, re.DOTALL)[1]
        self.layer = self.folder / "telecom" / "splice_box.yaml"
        self.layer.write_text(self.example, encoding="utf-8")

    def spoil(self, old: str, new: str) -> int:
        """Replace one piece of the layer; returns the line on which it begins."""
        assert self.example.count(old) == 1, f"{old!r} must stand in the example once"
        self.layer.write_text(self.example.replace(old, new), encoding="utf-8")
        return self.example[: self.example.index(old)].count("\n") + 1


@pytest.fixture
def layer_folder(tmp_path):
    return LayerFolder(tmp_path)


@pytest.fixture(scope="session")
def catalogue():
    """The layers of this checkout; no database is needed to read them."""
    return read_catalogue(ROOT / "layers")
