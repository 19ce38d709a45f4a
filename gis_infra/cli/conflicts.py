"""`gis-infra conflicts`: check the city; the register and the check of planned works are modules of their own."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from gis_infra.analysis.register.reading import RegisterQuery
from gis_infra.cli import cities, conflict_reports, register, works_check
from gis_infra.cli.contexts import open_context
from gis_infra.cli.printing import count_of
from gis_infra.cli.progress import counting
from gis_infra.processes import registry
from gis_infra.reports.files import require_target, write_features
from gis_infra.spatial import boxes, crs


@click.group(name="conflicts")
def command() -> None:
    """`gis-infra conflicts`: check the city, work in the register, check planned works."""


command.add_command(works_check.command)
for each in (*register.COMMANDS, *conflict_reports.COMMANDS):
    command.add_command(each)


@command.command("run")
@click.option("--rules", multiple=True, metavar="PACK", help="A rule pack; may be given again. Default: the setting.")
@click.option("--box", help="Only what touches this box: west,south,east,north in degrees.")
@click.option("--changes", is_flag=True, help="Only what changed since the last run.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the open conflicts to .geojson, .gpkg or .csv.")
@cities.options
def run(rules: tuple[str, ...], box: str | None, changes: bool, out: Path | None, **told: Any) -> None:
    """Check the city, a box or what changed, and bring the register up to date."""
    if cities.are_asked(told):
        cities.run(told, rules, {"--box": box, "--changes": changes, "--out": out})
        return
    if out is not None:
        require_target(out)
    inputs: dict[str, Any] = {"rules": list(rules), "changes": changes}
    if box is not None:
        inputs["box"] = parse_box(box)
    with open_context() as context, counting("checking the rules") as progress:
        report = registry.run("conflicts", inputs, replace(context, progress=progress))["run"]
        echo_report(report)
        if out is not None:
            found = register.read_page(context, RegisterQuery(context.actor, limit=register.EVERYTHING))
            write_features(out, found["features"], "conflict")


def parse_box(text: str) -> list[float]:
    """The four numbers of a box in degrees, longitude first. Raises InvalidBbox."""
    found = boxes.parse(text, crs.WGS84)
    return [found.xmin, found.ymin, found.xmax, found.ymax]


def echo_report(report: Mapping[str, Any]) -> None:
    """Say what a run looked at, what it found, and what it could not look at."""
    where = {"city": "the whole city", "box": "a box", "changes": "what changed"}[report["scope"]]
    assets = "" if report["focus"] is None else f" ({report['focus']} assets)"
    click.echo(f"looked at {where}{assets}")
    answers = ", ".join(f"{number} {severity.replace('_', ' ')}" for severity, number in report["answers"].items())
    click.echo(
        f"{count_of(report['found'], 'conflict')}{f' ({answers})' if answers else ''}: {report['found_new']} new, "
        f"{report['reopened']} reopened; {report['resolved']} resolved since"
    )
    rules, version = len(report["rules"]), report["rules_version"]
    click.echo(f"{rules} rules checked (version {version}) in {report['duration_s']:.1f} s")
    for reason, names in group_reasons(report["not_checked"]).items():
        click.echo(f"{len(names)} rules in force were not checked: {reason}")
    for layer_id, check in report["layers"].items():
        click.echo(f"  {layer_id}: {check['checked']} checked{render_lacks(check)}")


def group_reasons(not_checked: Mapping[str, Mapping[str, str]]) -> Mapping[str, list[str]]:
    """Why rules were not checked -> their ids."""
    found: dict[str, list[str]] = {}
    for name, why in not_checked.items():
        found.setdefault(why["en"], []).append(name)
    return found


def render_lacks(check: Mapping[str, int]) -> str:
    """What the assets of a layer lacked, "" if nothing."""
    names = {
        "size_unknown": "without size",
        "depth_unknown": "without depth",
        "height_unknown": "of unknown height",
        "accuracy_unknown": "of unknown accuracy",
        "no_rule": "of which no rule speaks",
        "no_geometry": "without geometry",
    }
    return "".join(f", {check[key]} {words}" for key, words in names.items() if check[key])
