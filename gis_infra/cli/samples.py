"""`gis-infra samples`: load the sample quarter."""

import time

import click
from sqlalchemy import Engine

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.settings import Settings, read_settings
from gis_infra.storage.engine import open_engine
from gis_infra.storage.transactions import reading
from gis_infra.transfer import samples
from gis_infra.transfer.coordinates.systems import City


@click.group(name="samples", help=__doc__)
def command() -> None:
    """The sample quarter."""


@command.command(name="load")
@click.option("--if-empty", is_flag=True, help="Do nothing if the database holds anything but samples.")
def load(if_empty: bool) -> None:
    """Import the sample quarter, file by file, all of a file or nothing of it.

    Without --if-empty every file is imported, whatever is there already. Exit code 0 if all went in, 2 at the first
    file that did not.
    """
    settings = read_settings()
    engine = open_engine(settings)
    try:
        if if_empty:
            load_if_empty(settings, engine)
        else:
            load_files(open_target(settings, engine), samples.read_manifest())
    finally:
        engine.dispose()


def load_if_empty(settings: Settings, engine: Engine) -> None:
    """Import what an untouched database lacks of the sample quarter; a load that was broken off is finished.

    Nothing where there are no sample files: a wheel carries none.
    Raises InvalidSource, LayerFileError, StorageError.
    """
    if not samples.FOLDER.is_dir():
        return
    target = open_target(settings, engine)
    files = samples.read_manifest()
    with reading(engine) as connection:
        missing = samples.find_missing(connection, files, target.catalogue)
    load_files(target, missing)


def open_target(settings: Settings, engine: Engine) -> samples.Target:
    """The database with its layers. Raises LayerFileError."""
    catalogue = read_catalogue(settings.layers)
    city = City(settings.city_srid, settings.city_extent)
    return samples.Target(engine, catalogue, build_tables(catalogue, settings.city_srid), city)


def load_files(target: samples.Target, files: tuple[samples.SampleFile, ...]) -> None:
    """Import files and print a line for each, and one for all; nothing if there are none."""
    if not files:
        return
    started, total = time.monotonic(), 0
    for report in samples.load(target, files):
        total += report.accepted
        click.echo(f"  {report.accepted:>6,} {report.layer_id} from {report.file}")
    click.echo(f"loaded {total:,} sample features from {len(files)} files in {time.monotonic() - started:.1f} s")
