"""What the import command tells: reports as files and JSON, a table over several layers, the exit code."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from gis_infra.catalogue.definitions import Language
from gis_infra.cli.import_job import Failure, Job
from gis_infra.cli.printing import make_console, print_table
from gis_infra.errors import InvalidParameter
from gis_infra.transfer.reporting import html
from gis_infra.transfer.reporting.report import ImportReport, to_json
from gis_infra.transfer.reporting.terminal import clean, make_summary_table

ENDINGS = (".html", ".json")


def require_writable(files: Iterable[Path], source: Path) -> None:
    """Return if reports can be written to the files. Raises InvalidParameter, before anything is imported.

    source: what is imported, which no report may overwrite.
    """
    for file in files:
        if file.suffix.lower() not in ENDINGS:
            raise InvalidParameter(
                f"--report takes a file ending in {' or '.join(ENDINGS)}, got {file}", where="report"
            )
        if not os.access(file.absolute().parent, os.W_OK):
            raise InvalidParameter(f"--report cannot write to {file.absolute().parent}", where="report")
        if file.exists() and (file.samefile(source) or file.resolve().is_relative_to(source.resolve())):
            raise InvalidParameter(f"--report would overwrite what is imported: {file}", where="report")


def show_all(job: Job) -> None:
    """Tell what became of all layers: a table if they are several, JSON if asked, and the files."""
    if job.options["as_json"]:
        click.echo(render_json(job))
    elif len(job.requests) > 1 or job.unknown:
        show_summary(job)
    for file in job.options["reports"]:
        write(file, job)


def show_summary(job: Job) -> None:
    """Print a line for each layer, and the layers that were left out."""
    console = make_console()
    reports = list_reports(job)
    if reports:
        console.print()
        print_table(console, make_summary_table(reports))
    for each in job.done:
        if isinstance(each, Failure):
            console.print(clean(f"{each.source_layer} was not imported: {each.reason}"), style="red", soft_wrap=True)
    if job.unknown:
        names = ", ".join(map(clean, job.unknown))
        known = job.options["profile"]
        console.print(f"not in the profile {known}, and left out: {names}", style="yellow", soft_wrap=True)


def list_reports(job: Job) -> list[ImportReport]:
    """The reports of the layers that were imported."""
    return [each for each in job.done if isinstance(each, ImportReport)]


def render_json(job: Job) -> str:
    """One report as an object; several, and what was left out, as a list of objects."""
    documents = [to_document(each) for each in job.done]
    documents += [{"source_layer": name, "error": "the profile does not know it"} for name in job.unknown]
    return json.dumps(documents if len(documents) > 1 else documents[0], ensure_ascii=False, indent=2)


def to_document(done: ImportReport | Failure) -> dict[str, Any]:
    """What became of a layer, as JSON has it."""
    if isinstance(done, ImportReport):
        return to_json(done)
    return {"source_layer": done.source_layer, "layer": done.layer_id, "error": done.reason}


def write(file: Path, job: Job) -> None:
    """Write the report to a file, whole or not at all. That it cannot be is told; what is imported stays imported."""
    reports = list_reports(job)
    language: Language | None = job.options["language"]
    is_html = file.suffix.lower() == ".html"
    if is_html and not reports:
        return
    content = html.render(reports, language) if is_html else render_json(job)
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(content, encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        click.echo(f"gis-infra: the report could not be written to {file}: {error.strerror}", err=True)


def get_exit_code(done: ImportReport | Failure) -> int:
    """As of the report; 2 for a layer that could not be imported."""
    return done.exit_code if isinstance(done, ImportReport) else 2
