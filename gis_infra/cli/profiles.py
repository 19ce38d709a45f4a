"""`gis-infra profiles`: what is known of each department's files."""

import sys

import click
from rich.console import Console
from rich.table import Table

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import read_settings
from gis_infra.transfer.mapping.profile_reading import check_profile, list_profiles, name_path
from gis_infra.transfer.mapping.profiles import Profile, ProfileEntry


@click.group(name="profiles", help=__doc__)
def command() -> None:
    """The profiles of departments."""


@command.command("list")
def list_all() -> None:
    """List every profile, and say which have faults."""
    settings = read_settings()
    names = list_profiles(settings.profiles)
    if not names:
        hint = "gis-infra import FILE --layer LAYER --save-profile NAME makes one"
        click.echo(f"no profile in {settings.profiles}; {hint}")
        return
    catalogue = read_catalogue(settings.layers)
    table = make_table("profile", "department", "owner", "files", "faults", "title")
    for name in names:
        profile, problems = check_profile(settings.profiles, name, catalogue)
        files = str(len(profile.entries))
        faults = str(len(problems)) if problems else ""
        table.add_row(name, profile.department or "", profile.owner or "", files, faults, profile.title)
    make_console().print(table)


@command.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Show the profile NAME: how each kind of file is read. The exit code is 2 if it has faults, which are printed."""
    settings = read_settings()
    profile, problems = check_profile(settings.profiles, name, read_catalogue(settings.layers))
    console = make_console()
    console.print(describe(profile))
    for entry in profile.entries:
        console.print(f"\n{entry.source} -> {entry.layer}{describe_reading(entry)}")
        if entry.mapping:
            console.print(make_columns(entry))
    console.print(f"\n{name_path(settings.profiles, name)}")
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        sys.exit(2)


def describe(profile: Profile) -> str:
    """A profile in one line."""
    facts = {"department": profile.department, "owner": profile.owner}
    words = [f"{name} {value}" for name, value in facts.items() if value]
    return "  ".join(filter(None, (profile.name, profile.title, ", ".join(words))))


def describe_reading(entry: ProfileEntry) -> str:
    """How the file is read beyond its columns, in a few words."""
    words = [entry.crs or "", "northing first" if entry.swap_xy else "", entry.encoding or ""]
    return "".join(f", {word}" for word in words if word)


def make_columns(entry: ProfileEntry) -> Table:
    """Each column in a line: its field, its unit, its encoding and what is said of its values."""
    table = make_table("  column", "goes to", "unit", "text", "values")
    for column, name in entry.mapping.items():
        values = ", ".join(f"{value} = {code or 'none'}" for value, code in entry.codes.get(column, {}).items())
        about = (entry.units.get(column, ""), entry.encodings.get(column, ""), values)
        table.add_row(f"  {column}", name or "kept", *about)
    return table


def make_table(*headings: str) -> Table:
    """An empty table; long cells are wrapped, never cut."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table


def make_console() -> Console:
    """A console that neither colours nor cuts."""
    return Console(soft_wrap=True, highlight=False, markup=False)
