"""`gis-infra import`: a file into a layer, or all layers of a folder by a profile, each with a report."""

import logging
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from gis_infra.cli import import_job, import_reports
from gis_infra.cli.option_groups import GroupedCommand, GroupedOption
from gis_infra.cli.saying import options_named
from gis_infra.cli.stopping import INTERRUPTED, stoppable


def option(heading: str, *names: str, **settings: Any) -> Callable[[Any], Any]:
    """An option of this command under a heading of its help."""
    return click.option(*names, cls=GroupedOption, heading=heading, **settings)


source = partial(option, "What is imported, and where to")
said = partial(option, "How it is read; what is not said is found out")
rows = partial(option, "What becomes of the rows")
told = partial(option, "What is told of it")
FOLDER = click.Path(path_type=Path, exists=True, file_okay=False, writable=True)


@click.command(name="import", cls=GroupedCommand)
@click.argument("file", type=click.Path(path_type=Path))
@source("--layer", help="Layer of the city to import into; see gis-infra layers list.")
@source("--source-layer", help="Layer of the file, if it holds several.")
@source("--profile", help="Read by what is known of a department's files; all layers it knows are imported.")
@source("--save-profile", metavar="NAME", help="Keep how the file was read as a profile, for the next one.")
@source("--owner", help="Owner of the rows that name none.")
@said("--crs", help="Its coordinate system, as EPSG:9210.")
@said("--swap-xy", is_flag=True, help="Its first coordinate is the northing.")
@said("--accept-guess", is_flag=True, help="Take the best guess of coordinate system and axes.")
@said(
    "--encoding", multiple=True, metavar="NAME", help="Of its text: UTF-8, TCVN3, VNI, ...; or COLUMN=NAME, repeatable."
)
@said(
    "--map",
    "mapping",
    multiple=True,
    metavar="COLUMN=field",
    help="Put a column into a field, or with nothing behind the = into none; repeatable.",
)
@said(
    "--unit",
    "units",
    multiple=True,
    metavar="COLUMN=unit",
    help="The unit of a column's numbers, or the order of its dates (mm/dd/yyyy); repeatable.",
)
@said("--code", "codes", multiple=True, metavar="COLUMN:VALUE=code", help="The code a value stands for; repeatable.")
@said("--bare-geometry", is_flag=True, help="Take the shapes alone where the .dbf is missing.")
@rows(
    "--on-duplicate",
    type=click.Choice(["update", "skip", "reject"]),
    default="update",
    show_default=True,
    help="What becomes of a row whose owner and asset code the layer has.",
)
@rows("--replace", is_flag=True, help="Delete the rows of --owner that the file lacks; they are shown first.")
@rows("--accept-rejected", is_flag=True, help="Delete them even if some rows of the file were rejected.")
@rows("--yes", is_flag=True, help="Delete them without asking.")
@rows("--strict", is_flag=True, help="Reject rows for warnings too.")
@rows("--accept-outside", is_flag=True, help="Take what lies outside the city.")
@rows("--dry-run", is_flag=True, help="Do everything but the loading.")
@told(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the report to FILE.html, to send on, or FILE.json; repeatable.",
)
@told("--language", type=click.Choice(["vi", "en"]), help="Language of the HTML report; default: both.")
@told("--json", "as_json", is_flag=True, help="Print the report as JSON; a list if several layers were imported.")
@told("--rejected-folder", type=FOLDER, help="Folder for rejected rows; default: beside the file.")
@told("--as", "username", help="Who imports; default: the system itself.")
def command(file: Path, **options: Any) -> None:
    """Import FILE: all its valid rows, in one transaction.

    FILE is whatever surveyors hand in: a shapefile, a zip or a folder of them, a GeoPackage, GeoJSON, FlatGeobuf, KML,
    MapInfo TAB or MIF, DXF, CSV; gis-infra inspect tells what is in it. Rejected rows are written to FILE.rejected.gpkg
    with the reasons, to be mended and imported again. Exit code 0: all rows went in; 1: some were rejected; 2: nothing
    was done; 130: interrupted.
    """
    # When the server goes away psycopg says so in the log as well, which without a handler is a second line on stderr.
    logging.getLogger("psycopg").addHandler(logging.NullHandler())
    try:
        with stoppable(), options_named(command):
            import_reports.require_writable(options["reports"], file)
            with import_job.open_job(file, options) as job:
                import_and_tell(job)
    except KeyboardInterrupt:
        leave("interrupted; nothing was imported")
    sys.exit(max(import_reports.get_exit_code(each) for each in job.done))


def import_and_tell(job: import_job.Job) -> None:
    """Import, and tell what became of it; an interruption ends the program, and what it left is told."""
    try:
        import_job.import_all(job)
        import_reports.show_all(job)
    except KeyboardInterrupt:
        leave(import_job.tell_interruption(job))


def leave(told: str) -> NoReturn:
    """End the program as interrupted, with one line."""
    click.echo(f"gis-infra: {told}", err=True)
    sys.exit(INTERRUPTED)
