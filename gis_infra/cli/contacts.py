"""`gis-infra contacts`: whom to ask and tell before digging."""

from pathlib import Path
from typing import Any

import click
from rich.table import Table

from gis_infra.analysis.contacts import store
from gis_infra.analysis.contacts.entries import FIELDS, Entry, parse_entry
from gis_infra.analysis.contacts.store import Contact
from gis_infra.cli.contexts import open_context
from gis_infra.cli.documents import read_document
from gis_infra.cli.printing import echo_json, make_console, print_table
from gis_infra.processes.definitions import Context
from gis_infra.reports.contacts import to_contact
from gis_infra.storage.transactions import reading, writing


@click.group(name="contacts", help=__doc__)
def command() -> None:
    """Whom to ask and tell before digging."""


OPTIONS = (
    click.option("--owner", help="As assets name it in their attribute owner."),
    click.option("--name", help="The office or person to write to."),
    click.option("--sector", "sectors", multiple=True, help="Asked about works also with nothing there; repeatable."),
    click.option("--email", help="Address for mail."),
    click.option("--phone", help="Telephone."),
    click.option("--address", help="Address for letters; several lines are allowed."),
    click.option("--area", type=click.Path(path_type=Path), help="GeoJSON polygon, lon/lat; else everywhere."),
)


def take_fields(function: Any) -> Any:
    """The function with the options of a contact's fields."""
    for option in reversed(OPTIONS):
        function = option(function)
    return function


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Everything that is kept, as JSON.")
def list_all(as_json: bool) -> None:
    """List the contacts, by owner."""
    with open_context() as context, reading(context.engine) as connection:
        contacts = store.list_contacts(connection, context.actor)
    if as_json:
        echo_json([to_contact(each) for each in contacts])
    else:
        print_table(make_console(), make_table(contacts))


@command.command("add")
@take_fields
def add(**fields: Any) -> None:
    """Keep a new contact; --owner and --name are needed."""
    with open_context() as context:
        entry = parse_entry(to_document(fields), context.catalogue.sectors, context.settings.city_srid)
        with writing(context.engine) as connection:
            made = store.add_contact(connection, context.actor, entry, context.settings.city_srid)
    click.echo(f"contact {made.id}: {made.name} of {made.owner}")


@command.command("change")
@click.argument("contact_id", type=int)
@take_fields
def change(contact_id: int, **fields: Any) -> None:
    """Change what is given of a contact; an empty text takes away."""
    with open_context() as context, writing(context.engine) as connection:
        known = store.get_contact(connection, context.actor, contact_id)
        entry = merge(context, known, to_document(fields))
        store.change_contact(connection, context.actor, known, entry, context.settings.city_srid)
    click.echo(f"contact {contact_id} is changed")


@command.command("remove")
@click.argument("contact_id", type=int)
def remove(contact_id: int) -> None:
    """Remove a contact."""
    with open_context() as context, writing(context.engine) as connection:
        known = store.get_contact(connection, context.actor, contact_id)
        store.remove_contact(connection, context.actor, known)
    click.echo(f"{known.name} of {known.owner} is removed")


def to_document(fields: dict[str, Any]) -> dict[str, Any]:
    """What was given, as a contact is written in JSON."""
    given = {name: value for name, value in fields.items() if value is not None and value != ()}
    if "sectors" in given:
        given["sectors"] = list(given["sectors"])
    if "area" in given:
        given["area"] = read_document(given["area"])
    return given


def merge(context: Context, known: Contact, given: dict[str, Any]) -> Entry:
    """A contact with what was given in place of what was kept. Raises InvalidParameter."""
    kept = {name: value for name, value in to_contact(known).items() if name in FIELDS}
    return parse_entry({**kept, **given}, context.catalogue.sectors, context.settings.city_srid)


def make_table(contacts: list[Contact]) -> Table:
    """One line a contact."""
    table = Table("id", "owner", "name", "sectors", "area", "e-mail", "phone")
    for each in contacts:
        area = "part of the city" if each.area else "everywhere"
        reach = (each.email or "", each.phone or "")
        table.add_row(str(each.id), each.owner, each.name, ", ".join(each.sectors), area, *reach)
    return table
