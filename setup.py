"""What a wheel carries besides the package: migrations and layer files, in `gis_infra/shipped` (`settings.ROOT`).

Everything else about the package stands in setup.cfg. The map is built by Vite before, and goes along as it is there.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

SHIPPED = ("migrations", "layers")
MAP = Path("gis_infra/web/viewer/static/built/manifest.json")


class BuildWithFolders(build_py):
    """The package, and in it what a checkout has beside it."""

    def run(self) -> None:
        """Copy all; an editable install reads the checkout itself."""
        super().run()
        if self.editable_mode:
            return
        if not MAP.is_file():
            self.warn("the map is not built: npm ci && npm run build in gis_infra/web/viewer/frontend")
        for name in SHIPPED:
            target = Path(self.build_lib) / "gis_infra" / "shipped" / name
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(name, target, ignore=shutil.ignore_patterns("__pycache__"))


# What the map is built from stays behind, and with it whatever npm has put there.
FRONTEND = {"gis_infra": ["web/viewer/frontend/**"], "gis_infra.web.viewer": ["frontend/**"]}

setup(cmdclass={"build_py": BuildWithFolders}, exclude_package_data=FRONTEND)
