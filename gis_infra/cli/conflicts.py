"""`gis-infra conflicts`: check the city, read the register; `check` of planned works is a module of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from gis_infra.analysis.register.reading import OPEN, RegisterQuery, read_register
from gis_infra.analysis.register.tables import STATUSES
from gis_infra.cli import works_check
from gis_infra.cli.contexts import open_context
from gis_infra.cli.printing import echo_json
from gis_infra.processes import registry
from gis_infra.processes.definitions import Context
from gis_infra.reports.features import to_register
from gis_infra.reports.files import require_ending, write_features
from gis_infra.reports.terminal import render_register
from gis_infra.storage.transactions import reading

EVERYTHING = 1_000_000


@click.group(name="conflicts", help=__doc__)
def command() -> None:
    """Check the city, read the register, check planned works."""


command.add_command(works_check.command)


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
            write_features(out, read_all(context, OPEN, None, EVERYTHING)["features"], "conflict")


@command.command("list")
@click.option("--status", type=click.Choice([*STATUSES, "open", "all"]), default="open", show_default=True)
@click.option("--rule", help="A rule, or a pack for all its rules.")
@click.option("--limit", type=click.IntRange(0, EVERYTHING), default=50, show_default=True, help="Most lines shown.")
@click.option("--json", "as_json", is_flag=True, help="GeoJSON instead of a table.")
@click.option("--out", type=click.Path(path_type=Path), help="Write all that match to .geojson, .gpkg or .csv.")
def list_register(status: str, rule: str | None, limit: int, as_json: bool, out: Path | None) -> None:
    """Show the register, the worst first."""
    statuses = {"open": OPEN, "all": ()}.get(status, (status,))
    if out is not None:
        require_ending(out)
    with open_context() as context:
        found = read_all(context, statuses, rule, limit if out is None else EVERYTHING)
    if out is not None:
        write_features(out, found["features"], "conflict")
        click.echo(f"{found['numberReturned']} conflicts written to {out}")
    elif as_json:
        echo_json(found)
    else:
        Console(soft_wrap=True).print(render_register(found["features"]))
        click.echo(f"{found['numberReturned']} of {found['numberMatched']} conflicts")


def read_all(context: Context, statuses: tuple[str, ...], rule: str | None, limit: int) -> dict[str, Any]:
    """The conflicts that match, as a FeatureCollection."""
    query = RegisterQuery(context.actor, rule=rule, statuses=statuses, limit=limit)
    with reading(context.engine, context.settings.read_limit_s) as connection:
        return to_register(read_register(connection, context.catalogue, context.tables, query))


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
