"""`gis-infra users`: people, departments, what they may do, and how they sign in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection

from gis_infra.accounts import credentials, people
from gis_infra.accounts.actor import ROLES
from gis_infra.accounts.links import create_sign_in_link
from gis_infra.accounts.passwords import LONGEST, SHORTEST
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import read_settings
from gis_infra.storage.engine import open_engine
from gis_infra.storage.transactions import writing

SCOPE_HELP = 'A layer id, "sector:water" and the like, or "*" for everything.'


@contextmanager
def open_connection() -> Iterator[Connection]:
    """A connection to the city's database, in one transaction. Raises StorageError if it cannot be had."""
    engine = open_engine(read_settings())
    try:
        with writing(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def read_password(from_stdin: bool) -> str:
    """A password, typed twice unseen or read as the first line of the standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    hint = f"Password ({SHORTEST} to {LONGEST} characters)"
    return str(click.prompt(hint, hide_input=True, confirmation_prompt=True))


@click.group(name="users", help=__doc__)
def command() -> None:
    """People, departments and permissions."""


@command.command("add")
@click.argument("username")
@click.option("--name", "full_name", required=True, help="Full name.")
@click.option("--department", help="Code of the department.")
@click.option("--role", type=click.Choice(ROLES), help="A role to grant at once, on --scope.")
@click.option("--scope", default=people.EVERYTHING, show_default=True, help=SCOPE_HELP)
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
@click.option("--no-password", is_flag=True, help="Sign in by link or token only.")
def add(
    username: str,
    full_name: str,
    department: str | None,
    role: str | None,
    scope: str,
    password_stdin: bool,
    no_password: bool,
) -> None:
    """Add a person."""
    password = None if no_password else read_password(password_stdin)
    with open_connection() as connection:
        people.add_person(connection, username, full_name, department, password)
        if role is not None:
            people.grant_to_person(connection, username, role, scope, read_catalogue(read_settings().layers))
    click.echo(f"added {username}" + (f", {role} on {scope}" if role else ""))


@command.command("list")
def list_people() -> None:
    """List everybody with an account."""
    with open_connection() as connection:
        everybody = people.list_people(connection)
    table = Table("user name", "full name", "department", "account", "granted")
    for person in everybody:
        granted = ", ".join(f"{role} on {scope}" for scope, role in sorted(person.grants.items()))
        state = "open" if person.active else "closed"
        table.add_row(person.username, person.full_name, person.department or "", state, granted)
    Console().print(table)


@command.command("password")
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from the standard input.")
def set_password(username: str, password_stdin: bool) -> None:
    """Set a person's password and end their open sessions."""
    password = read_password(password_stdin)
    with open_connection() as connection:
        people.set_password(connection, username, password)
    click.echo(f"{username} has a new password; open sessions are ended")


@command.command("grant")
@click.argument("who")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--scope", default=people.EVERYTHING, show_default=True, help=SCOPE_HELP)
@click.option("--department", "is_department", is_flag=True, help="WHO is a department's code; all its people get it.")
def grant(who: str, role: str, scope: str, is_department: bool) -> None:
    """Grant WHO a role, in place of an earlier one on the same scope."""
    give = people.grant_to_department if is_department else people.grant_to_person
    with open_connection() as connection:
        give(connection, who, role, scope, read_catalogue(read_settings().layers))
    click.echo(f"{who} is {role} on {scope}")


@command.command("revoke")
@click.argument("username")
@click.option("--scope", default=people.EVERYTHING, show_default=True, help=SCOPE_HELP)
def revoke(username: str, scope: str) -> None:
    """Take back what a person was granted on a scope."""
    with open_connection() as connection:
        people.revoke_from_person(connection, username, scope)
    click.echo(f"{username} has no role on {scope} any more")


@command.command("close")
@click.argument("username")
@click.option("--open", "reopen", is_flag=True, help="Open the account again.")
def close(username: str, reopen: bool) -> None:
    """Close a person's account and end its sessions."""
    with open_connection() as connection:
        people.set_active(connection, username, reopen)
    click.echo(f"the account of {username} is {'open' if reopen else 'closed'}")


@command.command("link")
@click.argument("username")
def link(username: str) -> None:
    """Print an address that signs a person in once, within half an hour."""
    settings = read_settings()
    with open_connection() as connection:
        secret = create_sign_in_link(connection, username)
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    click.echo(f"{base}/sign-in/{secret}")


@command.group("token")
def token() -> None:
    """Bearer tokens for programs."""


@token.command("add")
@click.argument("username")
@click.argument("name")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it works; without, until it is revoked.")
def add_token(username: str, name: str, days: int | None) -> None:
    """Print a new token of a person; it is shown this once."""
    with open_connection() as connection:
        secret = credentials.add_token(connection, username, name, None if days is None else timedelta(days=days))
    click.echo(secret)


@token.command("list")
@click.argument("username")
def list_tokens(username: str) -> None:
    """List the names of a person's tokens."""
    with open_connection() as connection:
        rows = credentials.list_tokens(connection, username)
    for each in rows:
        end = f"until {each.expires_at:%Y-%m-%d}" if each.expires_at else "no end"
        click.echo(f"{each.name}\tmade {each.created_at:%Y-%m-%d}\t{end}")


@token.command("revoke")
@click.argument("username")
@click.argument("name")
def revoke_token(username: str, name: str) -> None:
    """Make a token worthless."""
    with open_connection() as connection:
        credentials.revoke_token(connection, username, name)
    click.echo(f"the token {name} of {username} is revoked")


@command.group("department")
def department() -> None:
    """The departments people belong to."""


@department.command("add")
@click.argument("code")
@click.option("--vi", "name_vi", required=True, help="Name in Vietnamese.")
@click.option("--en", "name_en", required=True, help="Name in English.")
@click.option("--contact", help="Whom to call.")
def add_department(code: str, name_vi: str, name_en: str, contact: str | None) -> None:
    """Add a department."""
    with open_connection() as connection:
        people.add_department(connection, code, name_vi, name_en, contact)
    click.echo(f"added department {code}")


@department.command("list")
def list_departments() -> None:
    """List the departments."""
    with open_connection() as connection:
        rows = people.list_departments(connection)
    table = Table("code", "name (vi)", "name (en)", "contact")
    for each in rows:
        table.add_row(each.code, each.name_vi, each.name_en, each.contact or "")
    Console().print(table)
