"""What coverage runs found, as an actor may read it; a run that is not theirs to see is not there."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, func, select

from gis_infra.analysis.coverage.runs import rows
from gis_infra.analysis.coverage.runs.results import (
    CoverageReport,
    CoverageRun,
    FacilityFigures,
    Figures,
    Gap,
    PlacePage,
    Site,
    Sites,
)
from gis_infra.analysis.coverage.runs.tables import (
    COVERAGE_FACILITY,
    COVERAGE_GAP,
    COVERAGE_PLACE,
    COVERAGE_RUN,
    COVERAGE_SITE,
    COVERAGE_UNIT,
)
from gis_infra.analysis.coverage.runs.visibility import Reader, select_visible_runs
from gis_infra.errors import InvalidParameter, MissingError
from gis_infra.filters.places import select_in_box
from gis_infra.spatial.boxes import Bbox

MOST_GAPS = 1_000
MOST_FACILITIES = 10_000
MOST_RUNS = 1_000
MOST_PLACES = 100_000
CITY = 0  # its position among the units


def read_latest(connection: Connection, service_ids: Sequence[str], reader: Reader) -> Mapping[str, CoverageRun]:
    """Service id -> its latest official run, for those that have one, if the reader may see that one.

    An older one in its stead would tell that the latest is of rows they may not see.
    """
    run = COVERAGE_RUN.c
    latest = select(func.max(run.id)).where(run.service.in_(service_ids), run.official).group_by(run.service)
    return {each.service: each for each in read_runs(connection, select_runs(reader).where(run.id.in_(latest)), reader)}


def read_of_period(
    connection: Connection,
    service_ids: Sequence[str],
    reader: Reader,
    period: tuple[str, datetime.date],
    before: datetime.datetime,
) -> Mapping[str, CoverageRun]:
    """Service id -> its official run of a period or, without one, its latest that ended before a moment.

    period: kind and first day. As in `read_latest`, none stands in for one that the reader may not see.
    """
    run = COVERAGE_RUN.c
    of_period = (run.period == period[0]) & (run.period_from == period[1])
    chosen = func.coalesce(func.max(run.id).filter(of_period), func.max(run.id).filter(run.finished_at < before))
    wanted = select(chosen).where(run.service.in_(service_ids), run.official).group_by(run.service)
    return {each.service: each for each in read_runs(connection, select_runs(reader).where(run.id.in_(wanted)), reader)}


def find_run(connection: Connection, run_id: int, reader: Reader) -> CoverageRun | None:
    """The run of that number, None if there is none that the reader may see."""
    found = read_runs(connection, select_runs(reader).where(COVERAGE_RUN.c.id == run_id), reader)
    return found[0] if found else None


def get_run(connection: Connection, run_id: int, reader: Reader) -> CoverageRun:
    """The run of that number. Raises MissingError if there is none that the reader may see."""
    run = find_run(connection, run_id, reader)
    if run is None:
        raise MissingError(f"there is no coverage run {run_id}", where="id")
    return run


def list_runs(
    connection: Connection, service_id: str, reader: Reader, *, official_only: bool = False, limit: int = 100
) -> tuple[CoverageRun, ...]:
    """The runs of a service, the newest first. Raises InvalidParameter for a limit that is none."""
    require_limit(limit, MOST_RUNS)
    wanted = select_runs(reader).where(COVERAGE_RUN.c.service == service_id)
    if official_only:
        wanted = wanted.where(COVERAGE_RUN.c.official)
    return read_runs(connection, wanted.order_by(COVERAGE_RUN.c.id.desc()).limit(limit), reader)


def read_report(
    connection: Connection,
    run_id: int,
    reader: Reader,
    gaps: int = MOST_GAPS,
    facilities: int = MOST_FACILITIES,
) -> CoverageReport:
    """One run with all it found: the `gaps` worst gaps and the first `facilities` facilities.

    Raises MissingError if there is no run of that number that the reader may see.
    """
    run = get_run(connection, run_id, reader)
    parts = read_units(connection, run_id)
    gap, facility = COVERAGE_GAP.c, COVERAGE_FACILITY.c
    return CoverageReport(
        run=run,
        city=run.city,
        units=tuple(each for each in parts if each.scope != "city"),
        gaps=read_gaps(connection, run_id, gaps),
        gaps_matched=count(connection, COVERAGE_GAP, gap.run_id == run_id),
        facilities=read_facilities(connection, run_id, facilities),
        facilities_matched=count(connection, COVERAGE_FACILITY, facility.run_id == run_id),
        sites=read_sites(connection, run),
        reach=read_reach(connection, run_id),
        has_places=has_places(connection, run_id),
    )


def select_runs(reader: Reader) -> Select[Any]:
    """The runs that the reader may see, but for the area they reach."""
    columns = [column for column in COVERAGE_RUN.columns if column.name != "reach"]
    return select(*columns).where(select_visible_runs(reader))


def read_runs(connection: Connection, wanted: Select[Any], reader: Reader) -> tuple[CoverageRun, ...]:
    """The runs of a SELECT of `select_runs`, each with what it came to for the city."""
    found = connection.execute(wanted).all()
    unit = COVERAGE_UNIT.c
    whole = select_units().where(unit.run_id.in_([row.id for row in found]), unit.position == CITY)
    cities = {row.run_id: rows.to_figures(row) for row in connection.execute(whole)}
    return tuple(rows.to_run(row, cities[row.id], reader) for row in found)


def select_units() -> Select[Any]:
    """Rows that `to_figures` reads."""
    columns = [column for column in COVERAGE_UNIT.columns if column.name not in ("geom", "lonlat")]
    return select(*columns, rows.show(COVERAGE_UNIT.c.lonlat))


def read_units(connection: Connection, run_id: int) -> tuple[Figures, ...]:
    """The city, its units by code, and last what is in none."""
    wanted = select_units().where(COVERAGE_UNIT.c.run_id == run_id).order_by(COVERAGE_UNIT.c.position)
    return tuple(rows.to_figures(row) for row in connection.execute(wanted))


def read_gaps(connection: Connection, run_id: int, limit: int) -> tuple[Gap, ...]:
    """The gaps of a run, the worst first."""
    return tuple(rows.to_gap(row) for row in read_features(connection, COVERAGE_GAP, run_id, limit, "rank"))


def read_facilities(connection: Connection, run_id: int, limit: int) -> tuple[FacilityFigures, ...]:
    """The facilities of a run as they were read, last those counted out."""
    return tuple(rows.to_facility(row) for row in read_features(connection, COVERAGE_FACILITY, run_id, limit, "id"))


def read_sites(connection: Connection, run: CoverageRun) -> Sites | None:
    """The proposed sites of a run, None if none were asked for."""
    if run.sites is None:
        return None
    ranked: tuple[Site, ...] = tuple(
        rows.to_site(row) for row in read_features(connection, COVERAGE_SITE, run.id, MOST_FACILITIES, "rank")
    )
    return Sites(ranked, **run.sites["found"])


def read_features(connection: Connection, table: Table, run_id: int, limit: int, order: str) -> Sequence[Row[Any]]:
    """The first rows of a table of results that belong to a run."""
    columns = [column for column in table.columns if column.name not in ("geom", "lonlat")]
    wanted: Select[Any] = select(*columns, rows.show(table.c.lonlat)).where(table.c.run_id == run_id)
    return connection.execute(wanted.order_by(table.c[order], table.c.id).limit(limit)).all()


def read_reach(connection: Connection, run_id: int) -> dict[str, Any] | None:
    """The area that a run's facilities reach, drawn with fewer points; None in methods that know none."""
    shown = rows.show(func.st_transform(COVERAGE_RUN.c.reach, 4326))
    return rows.to_geometry(connection.execute(select(shown).where(COVERAGE_RUN.c.id == run_id)).one())


def has_places(connection: Connection, run_id: int) -> bool:
    """Whether the single places of a run are still kept."""
    one = select(COVERAGE_PLACE.c.id).where(COVERAGE_PLACE.c.run_id == run_id).limit(1)
    return connection.execute(one).first() is not None


def read_places(
    connection: Connection,
    run_id: int,
    reader: Reader,
    bbox: Bbox | None = None,
    limit: int = 1_000,
    served: bool | None = None,
) -> PlacePage:
    """The single places of a run in a box, edges included, the first `limit` in the order they are kept.

    served: only those served in full, or only those that are not.
    Raises MissingError for a run that is not the reader's to see, InvalidParameter for a limit that is none, and
    InvalidCrs.
    """
    require_limit(limit, MOST_PLACES)
    get_run(connection, run_id, reader)
    place = COVERAGE_PLACE.c
    conditions: list[ColumnElement[bool]] = [place.run_id == run_id]
    if bbox is not None:
        conditions.append(select_in_box(COVERAGE_PLACE, bbox, find_srid(connection)))
    if served is not None:
        conditions.append(place.served >= 1 if served else place.served < 1)
    columns = [column for column in COVERAGE_PLACE.columns if column.name not in ("geom", "lonlat")]
    wanted: Select[Any] = select(*columns, rows.show(place.lonlat)).where(*conditions)
    found = tuple(rows.to_place_figures(row) for row in connection.execute(wanted.order_by(place.id).limit(limit)))
    return PlacePage(found, count(connection, COVERAGE_PLACE, *conditions))


def find_srid(connection: Connection) -> int:
    """The EPSG code of the city's CRS, as the places have it; 0 where there is none."""
    one = select(func.st_srid(COVERAGE_PLACE.c.geom)).limit(1)
    return int(connection.execute(one).scalar_one_or_none() or 0)


def count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    """How many rows there are."""
    return int(connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one())


def require_limit(limit: int, most: int) -> None:
    """Return if a limit is one. Raises InvalidParameter."""
    if not 1 <= limit <= most:
        raise InvalidParameter(f"limit must be from 1 to {most:,}, got {limit}", where="limit")
