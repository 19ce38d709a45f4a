"""`gis-infra conflicts check`: what planned works would meet, and whom to ask."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from gis_infra.catalogue.definitions import Language
from gis_infra.cli.conflict_reports import language_option
from gis_infra.cli.contexts import open_context
from gis_infra.cli.documents import read_document
from gis_infra.cli.printing import echo_json
from gis_infra.cli.register import make_ground
from gis_infra.errors import InvalidParameter
from gis_infra.processes import works_check
from gis_infra.processes.definitions import Context
from gis_infra.reports import outputs
from gis_infra.reports.files import require_target
from gis_infra.reports.terminal import render_register
from gis_infra.reports.works import to_works_check
from gis_infra.reports.works_letters import render_works_letters
from gis_infra.storage.transactions import reading

ANSWERS: Mapping[str, str] = {
    "nothing_recorded": "nothing of theirs is recorded here",
    "owner_not_recorded": "assets of their sector lie here whose owner is not recorded",
    "not_shown": "not all of their sector is open to you; only they can say",
}


@click.command("check")
@click.argument("works", type=click.Path(path_type=Path), required=False)
@click.option("--project", type=click.IntRange(1), help="Check the works project with this id instead of a file.")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
@click.option("--report", type=click.Path(path_type=Path), help="Write .html, .pdf, .xlsx, .csv, .gpkg or .geojson.")
@click.option("--letters", type=click.Path(path_type=Path), help="Write the letters to the owners: .html or .pdf.")
@language_option
def command(
    works: Path | None,
    project: int | None,
    as_json: bool,
    report: Path | None,
    letters: Path | None,
    language: Language,
) -> None:
    """Say what the planned works in a GeoJSON file (longitude/latitude) would meet, and whom to ask."""
    for path, endings in ((report, outputs.ENDINGS), (letters, outputs.PAGES)):
        if path is not None:
            require_target(path, endings)
    inputs = make_inputs(works, project)
    with open_context() as context:
        ground = make_ground(context)
        check = works_check.find(inputs, context, ground.book)
        write_files(context, check, report, letters, language)
        answer = to_works_check(check, context.settings.city_srid)
    if as_json:
        echo_json(answer)
    else:
        echo_works_check(answer)


def make_inputs(works: Path | None, project: int | None) -> dict[str, Any]:
    """The works to check. Raises InvalidParameter unless a file or a project is given."""
    if (works is None) == (project is None):
        raise InvalidParameter("give either a GeoJSON file or --project")
    return {"project": project} if works is None else {"works": read_document(works)}


def write_files(context: Context, check: Any, report: Path | None, letters: Path | None, language: Language) -> None:
    """Write what was asked for."""
    with reading(context.engine) as connection:
        desk = outputs.Desk(connection, make_ground(context), context.actor, language)
        if report is not None:
            outputs.write_works(desk, check, report)
        if letters is not None:
            page = render_works_letters(connection, desk.ground, context.actor, check, language)
            outputs.write_page(page, letters)
    for path in (report, letters):
        if path is not None:
            click.echo(f"written: {path}", err=True)


def echo_works_check(answer: Mapping[str, Any]) -> None:
    """Show what works would meet, whom to ask, and what was looked at."""
    conflicts, checked = answer["conflicts"], answer["checked"]
    Console(soft_wrap=True).print(render_register(conflicts["features"]))
    for owner in answer["owners"]:
        click.echo(f"  ask {owner['owner'] or 'an owner not recorded'}: {render_answer(owner)}")
        for card in owner["contacts"]:
            click.echo(f"      {', '.join(each for each in (card['name'], card['phone'], card['email']) if each)}")
    click.echo(f"{conflicts['numberReturned']} of {conflicts['numberMatched']} assets within reach listed; ", nl=False)
    click.echo(f"{len(checked['layers'])} layers looked at, {checked['unknown_depth']} assets without depth")


def render_answer(owner: Mapping[str, Any]) -> str:
    """What was found of an owner, and until when they must be told."""
    counts = ", ".join(f"{count} {layer_id}" for layer_id, count in owner["layers"].items())
    said = counts if owner["answer"] == "met" else ANSWERS[owner["answer"]]
    if owner["notify_by"]:
        return f"{said}; tell them by {owner['notify_by']}"
    return f"{said}; tell them {owner['notify_days']} days before" if owner["notify_days"] else said
