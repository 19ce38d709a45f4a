"""Figures read from the database, or remembered as long as nothing of the layer has changed."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Row, select

from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import BusyError
from gis_infra.features.figures.model import Breakdown, LayerFigures, Part, Question, list_breakdowns
from gis_infra.features.figures.selecting import select_figures
from gis_infra.features.state import get_tallies
from gis_infra.features.tables import LAYER_STATE
from gis_infra.storage.transactions import require_time

LONGEST_S = 600.0  # to wait for figures where a transaction has no limit
# What tells figures that may differ: layer, levels seen, revision, day, moment.
Key = tuple[str, tuple[str, ...], int, date, datetime | None]


class FigureMemory:
    """The figures that were asked for last, of at most `most` keys; safe for several threads.

    making: held while figures are made, so that many who ask at once have a layer read once and not each.
    """

    def __init__(self, most: int = 2000) -> None:
        self.most = most
        self.lock = Lock()
        self.making = Lock()
        self.kept: OrderedDict[Key, LayerFigures] = OrderedDict()

    def find(self, key: Key) -> LayerFigures | None:
        """What is remembered under a key, None if nothing is."""
        with self.lock:
            if key in self.kept:
                self.kept.move_to_end(key)
            return self.kept.get(key)

    def keep(self, key: Key, figures: LayerFigures) -> None:
        """Remember figures, and forget those not asked for longest."""
        with self.lock:
            self.kept[key] = figures
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)


def read_figures(
    connection: Connection, tables: LayerTables, question: Question, memory: FigureMemory | None = None
) -> Mapping[str, LayerFigures]:
    """The figures of each layer, by id, in the order asked: one statement a layer that is not remembered
    and holds anything.

    connection: of a transaction that sees one moment, so that what is remembered is of the revision it is kept under.
    Raises UnknownLayer for a layer that may not be seen, InvalidParameter for one that the program keeps and a moment;
    BusyError at the time limit.
    """
    memory = FigureMemory() if memory is None else memory
    revisions = read_revisions(connection, question.layers)
    empty = find_empty(connection, question)
    found = {}
    for layer in question.layers:
        question.actor.require("read", layer)
        levels = question.actor.get_visible_levels(layer)
        key = (layer.id, levels, revisions.get(layer.id, 0), question.day, question.as_of)
        figures = to_figures(layer, ()) if layer.id in empty else memory.find(key)
        if figures is None:
            with making(connection, memory):
                figures = memory.find(key) or read_layer(connection, tables, question, layer)
                memory.keep(key, figures)
        found[layer.id] = figures
    return found


@contextmanager
def making(connection: Connection, memory: FigureMemory) -> Iterator[None]:
    """Hold the right to make figures, for the time of a block. Raises BusyError if it takes too long to come by."""
    left_s = require_time(connection)
    if not memory.making.acquire(timeout=LONGEST_S if left_s is None else left_s):
        raise BusyError("the figures of the layers are being made; try again in a moment")
    try:
        yield
    finally:
        memory.making.release()


def read_revisions(connection: Connection, layers: Iterable[Layer]) -> Mapping[str, int]:
    """The revision of each layer that ever held anything, by id."""
    state = LAYER_STATE.c
    wanted = select(state.layer, state.revision).where(state.layer.in_([each.id for each in layers]))
    return {row.layer: row.revision for row in connection.execute(wanted)}


def find_empty(connection: Connection, question: Question) -> frozenset[str]:
    """The ids of the layers that hold nothing the actor may see; told without a statement for each of them.

    Of a moment that has been nothing is told: who keeps tallies keeps those of now.
    """
    own = [each for each in question.layers if each.kept is None]
    if question.as_of is not None or not own:
        return frozenset()
    tallies = get_tallies(connection, own, question.actor)
    return frozenset(layer_id for layer_id, tally in tallies.items() if tally.features == 0)


def read_layer(connection: Connection, tables: LayerTables, question: Question, layer: Layer) -> LayerFigures:
    """The figures of one layer, in one statement. Raises UnknownLayer, BusyError."""
    rows = connection.execute(select_figures(tables, question, layer)).all()
    return to_figures(layer, rows)


def to_figures(layer: Layer, rows: Iterable[Row[Any]]) -> LayerFigures:
    """The figures in the rows of `select_figures`."""
    found = list(rows)
    return LayerFigures(
        layer=layer,
        features=sum(row.features for row in found),
        size=sum(row.size for row in found),
        without_shape=sum(row.without_shape for row in found),
        parts={name: tuple(sort_parts(add_up(found, name))) for name in list_breakdowns(layer)},
    )


def add_up(rows: Iterable[Row[Any]], name: Breakdown) -> list[Part]:
    """The parts of a breakdown: the rows that share a value of it, together."""
    sums: dict[str | None, tuple[int, float]] = {}
    for row in rows:
        features, size = sums.get(row._mapping[name], (0, 0.0))
        sums[row._mapping[name]] = (features + row.features, size + row.size)
    return [Part(key, *values) for key, values in sums.items()]


def sort_parts(parts: Iterable[Part]) -> list[Part]:
    """Largest first, what is not recorded last."""
    return sorted(parts, key=lambda each: (each.key is None, -each.size, -each.features, each.key or ""))
