"""The sample files read back without the importer: by the list of columns they were written with.

Coordinates come to EPSG:9210 by pipelines written out here, with the parameters of EPSG:6960 (decision
05/2007/QĐ-BTNMT), not by what PROJ or the program would choose.
"""

import datetime
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import shapely
from pyproj import Transformer
from ruamel.yaml import YAML
from samples.encodings import ENCODERS
from samples.files import FILES, WORDS, SampleFile
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from second_opinion.rows import Row

LAYERS = Path(__file__).resolve().parents[2] / "layers"
TM3 = "proj=tmerc lat_0=0 lon_0={} k=0.9999 x_0=500000 y_0=0 ellps=WGS84"
HELMERT = (
    "step proj=push v_3 step proj=cart ellps=WGS84 step inv proj=helmert x=-191.90441429 y=-39.30318279 z=-111.45032835"
    " rx=-0.00928836 ry=0.01975479 rz=-0.00427372 s=0.252906278 convention=coordinate_frame"
    " step inv proj=cart ellps=WGS84 step proj=pop v_3"
)
TO_CITY = f"{HELMERT} step {TM3.format(105.75)}"
PIPELINES = {
    "tm3_107_45": f"proj=pipeline step inv {TM3.format(107.75)} step {TM3.format(105.75)}",
    "utm_48n": f"proj=pipeline step inv proj=utm zone=48 ellps=WGS84 {TO_CITY}",
    "degrees": f"proj=pipeline step proj=unitconvert xy_in=deg xy_out=rad {TO_CITY}",
}


def read_rows(folder: Path) -> Iterator[Row]:
    """Every feature of every sample file, in EPSG:9210."""
    for sample in FILES:
        yield from read_file(folder, sample)


def read_file(folder: Path, sample: SampleFile) -> Iterator[Row]:
    """The features of one file, with our names and codes for its columns and words."""
    types = read_field_types(sample.layer)
    by_column = {sample.name_column(name): name for name in types}
    meanings = find_meanings(sample)
    pipeline = PIPELINES.get(sample.style.system)
    transformer = Transformer.from_pipeline(pipeline) if pipeline else None
    told, shapes = [], []
    with fiona.open(folder / sample.path, encoding="ISO-8859-1") as source:
        for feature in source:
            names = ((by_column[column], written) for column, written in feature["properties"].items())
            told.append({name: to_meaning(types[name], written, meanings) for name, written in names})
            shapes.append(shape(feature["geometry"]))
    for values, geometry in zip(told, move(shapes, transformer), strict=True):
        yield Row(sample.layer, str(values["asset_code"]), geometry, values)


def read_field_types(layer: str) -> dict[str, str]:
    """The type of each field of a layer, as its file in `layers/` has it."""
    (path,) = (path for path in LAYERS.glob(f"*/{layer}.yaml") if path.parent.name != "coverage")
    fields = {**YAML(typ="safe").load(path)["fields"], **read_universal()}
    return {name: str(field["type"]) for name, field in fields.items()}


@cache
def read_universal() -> dict[str, Any]:
    """The fields every layer has, read once."""
    return dict(YAML(typ="safe").load(LAYERS / "universal.yaml"))


def find_meanings(sample: SampleFile) -> dict[str, str]:
    """Written word -> our code, as surfaces of the file's bytes."""
    encode = ENCODERS[sample.style.encoding]
    return {encode(word).decode("latin-1"): code.rpartition(".")[2] for code, word in WORDS.items()}


def to_meaning(kind: str, written: Any, meanings: dict[str, str]) -> Any:
    """A value as the second opinion needs it: codes for words, true and false; text stays a surface."""
    if kind == "boolean" and written is not None:
        return written == "1" or written.startswith("C")
    if kind == "date" and isinstance(written, str):
        day_first = written[2] == "/"  # as the drainage company writes it
        return datetime.datetime.strptime(written, "%d/%m/%Y" if day_first else "%Y-%m-%d").date()
    return meanings.get(written, written) if kind == "code" else written


def move(shapes: list[BaseGeometry], transformer: Transformer | None) -> list[BaseGeometry]:
    """Shapes of one file in EPSG:9210; their heights stay as they are."""
    if transformer is None:
        return shapes

    def convert(points: np.ndarray) -> np.ndarray:
        return np.column_stack([*transformer.transform(points[:, 0], points[:, 1]), *points.T[2:]])

    high = any(each.has_z for each in shapes)
    return list(shapely.transform(np.array(shapes, dtype=object), convert, include_z=high))
