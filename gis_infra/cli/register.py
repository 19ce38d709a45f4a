"""`gis-infra conflicts list, show, groups, assign, ...`: read the register and work in it."""

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from sqlalchemy import Connection

from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.accounts.people import get_actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register import working
from gis_infra.analysis.register.assignees import list_assignees
from gis_infra.analysis.register.groups import GROUPINGS, read_groups
from gis_infra.analysis.register.known_rules import require_rule
from gis_infra.analysis.register.permission import list_allowed
from gis_infra.analysis.register.reading import (
    EQUALS,
    LACKS,
    OPEN,
    SORTS,
    WORST,
    RegisterQuery,
    read_conflict,
    read_events,
    read_register,
)
from gis_infra.analysis.register.tables import SEVERITIES, STATUSES
from gis_infra.analysis.register.working import City, Step
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.cli.contexts import open_context
from gis_infra.cli.printing import count_of, echo_json
from gis_infra.processes.definitions import Context
from gis_infra.reports.clocks import CITY_TIME
from gis_infra.reports.features import to_register
from gis_infra.reports.files import require_target, write_features
from gis_infra.reports.register import to_entry, to_groups
from gis_infra.reports.terminal import render_register
from gis_infra.storage.transactions import reading, writing

EVERYTHING = 1_000_000
STEP_LIMIT_S = 20.0
Command = Callable[..., None]
ORDERS = (*SORTS, *(f"-{each}" for each in SORTS))
FILTERS = (
    click.option("--status", type=click.Choice([*STATUSES, "open", "all"]), default="open", show_default=True),
    click.option("--severity", type=click.Choice(SEVERITIES), help="Only conflicts of this answer."),
    click.option("--rule", help="A rule, or a pack for all its rules."),
    click.option("--kind", help="A kind of rule, such as clearance."),
    click.option("--layer", help="One of the assets is in this layer."),
    click.option("--sector", help="One of the assets is in a layer of this sector."),
    click.option("--asset-owner", help="One of the assets belongs to them."),
    click.option("--street", help="Name of the street."),
    click.option("--owner", help="Code of the department that has to settle it."),
    click.option("--assignee", help="User name of who works on it."),
    click.option("--without", multiple=True, type=click.Choice(LACKS), help="What they have no value of."),
    click.option("--overdue", is_flag=True, help="Due before today."),
)

as_option = click.option("--as", "username", help="Act as this person. Default: the system itself.")
json_option = click.option("--json", "as_json", is_flag=True, help="JSON instead of lines.")


def take_filters(command: Command) -> Command:
    """The command with the options that say which conflicts are meant."""
    for option in reversed(FILTERS):
        command = option(command)
    return command


def make_query(context: Context, filters: Mapping[str, Any], limit: int, sort: str = WORST) -> RegisterQuery:
    """The query that the filters of a command ask for. Raises UnknownLayer."""
    if filters["layer"] is not None:
        context.catalogue.get_layer(filters["layer"])
    status, severity = filters["status"], filters["severity"]
    return RegisterQuery(
        context.actor,
        rule=filters["rule"],
        statuses={"open": OPEN, "all": ()}.get(status, (status,)),
        severities=(severity,) if severity else (),
        equals={name: filters[name] for name in EQUALS if filters[name] is not None},
        without=tuple(filters["without"]),
        due_before=datetime.datetime.now(CITY_TIME).date() if filters["overdue"] else None,
        limit=limit,
        sort=sort,
        sector=filters["sector"],
    )


def require_known(connection: Connection, context: Context, query: RegisterQuery) -> None:
    """Return if there is such a rule as the query names. Raises InvalidParameter, LayerFileError."""
    if query.rule is not None:
        require_rule(connection, make_ground(context), query)


def make_ground(context: Context) -> Ground:
    """The rules as their files stand, and the layers. Raises LayerFileError."""
    return Ground(read_rules(context.settings.layers, context.catalogue), context.catalogue, context.tables)


@click.command("list")
@take_filters
@click.option("--sort", type=click.Choice(ORDERS), default=WORST, show_default=True, metavar="COLUMN")
@click.option("--limit", type=click.IntRange(0, EVERYTHING), default=50, show_default=True, help="Most lines shown.")
@click.option("--json", "as_json", is_flag=True, help="GeoJSON instead of lines.")
@click.option("--out", type=click.Path(path_type=Path), help="Write all that match to .geojson, .gpkg or .csv.")
def list_register(sort: str, limit: int, as_json: bool, out: Path | None, **filters: Any) -> None:
    """Show the register, the worst first."""
    if out is not None:
        require_target(out)
    with open_context() as context:
        found = read_page(context, make_query(context, filters, limit if out is None else EVERYTHING, sort))
    if out is not None:
        write_features(out, found["features"], "conflict")
        click.echo(f"{count_of(found['numberReturned'], 'conflict')} written to {out}")
    elif as_json:
        echo_json(found)
    else:
        Console(soft_wrap=True).print(render_register(found["features"]))
        click.echo(f"{found['numberReturned']} of {count_of(found['numberMatched'], 'conflict')}")


def read_page(context: Context, query: RegisterQuery) -> dict[str, Any]:
    """The conflicts that match, as a FeatureCollection."""
    with reading(context.engine, context.settings.read_limit_s) as connection:
        require_known(connection, context, query)
        return to_register(read_register(connection, context.catalogue, context.tables, query))


@click.command("groups")
@take_filters
@click.option("--by", type=click.Choice(GROUPINGS), default="street", show_default=True)
@click.option("--limit", type=click.IntRange(1, EVERYTHING), default=50, show_default=True, help="Most groups shown.")
@json_option
def show_groups(by: str, limit: int, as_json: bool, **filters: Any) -> None:
    """Count conflicts by street, rule, owner and so on, the largest group first."""
    with open_context() as context, reading(context.engine, context.settings.read_limit_s) as connection:
        query = make_query(context, filters, limit)
        require_known(connection, context, query)
        document = to_groups(by, read_groups(connection, context.catalogue, context.tables, query, by))
    if as_json:
        echo_json(document)
        return
    for each in document["groups"]:
        parts = ", ".join(f"{count} {name}" for name, count in each["severities"].items() if count)
        click.echo(f"{each['conflicts']:>7}  {each['value'] or '(none)'}: {parts}")


@click.command("show")
@click.argument("number", type=int)
@as_option
@json_option
def show(number: int, username: str | None, as_json: bool) -> None:
    """Show one conflict, what became of it and what may be done with it."""
    with open_context() as context, reading(context.engine, context.settings.read_limit_s) as connection:
        actor = get_actor(connection, username) if username else SYSTEM
        conflict = read_conflict(connection, context.catalogue, context.tables, actor, number)
        events = read_events(connection, conflict, actor)
        document = to_entry(conflict, events, list_allowed(conflict, actor, context.catalogue))
    if as_json:
        echo_json(document)
    else:
        echo_entry(document)


@click.command("assignees")
@click.argument("number", type=int)
@as_option
def show_assignees(number: int, username: str | None) -> None:
    """List who a conflict may be given to, a user name a line, the department that owns it first."""
    with open_context() as context, reading(context.engine, context.settings.read_limit_s) as connection:
        actor = get_actor(connection, username) if username else SYSTEM
        for each in list_assignees(connection, context.catalogue, context.tables, actor, number):
            click.echo("\t".join(filter(None, (each.username, each.full_name, each.department))))


def echo_entry(document: Mapping[str, Any]) -> None:
    """Say all there is to say of one conflict."""
    values = document["properties"]
    Console(soft_wrap=True).print(render_register([document]))
    click.echo(f"  {values['rule_title']['vi']} – {values['rule_title']['en']}")
    click.echo(f"  {values['clause']}; {values['source']}")
    for name in ("street", "owner", "assignee", "due_on", "reason"):
        if values.get(name):
            click.echo(f"  {name.replace('_', ' ')}: {values[name]}")
    for event in document["history"]:
        changes = ", ".join(f"{name} {old} -> {new}" for name, (old, new) in event["changes"].items())
        words = "; ".join(each for each in (changes, event["text"]) if each)
        click.echo(f"  {event['happened_at'][:16]} {event['action']} by {event['actor']}{': ' if words else ''}{words}")


def take(action: str, number: int, username: str | None, text: str = "", value: str | None = None) -> None:
    """Take a step in the register, and say how the conflict stands then."""
    with open_context() as context, writing(context.engine, STEP_LIMIT_S) as connection:
        actor: Actor = get_actor(connection, username) if username else SYSTEM
        step = Step(number, action, text, value)
        city = City(context.catalogue, context.tables)
        conflict = working.take(connection, city, actor, step, datetime.datetime.now(datetime.UTC))
    click.echo(f"conflict {conflict.id} is {conflict.status}, version {conflict.version}")


def make_step(action: str, help_text: str, *, needs_text: bool = False) -> click.Command:
    """The command of a step that takes words."""
    # A default of None would be one, and nobody would be asked.
    asked: dict[str, Any] = {"required": True} if needs_text else {"default": ""}

    @click.command(action, help=help_text)
    @click.argument("number", type=int)
    @click.option("--text", **asked, help="The comment or the reason.")
    @as_option
    def step(number: int, text: str, username: str | None) -> None:
        """Take the step."""
        take(action, number, username, text)

    return step


def make_handing(action: str, name: str, help_text: str) -> click.Command:
    """The command of a step that takes a value, or takes it away."""

    @click.command(action, help=help_text)
    @click.argument("number", type=int)
    @click.argument("value", required=False, metavar=f"[{name}]")
    @click.option("--text", default="", help="A word with it.")
    @as_option
    def step(number: int, value: str | None, text: str, username: str | None) -> None:
        """Take the step."""
        take(action, number, username, text, value)

    return step


COMMANDS: tuple[click.Command, ...] = (
    list_register,
    show_groups,
    show,
    show_assignees,
    make_handing("assign", "USERNAME", "Give a conflict to somebody; to nobody without a name."),
    make_handing("own", "DEPARTMENT", "Hand a conflict to a department; to none without a code."),
    make_handing("due", "DAY", "Set the day a conflict is due; without one, none."),
    make_step("comment", "Say something about a conflict.", needs_text=True),
    make_step("review", "Say that a conflict was looked at."),
    make_step("approve", "Accept a conflict as it is, for a reason.", needs_text=True),
    make_step("resolve", "Say that a conflict is settled; a run that finds it again brings it back."),
    make_step("reopen", "Take back that a conflict was reviewed, approved or resolved."),
)
