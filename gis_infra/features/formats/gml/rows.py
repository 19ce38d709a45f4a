"""A short page as GML, of what PostgreSQL sends of each feature: its id, its geometry as WKB, and a record.

What it writes is what `features.render_features` writes of the same features, which is quicker with thousands.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from gis_infra.catalogue.definitions import Field
from gis_infra.features.formats.gml import loops
from gis_infra.features.formats.gml.features import GmlForm, make_tags, render_geometry_values
from gis_infra.features.formats.gml.geometry import read_shapes, render_bounds, render_boxes_and_whole
from gis_infra.features.formats.gml.loops import Bytes, Integers
from gis_infra.features.formats.gml.names import GEOMETRY_NAME, PREFIX
from gis_infra.features.formats.gml.records import KINDS
from gis_infra.features.sent_pages import SentRows

PLAIN_KINDS = {"Point": loops.POINT, "LineString": loops.LINE}
# Texts behind one another, and where each ends.
Texts = tuple[Bytes, Integers]


def render_rows(rows: SentRows, form: GmlForm, around: tuple[str, str] = ("", "")) -> tuple[bytes, str]:
    """The features as of `features.render_features`, and the box of all, "" where there is none.

    rows: geometries easting first, in the CRS that `form.axes` names; attributes those of the form, in its order.
    """
    tag, (before, after) = f"{PREFIX}:{form.layer.id}", around
    boxes, shapes, whole = write_shapes(rows, form, f"</{tag}>{after}")
    data, ends = join(rows.records)
    fields = [*form.fields, *form.standard_fields]
    tags = [make_tags(each) for each in form.fields]
    tags += [form.dialect.standard_properties[each.name] for each in form.standard_fields]
    start = f'{before}<{tag} {form.dialect.feature_id}="{form.layer.id}.'
    written = loops.write_rows(
        to_integers(rows.ids),
        data,
        np.concatenate([[0], ends[:-1]]) if len(ends) else ends,
        to_integers(KINDS[each.type] for each in form.fields),
        find_places(fields, form.standard_fields),
        *mark([start, '">', *(tag for pair in tags for tag in pair)]),
        *boxes,
        *shapes,
    )
    return written.tobytes(), whole


def write_shapes(rows: SentRows, form: GmlForm, end: str) -> tuple[Texts, Texts, str]:
    """The box of each feature, its geometry property and its end, nothing where there is none; and the box of all."""
    nothing = [b""] * len(rows)
    if not form.with_geometry:
        return join(nothing), join([end.encode()] * len(rows)), ""
    found = write_plain_shapes(rows, form, end) if form.layer.geometry in PLAIN_KINDS else None
    return write_any_shapes(rows, form, end) if found is None else found


def write_plain_shapes(rows: SentRows, form: GmlForm, end: str) -> tuple[Texts, Texts, str] | None:
    """The same of points and lines as most are; None where one is not, as of `loops.read_plain`."""
    axes, markup, kind = form.axes, form.dialect.markup, form.layer.geometry
    data, ends = join([shape or b"" for shape in rows.shapes])
    steps, lasts, box = loops.read_plain(data, ends, PLAIN_KINDS[kind], axes.decimals)
    if len(data) and not len(steps):
        return None
    form_of_numbers = axes.decimals, int(axes.swap_axes), ord(markup.between_axes)
    low, between, high = markup.corners
    envelope, srs_name = f"gml:{markup.envelope}", f' srsName="{axes.srs_name}"'
    boxes = loops.write_boxes(
        steps, lasts, *form_of_numbers,
        *mark([f"<gml:boundedBy><{envelope}{srs_name}>{low}", between, f"{high}</{envelope}></gml:boundedBy>"]),
    )  # fmt: skip
    first, last = (
        (markup.position, markup.position_end) if kind == "Point" else (markup.positions, markup.positions_end)
    )
    tag = f"{PREFIX}:{GEOMETRY_NAME}"
    start, named = f"<{tag}><gml:{kind}", f"{srs_name}>{first}"
    if markup.has_ids:
        start, named = f'{start} gml:id="{form.layer.id}.', f'.{GEOMETRY_NAME}"{srs_name} srsDimension="2">{first}'
    shapes = loops.write_shapes(
        to_integers(rows.ids), steps, lasts, *form_of_numbers, int(markup.has_ids),
        *mark([start, named, f"{last}</gml:{kind}></{tag}>", end]),
    )  # fmt: skip
    whole = render_bounds(box[None, :], axes, form.dialect)[0] if len(steps) else ""
    return boxes, shapes, whole


def write_any_shapes(rows: SentRows, form: GmlForm, end: str) -> tuple[Texts, Texts, str]:
    """The same of geometries of any kind."""
    shapes = read_shapes(rows.shapes)
    boxes, whole = render_boxes_and_whole(shapes, form.axes, form.dialect)
    tag = f"{PREFIX}:{GEOMETRY_NAME}"
    texts = render_geometry_values(shapes, rows.ids, form)
    return (
        join([f"<gml:boundedBy>{box}</gml:boundedBy>".encode() if box else b"" for box in boxes]),
        join([(f"<{tag}>{text}</{tag}>{end}" if text else end).encode() for text in texts]),
        whole,
    )


def find_places(fields: Sequence[Field], wanted: Iterable[Field]) -> Integers:
    """Where fields are among others."""
    names = [each.name for each in fields]
    return to_integers(names.index(each.name) for each in wanted)


def mark(texts: Sequence[str]) -> Texts:
    """Texts behind one another, and where each begins, and the end."""
    data, ends = join([text.encode() for text in texts])
    return data, np.concatenate([[0], ends])


def join(texts: Sequence[bytes]) -> Texts:
    """Texts behind one another, and where each ends."""
    return np.frombuffer(bytearray().join(texts), np.uint8), np.cumsum(to_integers(map(len, texts)))


def to_integers(numbers: Iterable[int]) -> Integers:
    """Whole numbers as an array."""
    return np.fromiter(numbers, np.int64)
