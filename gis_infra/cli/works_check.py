"""`gis-infra conflicts check`: what planned works would meet, and whom to ask."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from gis_infra.cli.contexts import open_context
from gis_infra.cli.documents import read_document
from gis_infra.cli.printing import echo_json
from gis_infra.processes import registry
from gis_infra.reports.terminal import render_register


@click.command("check")
@click.argument("works", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def command(works: Path, as_json: bool) -> None:
    """Say what the planned works in a GeoJSON file (longitude/latitude) would meet, and whom to ask."""
    document = read_document(works)
    with open_context() as context:
        answer = registry.run("works-check", {"works": document}, context)
    if as_json:
        echo_json(answer)
    else:
        echo_works_check(answer)


def echo_works_check(answer: Mapping[str, Any]) -> None:
    """Show what works would meet, whom to ask, and what was looked at."""
    conflicts, checked = answer["conflicts"], answer["checked"]
    Console(soft_wrap=True).print(render_register(conflicts["features"]))
    for owner in answer["owners"]:
        counts = ", ".join(f"{count} {layer_id}" for layer_id, count in owner["layers"].items())
        click.echo(f"  ask {owner['owner'] or 'an owner not recorded'}: {counts}")
    click.echo(f"{conflicts['numberReturned']} of {conflicts['numberMatched']} assets within reach listed; ", nl=False)
    click.echo(f"{len(checked['layers'])} layers looked at, {checked['unknown_depth']} assets without depth")
