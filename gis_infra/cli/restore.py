"""`gis-infra restore`: a city from its backup."""

from pathlib import Path

import click

from gis_infra.settings import read_settings
from gis_infra.storage import backup
from gis_infra.storage.engine import open_engine


@click.command(name="restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Fill an empty database with what `gis-infra backup` wrote to FILE: all of it, or nothing."""
    settings = read_settings()
    backup.restore(open_engine(settings), file, settings.city_srid)
    click.echo(f"restored {file}")
