"""`gis-infra layers`: what the city has, whether the layer files are right, and the migration they need."""

import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import cast

import click
from rich.console import Console
from rich.table import Table

from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.catalogue import migration, plans, versions
from gis_infra.catalogue.comparison import Difference, compare
from gis_infra.catalogue.definitions import Catalogue, Field, Language, Layer
from gis_infra.catalogue.documentation import describe_values
from gis_infra.catalogue.reading import check_folder, read_catalogue
from gis_infra.catalogue.tables import LayerTables, build_tables
from gis_infra.errors import ConflictError, InvalidParameter, LayerFileError, MissingError
from gis_infra.settings import ROOT, Settings, read_settings
from gis_infra.storage import schema
from gis_infra.storage.engine import open_engine
from gis_infra.storage.transactions import writing

# A table must not be cut where nobody watches: a file and a pipe have no width of their own.
WIDE = 200
VERSIONS = ROOT / "migrations" / "versions"
LANGUAGE = click.option(
    "--language", type=click.Choice(["vi", "en"]), default="en", show_default=True, help="Language of the titles."
)


@click.group(name="layers", help=__doc__)
def command() -> None:
    """The layers of the city."""


@command.command("list")
@LANGUAGE
def list_layers(language: str) -> None:
    """List every layer, by sector."""
    catalogue = read_catalogue(read_settings().layers)
    make_console().print(make_list(catalogue, cast(Language, language)))


@command.command("show")
@click.argument("layer")
@click.option("--all", "every", is_flag=True, help="Show the attributes every layer has too.")
@LANGUAGE
def show(layer: str, every: bool, language: str) -> None:
    """Show one LAYER: what it is and which attributes it has."""
    found = read_catalogue(read_settings().layers).get_layer(layer)
    tongue = cast(Language, language)
    console = make_console()
    console.print(describe_layer(found, tongue))
    console.print(make_field_table(found.fields if every else found.own_fields, tongue))


@command.command("check")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
def check(folder: Path | None) -> None:
    """Check the layer files of FOLDER, or of the city, and print every problem as file:line: what is wrong.

    Rules and coverage standards name layers and attributes, so they are checked once the layers are right. The exit
    code is 0 if there is no problem, and 2 otherwise.
    """
    place = read_settings().layers if folder is None else folder
    if not place.is_dir():
        raise MissingError(f"there is no folder {place}")
    catalogue, problems = check_folder(place.resolve())
    lines = [str(problem) for problem in problems] or find_problems_elsewhere(place.resolve(), catalogue)
    for line in lines:
        click.echo(line)
    if lines:
        click.echo(f"{len(lines)} problem{'s' if len(lines) > 1 else ''}", err=True)
        sys.exit(2)
    click.echo(f"{len(catalogue.layers)} layers in {len(catalogue.sectors)} sectors, no problem")


def find_problems_elsewhere(folder: Path, catalogue: Catalogue) -> list[str]:
    """What is wrong in the rules and the coverage standards beside the layers, as "file:line: what"."""
    lines = []
    readers: dict[str, Callable[[Path, Catalogue], object]] = {"rules": read_rules, "coverage": read_services}
    for name, read in readers.items():
        try:
            if (folder / name).is_dir():
                read(folder, catalogue)
        except LayerFileError as error:
            lines += error.message.splitlines()
    return lines


@command.command("migration")
@click.argument("title", default="Tables as the layer files say")
@click.option(
    "--output", type=click.Path(path_type=Path), default=VERSIONS, help="Folder to write to.", show_default=False
)
def write_migration(title: str, output: Path) -> None:
    """Write the migration that brings the database to what the layer files say.

    TITLE is its first line. The database must be at the latest migration; it is compared, not changed. Nothing that
    would lose data is written; what is left to you is printed.
    """
    if not title.replace(" ", "").isalnum():
        raise InvalidParameter(f"the title must be words, got {title!r}", where="TITLE")
    settings = read_settings()
    tables = build_tables(read_catalogue(settings.layers), settings.city_srid)
    differences, head = read_differences(settings, tables)
    plan = plans.make_plan(differences, tables)
    for each in plan.by_hand:
        click.echo(f"left to you: {each}")
    if plan.is_empty:
        click.echo("nothing to write" if plan.by_hand else "the database is as the layer files say")
        return
    revision = versions.choose_revision(date.today(), (path.name for path in VERSIONS.glob("*.py")))
    path = versions.name_file(output, revision, title)
    path.write_text(migration.render(plan, migration.Heading(title, revision, head), tables), encoding="utf-8")
    click.echo(str(path))


def read_differences(settings: Settings, tables: LayerTables) -> tuple[tuple[Difference, ...], str | None]:
    """What files and database do not hold alike, and the revision the database is at.

    Raises ConflictError if it is not at the latest, for then what is missing may be in a migration already.
    """
    engine = open_engine(settings)
    try:
        state = schema.get_state(engine)
        if not state.is_current:
            raise ConflictError(
                f"the database is at {state.current or 'no revision'}, the latest is {state.wanted}; "
                "run gis-infra database upgrade first"
            )
        with writing(engine) as connection:
            return compare(connection, tables), state.current
    finally:
        engine.dispose()


def make_console() -> Console:
    """A console as wide as the terminal, and wide enough for every table where there is none."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=WIDE)


def make_list(catalogue: Catalogue, language: Language) -> Table:
    """Every layer in a line."""
    table = make_table("layer", "title", "sector", "geometry", "access", "attributes")
    for sector in catalogue.sectors.values():
        for layer in catalogue.layers.values():
            if layer.sector == sector.id:
                facts = (sector.title.get_in(language), layer.geometry, layer.access, str(len(layer.own_fields)))
                table.add_row(layer.id, layer.title.get_in(language), *facts)
    return table


def describe_layer(layer: Layer, language: Language) -> str:
    """What a layer is, in some lines."""
    lines = [f"{layer.id}  {layer.title.get_in(language)}"]
    if layer.description is not None:
        lines.append(layer.description.get_in(language))
    lines.append(f"sector {layer.sector}, {layer.geometry}, {layer.access}, labelled by {layer.label}")
    if layer.outer_size_mm is not None:
        lines.append(f"outer size from {', or else '.join(filter(None, (layer.outer_size_mm, layer.nominal_size_mm)))}")
    lines.append(layer.source_file)
    return "\n".join(lines)


def make_field_table(fields: Iterable[Field], language: Language) -> Table:
    """Every field in a line, with its codes in `language`."""
    table = make_table("attribute", "title", "values", "names in files")
    for field in fields:
        values = "\n".join(f"{code}  {title.get_in(language)}" for code, title in field.codes.items())
        table.add_row(
            field.name, field.title.get_in(language), values or describe_values(field), ", ".join(field.aliases)
        )
    return table


def make_table(*headings: str) -> Table:
    """An empty table; long cells are wrapped, never cut."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
