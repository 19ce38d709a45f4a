"""`gis-infra conflicts`: check the city; the register and the check of planned works are modules of their own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from gis_infra.analysis.register.reading import RegisterQuery
from gis_infra.cli import register, works_check
from gis_infra.cli.contexts import open_context
from gis_infra.processes import registry
from gis_infra.reports.files import require_ending, write_features


@click.group(name="conflicts", help=__doc__)
def command() -> None:
    """Check the city, work in the register, check planned works."""


command.add_command(works_check.command)
for each in register.COMMANDS:
    command.add_command(each)


@command.command("run")
@click.option("--rules", multiple=True, metavar="PACK", help="A rule pack; may be given again. Default: the setting.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the open conflicts to .geojson, .gpkg or .csv.")
def run(rules: tuple[str, ...], out: Path | None) -> None:
    """Check the whole city and bring the register up to date."""
    if out is not None:
        require_ending(out)
    with open_context() as context:
        report = registry.run("conflicts", {"rules": list(rules)}, context)["run"]
        echo_report(report)
        if out is not None:
            found = register.read_page(context, RegisterQuery(context.actor, limit=register.EVERYTHING))
            write_features(out, found["features"], "conflict")


def echo_report(report: Mapping[str, Any]) -> None:
    """Say what a run did and what it could not look at."""
    click.echo(
        f"{report['found']} conflicts: {report['found_new']} new, {report['reopened']} reopened; "
        f"{report['resolved']} resolved since"
    )
    rules, version = len(report["rules"]), report["rules_version"]
    click.echo(f"{rules} rules checked (version {version}) in {report['duration_s']:.1f} s")
    if report["not_checked"]:
        click.echo(f"{len(report['not_checked'])} rules in force were not checked: vertical, or of no layer here")
    for layer_id, check in report["layers"].items():
        click.echo(f"  {layer_id}: {check['checked']} checked{render_lacks(check)}")


def render_lacks(check: Mapping[str, int]) -> str:
    """What the assets of a layer lacked, "" if nothing."""
    names = {
        "size_unknown": "without size",
        "depth_unknown": "without depth",
        "no_rule": "of which no rule speaks",
        "no_geometry": "without geometry",
    }
    return "".join(f", {check[key]} {words}" for key, words in names.items() if check[key])
