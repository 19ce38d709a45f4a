"""What the import command does: decide what goes where, import one layer after the other, keep what was said.

Each layer is a transaction and a report of its own. One that cannot be imported is told and does not hold up the rest.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine, func, select

from gis_infra.accounts.actor import SYSTEM, Actor
from gis_infra.accounts.people import get_actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.opening import open_catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.cli.import_targets import Said, Target, choose_targets, get_layer
from gis_infra.cli.printing import make_console
from gis_infra.cli.progress import progress_bar
from gis_infra.cli.saying import parse_reading
from gis_infra.errors import GisInfraError, InvalidParameter
from gis_infra.settings import Settings, read_settings
from gis_infra.storage.engine import open_engine
from gis_infra.storage.transactions import reading
from gis_infra.transfer import importing
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.mapping.profile_reading import list_profiles, name_path, read_profile
from gis_infra.transfer.mapping.profile_writing import write_profile
from gis_infra.transfer.mapping.profiles import Profile, profile_of
from gis_infra.transfer.planning import open_plan
from gis_infra.transfer.reporting.report import ImportReport
from gis_infra.transfer.reporting.terminal import list_names, print_report, tell_rows
from gis_infra.transfer.request import ImportRequest
from gis_infra.transfer.tables import IMPORT_BATCH

# Options that are the request's own, under its names.
TAKEN_OVER = (
    "on_duplicate",
    "replace",
    "accept_rejected",
    "strict",
    "dry_run",
    "accept_outside",
    "rejected_folder",
)


@dataclass(frozen=True)
class Failure:
    """A layer of the file that could not be imported, and why."""

    source_layer: str
    layer_id: str
    reason: str


@dataclass
class Job:
    """One run of the command.

    options: as click hands them over. unknown: layers of the file the profile does not know. kept: the profile that is
    written at the end, None if none is. done: what became of each layer so far. under_way: the request being carried
    out, with the highest number an import had before it.
    """

    options: Mapping[str, Any]
    settings: Settings
    engine: Engine
    actor: Actor
    requests: tuple[ImportRequest, ...]
    unknown: tuple[str, ...]
    kept: Profile | None
    done: list[ImportReport | Failure] = field(default_factory=list)
    under_way: tuple[ImportRequest, int] | None = None


@contextmanager
def open_job(file: Path, options: Mapping[str, Any]) -> Iterator[Job]:
    """Run a block with everything decided before anything is imported, and the database at hand.

    Raises SettingError, LayerFileError, StorageError; MissingError for a person or a layer that is not there;
    InvalidSource or InvalidParameter for what was asked wrongly or is left open.
    """
    settings = read_settings()
    catalogue = open_catalogue(settings.layers)
    city = City(settings.city_srid, settings.city_extent)
    profile = read_profile(settings.profiles, options["profile"], catalogue) if options["profile"] else None
    kept = open_kept(settings, options, catalogue)
    layer = get_layer(catalogue, options["layer"]) if options["layer"] is not None else None
    said = Said(file, layer, options["source_layer"], profile, parse_reading(options))
    targets = choose_targets(said, catalogue, city)
    named = {each.layer.id: each.layer for each in targets.known}
    tables = build_tables(Catalogue(named, catalogue.sectors), settings.city_srid)
    owner = options["owner"] or (profile.owner if profile is not None else None)
    whole = {"city": city, "owner": owner, **{name: options[name] for name in TAKEN_OVER}}
    requests = tuple(make_request(file, each, tables.get(each.layer.id), whole) for each in targets.known)
    engine = open_engine(settings)
    try:
        actor = get_person(engine, options["username"])
        yield Job(options, settings, engine, actor, requests, targets.unknown, kept)
    finally:
        engine.dispose()


def make_request(file: Path, target: Target, table: Any, whole: Mapping[str, Any]) -> ImportRequest:
    """The request for one layer of the file. whole: what is asked alike of all of them."""
    return ImportRequest(file, target.layer, table, source_layer=target.source_layer, reading=target.reading, **whole)


def open_kept(settings: Settings, options: Mapping[str, Any], catalogue: Catalogue) -> Profile | None:
    """The profile to keep what was said in: the one of that name, or a new one; None if it is not asked for.

    Raises InvalidParameter for what is no name of a profile, or for a profile with faults.
    """
    name = options["save_profile"]
    if name is None:
        return None
    name_path(settings.profiles, name)
    if name in list_profiles(settings.profiles):
        return read_profile(settings.profiles, name, catalogue)
    return Profile(name, owner=options["owner"])


def get_person(engine: Engine, username: str | None) -> Actor:
    """The person of that name; who sits at the machine and names nobody is the system itself. Raises MissingError."""
    if username is None:
        return SYSTEM
    with reading(engine) as connection:
        return get_actor(connection, username)


def import_all(job: Job) -> None:
    """Import layer after layer; each is told as soon as it is done.

    Raises what `importing.import_file` does if there is only one; of several, one that fails is noted.
    """
    for request in job.requests:
        try:
            report = import_one(job, request)
        except GisInfraError as error:
            if len(job.requests) == 1:
                raise
            job.done.append(Failure(request.source_layer or "", request.layer.id, error.message))
            click.echo(f"gis-infra: {request.source_layer}: {error.message}", err=True)
            continue
        job.done.append(report)
        job.under_way = None
        if not job.options["as_json"]:
            print_report(make_console(), report)
        if report.accepted and not report.is_dry_run:
            keep_profile(job, request)


def import_one(job: Job, request: ImportRequest) -> ImportReport:
    """One layer, with a progress bar; what it would delete is shown first."""
    job.under_way = (request, find_latest(job))
    if request.replace and not request.dry_run and not job.options["yes"]:
        confirm_deleting(job, request)
    with progress_bar(request.source_layer or request.path.name) as progress:
        return importing.import_file(job.engine, request, job.actor, progress)


def confirm_deleting(job: Job, request: ImportRequest) -> None:
    """Show how many rows would be deleted and which, and ask. Raises InvalidParameter if the answer is not yes."""
    with progress_bar(request.source_layer or request.path.name) as progress:
        found = importing.import_file(job.engine, replace(request, dry_run=True), job.actor, progress)
    if not found.deleted or (found.rejected and not request.accept_rejected):
        return  # nothing to ask, or the import will refuse
    names = f": {list_names(found.deleted_rows, found.deleted)}" if found.deleted_rows else ""
    told = f"{tell_rows(found.deleted)} of {request.owner} in {request.layer.id} would be deleted{names}"
    click.echo(told, err=True)
    try:
        agreed = click.confirm("delete them?", err=True)
    except click.Abort:
        agreed = False
    if not agreed:
        raise InvalidParameter(f"{told}; nothing was imported; --yes deletes without asking", where="replace")


def keep_profile(job: Job, request: ImportRequest) -> None:
    """Write how the file was read into the profile, if that was asked for."""
    if job.kept is None:
        return
    with open_plan(request) as plan:
        job.kept = profile_of(plan, job.kept)
    try:
        path = write_profile(job.settings.profiles, job.kept)
    except OSError as error:
        told = f"the rows are in, but the profile cannot be written to {job.settings.profiles}: {error.strerror}"
        click.echo(f"gis-infra: {told}", err=True)
    else:
        click.echo(f"kept in the profile {job.kept.name}: {path}", err=True)


def find_latest(job: Job) -> int:
    """The highest number an import has, 0 if there is none."""
    with reading(job.engine) as connection:
        return connection.execute(select(func.max(IMPORT_BATCH.c.id))).scalar() or 0


def tell_interruption(job: Job) -> str:
    """What an interruption left. One that came when the rows were in already is told as such."""
    parts = [
        f"{each.source_layer} is in as import {each.import_id}" for each in job.done if isinstance(each, ImportReport)
    ]
    entered = find_entered(job)
    if entered is not None and job.under_way is not None:
        parts.append(f"the rows of {job.under_way[0].path.name} were in already, as import {entered}")
    elif parts:
        parts.append("nothing else was imported")
    return f"interrupted; but {', '.join(parts)}" if parts else "interrupted; nothing was imported"


def find_entered(job: Job) -> int | None:
    """The import that was under way, if it is in the list all the same."""
    if job.under_way is None:
        return None
    request, latest = job.under_way
    same = (IMPORT_BATCH.c.layer_id == request.layer.id) & (IMPORT_BATCH.c.file_name == request.path.name)
    newer = (IMPORT_BATCH.c.id > latest) & (IMPORT_BATCH.c.username == job.actor.username)
    with reading(job.engine) as connection:
        found: int | None = connection.execute(select(func.max(IMPORT_BATCH.c.id)).where(same, newer)).scalar()
    return found
