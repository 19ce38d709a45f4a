"""Export, then import: the same features, to the millimetre and to the letter, in every kind of file an import reads.

The features are drawn at random, put into the layer, written to a file, taken away, and brought back by an import that
is told nothing but the layer.
"""

import string
import unicodedata
from datetime import date

import pytest
import shapely
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from sqlalchemy import delete, func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.features.query import FeatureQuery
from gis_infra.storage.transactions import reading, writing
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.exporting.exporting import export_file
from gis_infra.transfer.exporting.formats import choose_srid, get_format
from gis_infra.transfer.exporting.request import ExportRequest
from gis_infra.transfer.importing import import_file
from gis_infra.transfer.request import ImportRequest
from gis_infra.transfer.tables import IMPORT_BATCH
from tests.builders import insert_many

LAYERS = ("fire_hydrant", "sewer_pipe", "building", "public_camera")
FORMATS = ("gpkg", "shp", "geojson", "fgb", "csv")
# Fields that other fields set bounds to; what those are is tested with the checks of layers.
BOUND = {"decommissioned_on", "planned_from", "planned_to", "sensitivity"}
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
OTHERS = string.digits + " .,;:'\"/\\()[]{}<>&%#@!?*+-=_|~^`$\t\n’–“”½²ØØ°℃中"
X, Y = 603000.0, 1191000.0
MILLIMETRE = 0.001
PHASES = (Phase.explicit, Phase.generate)  # one example is as good as another: shrinking would take minutes


def texts(longest):
    """Text as an import keeps it: composed, and without blanks around it."""
    letters = st.sampled_from(LETTERS + LETTERS.upper() + OTHERS)
    drawn = st.text(letters, min_size=1, max_size=longest)
    return drawn.map(lambda text: unicodedata.normalize("NFC", text.strip())).filter(bool)


def values(field, longest):
    """Anything the field may hold, or nothing. longest: letters of text."""
    strategies = {
        "text": lambda: texts(min(field.max_length or longest, longest)),
        "code": lambda: st.sampled_from(sorted(field.codes)),
        "integer": lambda: st.integers(int(field.minimum or 0), int(field.maximum or 10**6)),
        "number": lambda: st.floats(field.minimum or 0, min(field.maximum or 1e6, 1e6)).map(lambda x: round(x, 6)),
        "boolean": st.booleans,
        "date": lambda: st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    }
    return st.none() | strategies[field.type]()


def coordinates(near=0.0):
    """Eastings or northings from a corner of the city, in metres, any number of digits."""
    return st.floats(near, near + 900).map(lambda metres: round(metres, 4))


@st.composite
def shapes(draw, kind):
    """A valid shape of the kind, with heights or without."""
    x, y = X + draw(coordinates()), Y + draw(coordinates())
    steps = draw(st.lists(st.tuples(st.floats(1, 50), st.floats(-40, 40)), min_size=2, max_size=6))
    shape = {
        "Point": lambda: Point(x, y),
        "LineString": lambda: LineString([(x + 50 * n + dx, y + dy) for n, (dx, dy) in enumerate(steps)]),
        "MultiPolygon": lambda: MultiPolygon([make_area(x + 100 * n, y, *each) for n, each in enumerate(steps[:3])]),
    }[kind]()
    if kind == "MultiPolygon" or draw(st.booleans()):
        return shape
    height = draw(st.floats(0.5, 800).map(lambda metres: round(metres, 3)))
    return shapely.force_3d(shape, height)


def make_area(x, y, width, slope):
    """A quadrilateral with a hole."""
    outer = [(x, y), (x + width, y + slope / 100), (x + width, y + 30), (x, y + 31)]
    middle = Point(x + width / 2, y + 15)
    return Polygon(outer, [list(middle.buffer(min(width, 10) / 4, quad_segs=1).exterior.coords)])


@st.composite
def features(draw, layer, longest_text):
    """A few rows of a layer, each with an asset code of its own. longest_text: bytes, None for any."""
    longest = longest_text // 3 if longest_text else 400
    fields = [
        each
        for each in layer.fields
        if not (each.system or each.pattern or each.required or each.name in BOUND or each.name.endswith("level_m"))
    ]
    kept = st.dictionaries(texts(12), st.integers(-(10**9), 10**9) | texts(60) | st.booleans(), min_size=1, max_size=3)
    rows = []
    for number in range(draw(st.integers(1, 5))):
        row = {each.name: draw(values(each, longest)) for each in draw(st.lists(st.sampled_from(fields), max_size=12))}
        row["asset_code"] = f"TS-{number}-đ"
        row["source_attributes"] = draw(st.none() | kept)
        row["_shape"] = draw(shapes(layer.geometry))
        rows.append(row)
    return rows


class Scene:
    """The database, the layers and a folder, in one thing that a failing test can show in a line."""

    def __init__(self, engine, catalogue, tables, settings, folder):
        self.engine, self.catalogue, self.tables, self.folder = engine, catalogue, tables, folder
        self.city = City(settings.city_srid, settings.city_extent)

    def empty(self):
        with writing(self.engine) as connection:
            for layer_id in (*LAYERS, "water_pipe"):
                connection.execute(delete(self.tables.get(layer_id)))
            connection.execute(delete(IMPORT_BATCH))

    def put(self, layer, rows):
        """Put rows into the emptied layer."""
        self.empty()
        with writing(self.engine) as connection:
            insert_many(connection, self.tables, layer.id, [to_insert(row) for row in rows])

    def read(self, layer):
        """What the layer holds, by asset code: its values that are there, and its shape."""
        table = self.tables.get(layer.id)
        names = [each.name for each in layer.fields if not each.system]
        columns = [table.c[name] for name in (*names, "source_attributes")]
        query = select(*columns, func.st_asewkb(table.c.geom).label("_shape"))
        with reading(self.engine) as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        found = {
            row["asset_code"]: drop_none({**row, "_shape": shapely.from_wkb(bytes(row["_shape"]))}) for row in rows
        }
        assert len(found) == len(rows)
        return found

    def export(self, layer, form, srid=None, **more):
        path = self.folder / f"{layer.id}{form.suffix}"
        query = FeatureQuery(layer, SYSTEM, srid=choose_srid(form, srid, self.tables.srid), limit=2**62)
        return export_file(self.engine, self.tables, ExportRequest(query, path, form, overwrite=True, **more))

    def bring_back(self, layer, path):
        """Import the file into the emptied layer, all rows or none."""
        self.empty()
        request = ImportRequest(path, layer, self.tables.get(layer.id), self.city, whole=True)
        return import_file(self.engine, request, SYSTEM)


def to_insert(row):
    """A row as the builder takes it."""
    wkt = shapely.to_wkt(row["_shape"], rounding_precision=9, output_dimension=3)
    return drop_none({**row, "wkt": wkt, "_shape": None})


def drop_none(row):
    return {name: value for name, value in row.items() if value is not None}


@pytest.fixture
def scene(engine, catalogue, tables, settings, tmp_path):
    made = Scene(engine, catalogue, tables, settings, tmp_path)
    yield made
    made.empty()


def compare(before, after, losses=()):
    """Return if both hold the same rows, shapes to the millimetre; where a ring begins does not count."""
    assert set(before) == set(after)
    for code, was in before.items():
        now = dict(after[code])
        shape, expected = now.pop("_shape"), {name: value for name, value in was.items() if name not in losses}
        require_same(shape, expected.pop("_shape"))
        assert now == expected


def require_same(now, was):
    """Return if two shapes have the same parts and vertices, none more than a millimetre from where it was."""
    assert (now.geom_type, now.has_z) == (was.geom_type, was.has_z)
    if was.geom_type == "MultiPolygon":
        assert [len(each.interiors) for each in now.geoms] == [len(each.interiors) for each in was.geoms]
        assert shapely.get_num_coordinates(now) == shapely.get_num_coordinates(was)
        assert shapely.hausdorff_distance(now.boundary, was.boundary) < MILLIMETRE
        return
    assert shapely.equals_exact(now, was, MILLIMETRE)
    heights = [shapely.get_coordinates(shape, include_z=True)[:, 2] for shape in (now, was)]
    assert heights[0] == pytest.approx(heights[1], abs=MILLIMETRE, nan_ok=True)


@pytest.mark.parametrize("layer_id", LAYERS)
@pytest.mark.parametrize("name", FORMATS)
@given(data=st.data())
@hypothesis_settings(max_examples=5, deadline=None, phases=PHASES, suppress_health_check=list(HealthCheck))
def test_what_is_exported_is_imported_as_it_was(scene, name, layer_id, data):
    layer, form = scene.catalogue.get_layer(layer_id), get_format(name)
    scene.put(layer, data.draw(features(layer, form.longest_text)))
    before = scene.read(layer)
    report = scene.export(layer, form)
    assert report.features == len(before)
    scene.bring_back(layer, report.path)
    # A shapefile has no place for what the source had besides, and says so.
    losses = ("source_attributes",) if form.longest_text else ()
    compare(before, scene.read(layer), losses)
    assert any("source" in note for note in report.notes) == any(
        "source_attributes" in row for row in before.values() if losses
    )


AWKWARD = (
    "2020/01/01", "2020-01-02T03:04:05Z", "007", "1e5", "NULL", "n/a", "-", "=1+1", "'=1", "true", "1,234", "NaN",
    "\\N", '{"a": 1}', "[1]", "POINT (1 2)", "EPSG:9210", "a\r\nb", "\ufeffx", "<b>&amp;</b>", "%d %s", "Ủy ban quận 1",
)  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_text_that_looks_like_something_else_stays_text(scene, name):
    layer, form = scene.catalogue.get_layer("water_pipe"), get_format(name)
    line = LineString([(X, Y), (X + 10, Y)])
    alike = [{"asset_code": f"T{n}", "remarks": text, "_shape": line} for n, text in enumerate(AWKWARD)]
    # A column all of one kind is what makes a reader guess.
    dates = [{**row, "name": "2020/01/01", "street": "20200101", "zone": "12:30"} for row in alike]
    scene.put(layer, dates)
    before = scene.read(layer)
    scene.bring_back(layer, scene.export(layer, form).path)
    compare(before, scene.read(layer))


@pytest.mark.parametrize("name", FORMATS)
def test_features_brought_back_twice_change_nothing(scene, name):
    layer, form = scene.catalogue.get_layer("water_pipe"), get_format(name)
    line = LineString([(X, Y), (X + 10, Y)])
    scene.put(layer, [{"asset_code": f"T{n}", "owner": "SAWACO", "cover_m": n / 3, "_shape": line} for n in range(3)])
    path = scene.export(layer, form).path
    scene.bring_back(layer, path)
    request = ImportRequest(path, layer, scene.tables.get(layer.id), scene.city, whole=True)
    again = import_file(scene.engine, request, SYSTEM)
    assert (again.unchanged, again.updated, again.inserted) == (3, 0, 0)
