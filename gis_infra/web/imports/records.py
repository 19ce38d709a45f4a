"""The imports somebody did: listed, and each with its report and, for as long as they are kept, its rejected rows.

An import is named by its number or by the id of the job that did it; a trial run and one that took no row have only
that. It is shown to whoever did it and to administrators of its layer, as long as they may see that; the rejected
rows to whoever asked for the job, and to administrators of the city.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from flask import Response, request, send_file
from sqlalchemy import Connection, Select, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import InvalidParameter, MissingError, SignInNeeded
from gis_infra.processes.jobs.records import select_mine
from gis_infra.processes.jobs.tables import JOB
from gis_infra.processes.uploads import store
from gis_infra.storage.transactions import reading
from gis_infra.transfer.loading.listing import ImportEntry, get_import, list_imports, read_report
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.imports.answers import NOBODY_KEEPS, answer
from gis_infra.web.languages import choose_language
from gis_infra.web.wording import say_all

DEFAULT_LIMIT, MOST = 100, 1000
PROCESS = "import"
GEOPACKAGE = "application/geopackage+sqlite3"
# The page stands alone, to be sent on: its style is in it, and it may load nothing.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
HIDDEN = ("person_id", "sha256", "settings")


@dataclass(frozen=True)
class Record:
    """What is kept of an import. job_id: None if it was not done by a job, or that expired."""

    report: dict[str, Any]
    job_id: uuid.UUID | None


def show_imports() -> Response:
    """The caller's imports, newest first. Raises SignInNeeded, InvalidParameter, UnknownLayer."""
    services, actor, limit = get_services(), require_person(), parse_limit(request.args)
    layer_id = request.args.get("layer")
    if layer_id is not None:
        actor.require("read", services.catalogue.get_layer(layer_id))
    with reading(services.engine, services.settings.read_limit_s) as connection:
        entries = list_imports(connection, services.catalogue, actor, limit, layer_id)
    return answer({"imports": [describe(each) for each in entries]})


def describe(entry: ImportEntry) -> dict[str, Any]:
    """An import as the list has it."""
    told = {name: value for name, value in asdict(entry).items() if name not in HIDDEN}
    return {"layer": told.pop("layer_id"), "file": told.pop("file_name"), **told}


def parse_limit(arguments: Mapping[str, str]) -> int:
    """Most imports in the answer. Raises InvalidParameter."""
    text = arguments.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise InvalidParameter(f"limit must be a whole number, got {text[:40]!r}", where="limit")
    return min(int(text), MOST)


def show_import(import_id: str) -> Response:
    """The report of an import. Raises SignInNeeded, MissingError."""
    return answer(say_all(get_record(import_id).report))


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
        path = store.get_job_folder(get_services().settings, record.job_id) / name
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
        if NUMBER.fullmatch(import_id):
            return find_by_number(connection, services.catalogue, actor, int(import_id))
        found = connection.execute(select_told(actor).where(JOB.c.id == parse_job(import_id))).one_or_none()
    if found is None or not is_readable(actor, found.told["layer"]):
        raise MissingError(f"there is no import {import_id[:40]!r}", where="import")
    return Record(found.told, found.id)


def find_by_number(connection: Connection, catalogue: Catalogue, actor: Actor, number: int) -> Record:
    """The record of an import of the list. Raises UnknownImport."""
    get_import(connection, catalogue, actor, number)
    kept = read_report(connection, number) or {}
    by_job = select_told(actor).where(JOB.c.result["report"]["import"].astext == str(number))
    job = connection.execute(by_job).first()
    if job is None:
        return Record({**kept, "rejected_file": None}, None)
    # The job knows the file of rejected rows, of which there was none yet when the list's report was written.
    return Record({**kept, "rejected_file": job.told["rejected_file"]}, job.id)


def select_told(actor: Actor) -> Select[Any]:
    """The report, and the id, of each job that imported and that an actor may see."""
    done = (JOB.c.process == PROCESS, JOB.c.status == "successful", select_mine(actor))
    return select(JOB.c.result["report"].label("told"), JOB.c.id).where(*done)


def parse_job(import_id: str) -> uuid.UUID:
    """The id of a job. Raises MissingError for what can be none."""
    try:
        return uuid.UUID(import_id)
    except ValueError:
        raise MissingError(f"there is no import {import_id[:40]!r}", where="import") from None


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
