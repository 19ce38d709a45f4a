"""All that the board and the periodic report tell, as JSON holds it: of what the asker may see, from one moment."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.analysis import cameras
from gis_infra.analysis.cameras import Cameras
from gis_infra.analysis.coverage.runs.reading import read_latest, read_of_period
from gis_infra.analysis.coverage.runs.results import CoverageRun
from gis_infra.analysis.coverage.runs.visibility import Reader, list_visible
from gis_infra.analysis.coverage.standards.model import ServiceBook
from gis_infra.analysis.register.tallying import Movement, add_up, count_moves, count_open
from gis_infra.catalogue.definitions import Catalogue, Layer, Sector
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.figures.model import LayerFigures, Question
from gis_infra.features.figures.reading import FigureMemory, read_figures
from gis_infra.reports.board import layers as told
from gis_infra.reports.board import sections
from gis_infra.reports.board.periods import Period, find_span
from gis_infra.reports.clocks import CITY_TIME
from gis_infra.reports.coverage.terms import Terms
from gis_infra.reports.features import to_titles
from gis_infra.transfer.loading.listing import list_imports
from gis_infra.transfer.loading.summing import sum_imports

Json = dict[str, Any]
Moves = Sequence[tuple[frozenset[str], Movement]]

MOST_IMPORTS = 10
LATELY = datetime.timedelta(days=30)
MICROSECOND = datetime.timedelta(microseconds=1)


@dataclass(frozen=True)
class BoardDesk:
    """On what a board is made and for whom.

    city: its name. now: with its offset from UTC. connection: sees one moment only.
    """

    city: str
    connection: Connection
    catalogue: Catalogue
    tables: LayerTables
    book: ServiceBook
    actor: Actor
    now: datetime.datetime
    memory: FigureMemory = field(default_factory=FigureMemory)

    @property
    def today(self) -> datetime.date:
        """The day by the clocks of the city."""
        return self.now.astimezone(CITY_TIME).date()

    @property
    def terms(self) -> Terms:
        """What services and layers are called."""
        return Terms(self.book, self.catalogue)

    def list_layers(self) -> list[Layer]:
        """The layers people put features in that the actor may see."""
        return [each for each in self.actor.list_readable(self.catalogue) if each.kept is None]


def gather_board(desk: BoardDesk) -> Json:
    """The city as it stands: totals, and by sector layers, conflicts and coverage; imports lately, cameras.

    imports: null for the public. cameras: null where their layer may not be seen or there is none. Raises BusyError.
    """
    figures = read_figures(
        desk.connection, desk.tables, Question(desk.actor, desk.list_layers(), desk.today), desk.memory
    )
    tallies = count_open(desk.connection, desk.catalogue, desk.tables, desk.actor)
    runs = read_latest(desk.connection, list(desk.book.services), Reader(desk.actor, desk.catalogue))
    services = list_services(desk, runs)
    shown = [to_sector(desk, sector, figures, services) for sector in list_sectors(desk)]
    for sector in shown:
        sector["conflicts"] = sections.to_conflicts(
            each for each in tallies if sections.is_of_sector(each.layers, sector["id"], desk.catalogue)
        )
    return {
        "as_of": desk.now.isoformat(),
        "day": desk.today.isoformat(),
        **told.add_up(layer for sector in shown for layer in sector["layers"]),
        "conflicts": sections.to_conflicts(tallies),
        "targets": sections.count_targets(services),
        "sectors": shown,
        "imports": list_lately(desk),
        "imports_lately": count_lately(desk),
        "cameras": count_cameras(desk, None),
    }


def gather_period(desk: BoardDesk, period: Period) -> Json:
    """A period: by sector the layers as it began and as it ended, how conflicts moved, coverage; imports, cameras.

    A period that goes on ends now. Raises BusyError.
    """
    span = find_span(period, desk.now)
    before, after = (read_as_of(desk, moment) for moment in span)
    moves = count_moves(desk.connection, desk.catalogue, desk.tables, desk.actor, span)
    reader, wanted = Reader(desk.actor, desk.catalogue), (period.kind, period.first)
    services = list_services(desk, read_of_period(desk.connection, list(desk.book.services), reader, wanted, span[1]))
    shown = [to_sector(desk, sector, after, services) for sector in list_sectors(desk)]
    for sector in shown:
        for layer in sector["layers"]:
            layer["before"] = {"features": before[layer["id"]].features, "size": before[layer["id"]].size}
        sector["moves"] = sections.to_moves(find_moves(desk, sector["id"], moves))
    return {
        "city": desk.city,
        "as_of": desk.now.isoformat(),
        "period": to_period(period),
        "span": [moment.isoformat() for moment in span],
        "is_over": span[1] < desk.now,
        "reader": None if desk.actor.is_anonymous else desk.actor.username,
        "moves": sections.to_moves(add_up(each for _, each in moves)),
        "targets": sections.count_targets(services),
        "sectors": shown,
        "imports": sum_of_period(desk, span),
        "cameras": count_cameras(desk, to_version_moment(desk, span[1])),
    }


def to_period(period: Period) -> Json:
    """A period; last: its last day."""
    last = period.next_first - datetime.timedelta(days=1)
    days = {"first": period.first.isoformat(), "last": last.isoformat()}
    return {"code": period.code, "kind": period.kind, "title": period.title, **days}


def sum_of_period(desk: BoardDesk, span: tuple[datetime.datetime, datetime.datetime]) -> list[Json] | None:
    """The imports of a period by layer, None for the public."""
    if desk.actor.is_anonymous:
        return None
    found = sum_imports(desk.connection, desk.catalogue, desk.actor, span)
    return [sections.to_import_sum(each, desk.catalogue) for each in found]


def read_as_of(desk: BoardDesk, moment: datetime.datetime) -> Mapping[str, LayerFigures]:
    """The figures of the layers as they were just before a moment; as they are, for now."""
    as_of = to_version_moment(desk, moment)
    day = desk.today if as_of is None else as_of.astimezone(CITY_TIME).date()
    return read_figures(desk.connection, desk.tables, Question(desk.actor, desk.list_layers(), day, as_of), desk.memory)


def to_version_moment(desk: BoardDesk, moment: datetime.datetime) -> datetime.datetime | None:
    """The last moment before one that has been, None for now: what began at midnight is of the next day."""
    return moment - MICROSECOND if moment < desk.now else None


def list_sectors(desk: BoardDesk) -> list[Sector]:
    """The sectors of which the actor may see a layer."""
    seen = {each.sector for each in desk.list_layers()}
    return [sector for sector in desk.catalogue.sectors.values() if sector.id in seen]


def list_services(desk: BoardDesk, runs: Mapping[str, CoverageRun]) -> list[Json]:
    """The services the actor may see, each with its run."""
    shown = list_visible(desk.book, desk.catalogue, desk.actor)
    return [sections.to_service(each, runs.get(each.id), desk.terms) for each in shown]


def to_sector(desk: BoardDesk, sector: Sector, figures: Mapping[str, LayerFigures], services: Sequence[Json]) -> Json:
    """A sector with its layers and services."""
    layers = [told.to_layer(each) for each in figures.values() if each.layer.sector == sector.id]
    own = [each for each in services if each["sector"] == sector.id]
    return {
        "id": sector.id,
        "title": to_titles(sector.title),
        "color": sector.color,
        **told.add_up(layers),
        "layers": layers,
        "services": own,
        "targets": sections.count_targets(own),
    }


def find_moves(desk: BoardDesk, sector: str, moves: Moves) -> Movement:
    """How the conflicts that touch a sector moved."""
    return add_up(each for layers, each in moves if sections.is_of_sector(layers, sector, desk.catalogue))


def list_lately(desk: BoardDesk) -> list[Json] | None:
    """The last imports the actor may see, None for the public."""
    if desk.actor.is_anonymous:
        return None
    entries = list_imports(desk.connection, desk.catalogue, desk.actor, MOST_IMPORTS)
    return [sections.to_import(each, desk.catalogue) for each in entries]


def count_lately(desk: BoardDesk) -> int | None:
    """The imports within the last days, None for the public."""
    if desk.actor.is_anonymous:
        return None
    span = (desk.now - LATELY, desk.now + MICROSECOND)
    return sum(each.imports for each in sum_imports(desk.connection, desk.catalogue, desk.actor, span))


def count_cameras(desk: BoardDesk, as_of: datetime.datetime | None) -> Json | None:
    """The cameras by state at a moment, None where there are none to be seen."""
    layer = find_camera_layer(desk)
    if layer is None:
        return None
    wanted = Cameras(desk.actor, layer, as_of)
    return sections.to_states(cameras.count_states(desk.connection, desk.tables, wanted))


def find_camera_layer(desk: BoardDesk) -> Layer | None:
    """The layer of cameras, None where the city has none or the actor may not see it."""
    return next((each for each in desk.list_layers() if each.id == cameras.LAYER_ID), None)
