"""The imports somebody did: listed, and each with its report and, for as long as they are kept, its rejected rows.

An import is named by its number or by the id of the job that did it; a trial run and one that took no row have only
that. It is shown to whoever did it and to administrators, as long as they may see its layer.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request, send_file
from sqlalchemy import ColumnElement, Row, Select, select, true

from gis_infra.accounts.actor import Actor
from gis_infra.errors import InvalidParameter, MissingError, SignInNeeded
from gis_infra.processes import uploads
from gis_infra.processes.jobs import select_mine
from gis_infra.processes.tables import JOB
from gis_infra.storage.transactions import reading
from gis_infra.transfer.tables import IMPORT_BATCH
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.imports.answers import NOBODY_KEEPS, answer
from gis_infra.web.languages import choose_language

DEFAULT_LIMIT, MOST = 100, 1000
PROCESS = "import"
GEOPACKAGE = "application/geopackage+sqlite3"
# The page stands alone, to be sent on: its style is in it, and it may load nothing.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
BATCH = IMPORT_BATCH.c


@dataclass(frozen=True)
class Record:
    """What is kept of an import. job_id: None if it was not done by a job, or that expired."""

    report: dict[str, Any]
    job_id: uuid.UUID | None


def show_imports() -> Response:
    """The caller's imports, newest first. Raises SignInNeeded, InvalidParameter."""
    services, actor = get_services(), require_person()
    readable = [layer.id for layer in actor.list_readable(services.catalogue)]
    statement = select(*list_columns()).where(select_own(actor), BATCH.layer_id.in_(readable))
    with reading(services.engine, services.settings.read_limit_s) as connection:
        rows = connection.execute(statement.order_by(BATCH.id.desc()).limit(parse_limit(request.args))).all()
    return answer({"imports": [describe(row) for row in rows]})


def list_columns() -> list[ColumnElement[Any]]:
    """What the list tells of each import."""
    names = ("id", "layer_id", "username", "file_name", "started_at", "finished_at", "accepted", "rejected")
    counts = ("inserted", "updated", "unchanged", "skipped", "deleted", "undone_at", "undone_by")
    return [BATCH[name] for name in (*names, *counts)]


def describe(row: Row[Any]) -> dict[str, Any]:
    """An import as the list has it."""
    told = {str(name): value for name, value in row._mapping.items()}  # plain names, as JSON wants them
    return {"layer": told.pop("layer_id"), "file": told.pop("file_name"), **told}


def parse_limit(arguments: Mapping[str, str]) -> int:
    """Most imports in the answer. Raises InvalidParameter."""
    text = arguments.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidParameter(f"limit must be a whole number, got {text[:40]!r}", where="limit")
    return min(int(text), MOST)


def show_import(import_id: str) -> Response:
    """The report of an import. Raises SignInNeeded, MissingError."""
    return answer(get_record(import_id).report)


def show_report(import_id: str) -> Response:
    """The report as a page to send on. Raises SignInNeeded, MissingError."""
    # Here and not above: it takes long to load, and most processes never show a report.
    from gis_infra.transfer.reporting import html
    from gis_infra.transfer.reporting.report import from_json

    language = choose_language() if "lang" in request.args else None
    page = html.render([from_json(get_record(import_id).report)], language)
    return Response(page, mimetype="text/html", headers={**NOBODY_KEEPS, "Content-Security-Policy": REPORT_POLICY})


def send_rejected(import_id: str) -> Response:
    """The rejected rows as a GeoPackage. Raises SignInNeeded, MissingError when there are none or no longer."""
    record = get_record(import_id)
    name = record.report.get("rejected_file")
    if record.job_id is not None and name:
        path = uploads.get_job_folder(get_services().settings, record.job_id) / name
        if path.is_file():
            made = send_file(path, GEOPACKAGE, as_attachment=True, download_name=name, max_age=0)
            made.headers.update(NOBODY_KEEPS)
            return made
    raise MissingError("there are no rejected rows of this import, or they are no longer kept", where=import_id[:40])


def get_record(import_id: str) -> Record:
    """The record of an import the caller may see.

    Raises SignInNeeded, MissingError in the same words whether there is none or it is not to be seen.
    """
    services, actor = get_services(), require_person()
    with reading(services.engine, services.settings.read_limit_s) as connection:
        row = connection.execute(select_record(import_id, actor)).first()
    if row is not None and is_readable(actor, row.layer_id):
        # The job's report knows the file of rejected rows; the list's was written before there was one.
        told = row.told if row.told is not None else {**(row.report or {}), "rejected_file": None}
        return Record(told, row.job_id)
    raise MissingError(f"there is no import {import_id[:40]!r}", where="import")


def select_record(import_id: str, actor: Actor) -> Select[Any]:
    """The record of an import by its number, or by its job. Raises MissingError for what can be neither."""
    told = JOB.c.result["report"]
    by_job = select(told.label("told"), told["layer"].astext.label("layer_id"), JOB.c.id.label("job_id"))
    by_job = by_job.where(JOB.c.process == PROCESS, JOB.c.status == "successful", select_mine(actor))
    if import_id.isascii() and import_id.isdigit() and len(import_id) <= 18:
        jobs = by_job.where(told["import"].astext == str(int(import_id))).subquery()
        batch = select(BATCH.report, BATCH.layer_id, jobs.c.job_id, jobs.c.told)
        joined = batch.select_from(IMPORT_BATCH.outerjoin(jobs, true()))
        return joined.where(BATCH.id == int(import_id), select_own(actor))
    try:
        return by_job.where(JOB.c.id == uuid.UUID(import_id))
    except ValueError:
        raise MissingError(f"there is no import {import_id[:40]!r}", where="import") from None


def select_own(actor: Actor) -> ColumnElement[bool]:
    """The condition that an import may be shown to an actor."""
    return true() if actor.is_admin() else BATCH.person_id == actor.person_id


def require_person() -> Actor:
    """Who asks. Raises SignInNeeded for the public."""
    actor = get_actor()
    if actor.is_anonymous:
        raise SignInNeeded("sign in to see your imports")
    return actor


def is_readable(actor: Actor, layer_id: str) -> bool:
    """Whether an actor may see a layer that may have gone since."""
    layer = get_services().catalogue.layers.get(layer_id)
    return layer is not None and actor.is_allowed("read", layer)
