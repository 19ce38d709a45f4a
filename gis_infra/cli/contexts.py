"""What a command that runs a process works with: the settings, the database, the layers, for the system itself.

Whoever may run commands on this machine can read the database anyhow; they act as the system.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from gis_infra.accounts.actor import SYSTEM
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.processes.definitions import Context
from gis_infra.settings import read_settings
from gis_infra.storage.engine import open_engine


@contextmanager
def open_context() -> Iterator[Context]:
    """The context of one command; the database is let go when it ends.

    Raises SettingError, StorageError, LayerFileError.
    """
    settings = read_settings()
    catalogue = read_catalogue(settings.layers)
    engine = open_engine(settings)
    try:
        yield Context(engine, settings, catalogue, build_tables(catalogue, settings.city_srid), SYSTEM)
    finally:
        engine.dispose()
