"""`gis-infra imports`: what was imported, by whom and how, and taking it back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import click
from rich.table import Table

from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.accounts.people import get_actor
from gis_infra.cli.contexts import open_context
from gis_infra.cli.printing import echo_json, make_console
from gis_infra.cli.stopping import INTERRUPTED, stoppable
from gis_infra.processes.definitions import Context
from gis_infra.storage.transactions import reading
from gis_infra.transfer import undoing
from gis_infra.transfer.loading.listing import ImportEntry, get_import, list_imports, read_report
from gis_infra.transfer.reporting.report import from_json
from gis_infra.transfer.reporting.terminal import clean, print_report
from gis_infra.transfer.undoing import UndoReport, UndoRequest

IN_THE_WAY = 1  # exit code
COUNTS = ("inserted", "updated", "unchanged", "skipped", "deleted", "rejected")
AS = click.option("--as", "username", help="Who asks; default: the system itself.")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")


@dataclass(frozen=True)
class Asking:
    """Somebody at work on a city."""

    context: Context
    actor: Actor


@contextmanager
def open_asking(username: str | None) -> Iterator[Asking]:
    """Run a block with the city's database for the person of that name, for the system if none is named.

    Raises SettingError, StorageError, LayerFileError; MissingError if there is no such person.
    """
    with open_context() as context:
        actor = SYSTEM
        if username is not None:
            with reading(context.engine) as connection:
                actor = get_actor(connection, username)
        yield Asking(context, actor)


@click.group(name="imports", help=__doc__)
def command() -> None:
    """What was imported."""


@command.command("list")
@click.option("--layer", help="Only imports into this layer.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Most lines shown.")
@AS
@JSON
def list_all(layer: str | None, limit: int, username: str | None, as_json: bool) -> None:
    """List imports, the newest first: one's own, and those into the layers one administers."""
    with open_asking(username) as asking, reading(asking.context.engine) as connection:
        if layer is not None:
            asking.context.catalogue.get_layer(layer)
        entries = list_imports(connection, asking.context.catalogue, asking.actor, limit, layer)
    if as_json:
        echo_json([to_json(each) for each in entries])
    elif not entries:
        click.echo("no imports")
    else:
        make_console().print(make_list(entries))


@command.command("show")
@click.argument("import_id", metavar="IMPORT", type=click.IntRange(1))
@AS
@JSON
def show(import_id: int, username: str | None, as_json: bool) -> None:
    """Show the import of number IMPORT: the file, how it was read, what became of its rows."""
    with open_asking(username) as asking, reading(asking.context.engine) as connection:
        entry = get_import(connection, asking.context.catalogue, asking.actor, import_id)
        report = read_report(connection, import_id)
    if as_json:
        echo_json({**to_json(entry), "report": report})
        return
    console = make_console()
    for name, value in describe(entry):
        console.print(f"{name:<12}{clean(value)}", soft_wrap=True)
    if report is not None and "read" in report:
        console.print()
        print_report(console, from_json(report))


@command.command("undo")
@click.argument("import_id", metavar="IMPORT", type=click.IntRange(1))
@click.option("--keep-later", is_flag=True, help="Leave rows with later edits as they are, and undo the rest.")
@AS
@JSON
def undo(import_id: int, keep_later: bool, username: str | None, as_json: bool) -> None:
    """Take back the import of number IMPORT: its rows become what they were before, in one transaction.

    Rows that were edited since stand in the way and are listed; then nothing is undone, unless --keep-later leaves them
    as they are. Exit code 0: it is undone; 1: later edits stood in the way and nothing was done; 130: interrupted.
    """
    try:
        with stoppable(), open_asking(username) as asking:
            city = asking.context
            request = UndoRequest(import_id, city.catalogue, city.tables, keep_later)
            report = undoing.undo(city.engine, request, asking.actor)
    except KeyboardInterrupt:
        # It may have come while the end was on its way to the database.
        told = f"gis-infra imports show {import_id} tells whether it was undone, all of it or nothing"
        click.echo(f"gis-infra: interrupted; {told}", err=True)
        sys.exit(INTERRUPTED)
    if as_json:
        echo_json(undoing.to_json(report))
    else:
        echo_undone(report)
    sys.exit(0 if report.is_done else IN_THE_WAY)


def echo_undone(report: UndoReport) -> None:
    """Say what was undone, and what stands in the way."""
    for each in report.later:
        click.echo(f"  {clean(str(each))}")
    if report.in_the_way > len(report.later):
        click.echo(f"  and {report.in_the_way - len(report.later):,} more")
    rows = f"{report.in_the_way:,} rows of import {report.import_id} were edited since"
    if not report.is_done:
        click.echo(f"{rows}, so nothing was undone; --keep-later leaves them as they are and undoes the rest")
        return
    counts = f"{report.removed:,} rows removed, {report.restored:,} restored, {report.brought_back:,} brought back"
    kept = f"; {rows} and left as they are" if report.in_the_way else ""
    click.echo(f"import {report.import_id} into {report.layer_id} is undone: {counts}{kept}")


def make_list(entries: list[ImportEntry]) -> Table:
    """The imports, a line each."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("import", "layer", "file", "by", "on (UTC)"):
        table.add_column(heading, overflow="fold")
    for heading in COUNTS:
        table.add_column(heading, justify="right")
    table.add_column("undone", overflow="fold")
    for each in entries:
        counts = ("" if (count := getattr(each, name)) is None else f"{count:,}" for name in COUNTS)
        facts = (str(each.id), each.layer_id, clean(each.file_name), clean(each.username), tell(each.started_at))
        table.add_row(*facts, *counts, tell_undone(each))
    return table


def describe(entry: ImportEntry) -> Iterator[tuple[str, str]]:
    """An import in lines of a name and a value."""
    yield "import", f"{entry.id} into {entry.layer_id}"
    yield "file", entry.file_name
    yield "sha256", entry.sha256
    yield "by", f"{entry.username}, {tell(entry.started_at)} UTC"
    counts = (f"{count:,} {name}" for name in COUNTS if (count := getattr(entry, name)))
    yield "rows", ", ".join(counts) or f"{entry.accepted:,} accepted"
    for name, value in entry.settings.items():
        if value not in (None, False, {}):
            yield "said", f"{name} {value}"
    if entry.undone_at is not None:
        yield "undone", tell_undone(entry)


def tell(moment: datetime) -> str:
    """A moment to the minute."""
    return f"{moment:%Y-%m-%d %H:%M}"


def tell_undone(entry: ImportEntry) -> str:
    """When and by whom an import was undone, "" if it was not."""
    return f"{tell(entry.undone_at)} by {clean(entry.undone_by or '')}" if entry.undone_at is not None else ""


def to_json(entry: ImportEntry) -> dict[str, Any]:
    """An import as JSON has it; who did it is told by name alone."""
    return {name: value for name, value in asdict(entry).items() if name != "person_id"}
