"""What a person takes away of the register and of a works check, as a file of the kind its name ends in."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.known_rules import require_rule
from gis_infra.analysis.register.reading import RegisterQuery, stream_register
from gis_infra.analysis.works.checking import WorksCheck
from gis_infra.catalogue.definitions import Language
from gis_infra.errors import InvalidParameter
from gis_infra.reports import files, printing
from gis_infra.reports.features import to_conflict
from gis_infra.reports.files import Feature, require_target
from gis_infra.reports.register_report import render_register_report
from gis_infra.reports.sheets import write_workbook
from gis_infra.reports.works import to_works_check
from gis_infra.reports.works_report import render_works_report

PAGES = (".html", ".pdf")
ENDINGS = (*PAGES, ".xlsx", *files.ENDINGS)


@dataclass(frozen=True)
class Desk:
    """On what reports are made, for whom, in which language."""

    connection: Connection
    ground: Ground
    actor: Actor
    language: Language


def write_register(desk: Desk, query: RegisterQuery, path: Path) -> int:
    """Write the conflicts that match and that the actor of the query may see; returns how many were to be written.

    A page holds a map of each and so at most some hundreds. An existing file is replaced.
    Raises InvalidParameter for another ending or where the file cannot be written, and as `require_rule` and
    `stream_register`.
    """
    require_target(path, ENDINGS)
    require_rule(desk.connection, desk.ground, query)
    if path.suffix in PAGES:
        page, count = render_register_report(desk.connection, desk.ground, query, desk.language)
        write_page(page, path)
        return count
    found = stream_register(desk.connection, desk.ground.catalogue, desk.ground.tables, query)
    return write_rows(desk, map(to_conflict, found), path)


def write_works(desk: Desk, check: WorksCheck, path: Path) -> int:
    """Write a works check: a page with everything, or its assets as rows; returns how many. Raises InvalidParameter."""
    require_target(path, ENDINGS)
    if path.suffix in PAGES:
        write_page(render_works_report(desk.connection, desk.ground, desk.actor, check, desk.language), path)
        return len(check.reached.met)
    features = to_works_check(check, desk.ground.tables.srid)["conflicts"]["features"]
    return write_rows(desk, features, path)


def write_rows(desk: Desk, features: Iterable[Feature], path: Path) -> int:
    """Features as a workbook, GeoPackage, CSV or GeoJSON; returns how many. Raises InvalidParameter."""
    if path.suffix == ".xlsx":
        return write_workbook(path, features, desk.ground.catalogue, desk.language)
    return files.write_features(path, features, "conflict")


def write_page(page: str, path: Path) -> None:
    """An HTML page as it is, or printed as PDF. Raises InvalidParameter."""
    if path.suffix == ".pdf":
        printing.print_pdf(page, path)
        return
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise InvalidParameter(f"{path} cannot be written: {error.strerror}", where=str(path)) from error
