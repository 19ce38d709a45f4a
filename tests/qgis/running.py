"""Runs a program with the Python of a QGIS that has no window: the one of this machine, or one in a root of its own.

GIS_INFRA_QGIS_ROOT names the folder of another Debian with QGIS in it, as `script/conformance qgis` makes it, which is
entered by chroot; without it GIS_INFRA_QGIS_PYTHON is the Python that QGIS was installed for.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LIMIT_S = 240


@dataclass(frozen=True)
class Installed:
    """A QGIS: the command that runs its Python, and the root that paths are told from, as it sees them."""

    command: Sequence[str]
    root: Path

    def has_qgis(self) -> bool:
        """Whether there is a QGIS for that Python."""
        return (
            subprocess.run([*self.command, "-c", "import qgis.core"], capture_output=True, check=False).returncode == 0
        )

    @contextmanager
    def make_home(self) -> Iterator[Path]:
        """A folder that QGIS can be given as its home, as this machine sees it; gone at the end of the block."""
        with tempfile.TemporaryDirectory(dir=self.root / "tmp") as name:
            yield Path(name)

    def to_path(self, path: Path) -> str:
        """A file under the root, as QGIS sees it."""
        return f"/{path.relative_to(self.root)}"

    def run(self, program: Path, home: Path, *arguments: str, told: str = "", **variables: str) -> str:
        """What a program prints, which finds its arguments from the second on. Fails if it ends with a fault.

        told: what the program reads; without it nothing. variables: of its environment, more than it is given anyway.
        The program is given as a text, because a root of its own has no such file.
        """
        place = self.to_path(home)
        environment = {"HOME": place, "XDG_RUNTIME_DIR": place, "TMPDIR": place, "QT_QPA_PLATFORM": "offscreen"}
        # A root without /proc does not tell QGIS where it lies, and so where its coordinate systems are.
        environment |= {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "QGIS_PREFIX_PATH": "/usr", **variables}
        command = [*self.command, "-c", program.read_text(encoding="utf-8"), *arguments]
        done = subprocess.run(
            command, input=told, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def find_installed() -> Installed:
    """The QGIS that the environment names."""
    root = os.environ.get("GIS_INFRA_QGIS_ROOT")
    if root is None:
        return Installed([os.environ.get("GIS_INFRA_QGIS_PYTHON", "/usr/bin/python3")], Path("/"))
    return Installed(["/usr/sbin/chroot", root, "/usr/bin/python3"], Path(root))
