"""Home folders for tests that start a private cluster of their own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gis_infra.storage import places
from gis_infra.storage.cluster import PrivateCluster


@contextmanager
def make_home() -> Iterator[Path]:
    """A home folder the database's account may enter; what was made in it and for it is gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="gis-infra-test-", dir="/tmp") as folder:
        home = Path(folder)
        home.chmod(0o755)
        try:
            yield home
        finally:
            remove(home)


def remove(home: Path) -> None:
    """Stop the cluster of `home`, and take away what stands outside of it."""
    where = places.choose_places(home)
    if where.data.exists():
        PrivateCluster(home).stop()
    shutil.rmtree(where.base, ignore_errors=True)
    shutil.rmtree(where.socket, ignore_errors=True)
