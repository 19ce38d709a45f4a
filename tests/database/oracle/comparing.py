"""Scenes through the engine and through the oracle, and where the two differ, in words.

Many scenes go through the engine at once, far enough apart not to meet.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import Connection, select

from gis_infra.analysis import scratch
from gis_infra.analysis.conflicts import finding
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.scratch import FINDING, SAID
from gis_infra.analysis.register.naming import select_fingerprint
from gis_infra.analysis.rules.model import list_in_force
from tests.builders import insert
from tests.database.oracle.answers import Finding
from tests.database.oracle.assets import Asset, Key
from tests.database.oracle.book import Book
from tests.database.oracle.finding import find

HERE = Path(__file__).parent
DAY = datetime.date(2026, 11, 23)
DISTANCE = 3  # its place among the pairs of `compare_values`
EAST, NORTH, APART, ROW = 603000, 1191500, 100, 10

Scene = Sequence[tuple[str, dict[str, Any], Sequence[tuple[float, ...]]]]


def make_layers(layers: Path, folder: Path) -> Path:
    """A folder of layers whose rules are those of the scenes, with the classes and accuracies of the program."""
    folder.mkdir()
    for each in layers.iterdir():
        if each.name != "rules":
            (folder / each.name).symlink_to(each)
    (folder / "rules").mkdir()
    for path in [layers / "rules" / "classes.yaml", layers / "rules" / "accuracy.yaml", *(HERE / "rules").iterdir()]:
        (folder / "rules" / path.name).symlink_to(path)
    return folder


@dataclass(frozen=True)
class Bench:
    """What both need to look at the same scenes."""

    ground: Ground
    book: Book
    packs: tuple[str, ...]

    def compare(self, connection: Connection, scenes: Sequence[Scene]) -> list[str]:
        """What differs, each line with the scene it was found in; empty if nothing does."""
        laid = [self.lay(connection, number, scene) for number, scene in enumerate(scenes)]
        rows = self.run(connection)
        differences = []
        for assets in laid:
            wanted = {make_key(each): each for each in find(self.book, assets, self.packs, DAY)}
            keys = {asset.key for asset in assets}
            found = {make_row_key(row): row for row in rows if (row.left_layer, row.left_id) in keys}
            wrong = list(tell_differences(found, wanted))
            if wrong:
                described = [f"  {each.key}: {each.shape.wkt} {dict(each.values)}" for each in assets]
                differences += [*described, *wrong]
        return differences

    def lay(self, connection: Connection, number: int, scene: Scene) -> list[Asset]:
        """Put the assets of one scene into the database, at a corner of its own."""
        corner = (EAST + APART * (number % ROW), NORTH + APART * (number // ROW))
        assets = []
        for layer, values, points in scene:
            given = {name: value for name, value in values.items() if value is not None and name != "z"}
            shape = shapely.from_wkt(
                draw(corner, points, values.get("z"), self.ground.catalogue.layers[layer].geometry)
            )
            # Not by a shape's own text, which may be rounded.
            wkt = shapely.to_wkt(shape, rounding_precision=-1)
            row = insert(connection, self.ground.tables, layer, wkt=wkt, **given)
            assets.append(Asset(layer, row, shape, given))
        return assets

    def run(self, connection: Connection) -> Sequence[Any]:
        """The engine's findings, each with the id of its rule."""
        rules = list_in_force(self.ground.book, self.packs, DAY)
        finding.find(connection, self.ground, rules)
        names = {number: rule.id for number, rule in enumerate(rules)}
        told = select(*FINDING.c, select_fingerprint(FINDING).label("fingerprint"))
        told = told.join_from(FINDING, SAID, SAID.c.number == FINDING.c.number)
        rows = connection.execute(told.order_by(FINDING.c.number)).all()
        scratch.SCRATCH.drop_all(connection)
        return Row.of(rows, names)


@dataclass(frozen=True)
class Row:
    """A row of the engine's findings, by the names of its columns, with the rule's id as `rule`."""

    values: dict[str, Any]

    @classmethod
    def of(cls, rows: Iterable[Any], names: dict[int, str]) -> list["Row"]:
        return [cls({**row._mapping, "rule": names[row.number]}) for row in rows]

    def __getattr__(self, name: str) -> Any:
        return self.values[name]


def draw(corner: tuple[float, float], points: Sequence[tuple[float, ...]], z: Sequence[float] | None, kind: str) -> str:
    """A scene's points as text: a point, a line, or an area inside the box of two points."""
    placed = [(corner[0] + each[0], corner[1] + each[1]) for each in points]
    if kind == "Point":
        return f"POINT({placed[0][0]!r} {placed[0][1]!r})"
    if kind == "MultiPolygon":
        return shapely.MultiPolygon([shapely.box(*placed[0], *placed[1])]).wkt
    if z is None:
        return f"LINESTRING({','.join(f'{x!r} {y!r}' for x, y in placed)})"
    return f"LINESTRING Z({','.join(f'{x!r} {y!r} {h!r}' for (x, y), h in zip(placed, z, strict=False))})"


def make_key(each: Finding) -> tuple[str, Key, Key | None, int]:
    return each.rule, each.left, each.right, each.stretch


def make_row_key(row: Row) -> tuple[str, Key, Key | None, int]:
    right = (row.right_layer, row.right_id) if row.right_layer else None
    return row.rule, (row.left_layer, row.left_id), right, row.stretch


def tell_differences(found: dict[Any, Any], wanted: dict[Any, Finding]) -> Iterable[str]:
    """One line for each finding that only one of the two has, and for each number that is not the same."""
    for key in found.keys() - wanted.keys():
        row = found[key]
        yield f"engine only: {key} {row.severity} {row.distance_m} {row.side}"
    for key in wanted.keys() - found.keys():
        each = wanted[key]
        yield f"oracle only: {key} {each.severity} {each.distance} {each.side}"
    for key in found.keys() & wanted.keys():
        for name, told, meant in compare_values(found[key], wanted[key]):
            yield f"{key}: {name} is {told}, not {meant}"


def compare_values(row: Any, each: Finding) -> Iterable[tuple[str, Any, Any]]:
    """(name, engine, oracle) of everything in which one finding differs."""
    pairs: list[tuple[str, Any, Any]] = [
        ("severity", row.severity, each.severity),
        ("fingerprint", row.fingerprint, each.fingerprint),
        ("required", row.required_m, pytest.approx(each.required, abs=1e-6)),
        (
            "distance",
            row.distance_m,
            each.distance if each.distance is None else pytest.approx(each.distance, abs=1e-6),
        ),
        ("accuracy", row.accuracy_m, pytest.approx(each.accuracy, abs=1e-6)),
        ("side", row.side, row.side if row.side in each.sides else each.side),
    ]
    if each.rule.startswith("space."):  # looked for in steps; of many places as near the oracle takes any
        pairs.pop()
        if each.distance is not None:
            pairs[DISTANCE] = ("distance", row.distance_m, pytest.approx(each.distance, abs=1e-4))
    if "built_over" in each.rule:  # the widened area is drawn with finer arcs here
        pairs[DISTANCE] = ("distance", row.distance_m, pytest.approx(each.distance, abs=1e-3))
    if each.length is not None:
        pairs.append(("length", row.length_m, pytest.approx(each.length, rel=0.01, abs=0.02)))
    if each.vertical is not None:
        pairs.append(("vertical", row.vertical_m, pytest.approx(each.vertical, abs=1e-6)))
    return [(name, told, meant) for name, told, meant in pairs if told != meant]
