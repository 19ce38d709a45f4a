"""`gis-infra backup`: the whole city in one file."""

from pathlib import Path

import click

from gis_infra.settings import read_settings
from gis_infra.storage import backup
from gis_infra.storage.engine import open_engine


@click.command(name="backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write every layer, account, import and analysis to FILE, as of one moment."""
    size = backup.back_up(open_engine(read_settings()), file)
    click.echo(f"{file}: {size / 1e6:.1f} MB")
