"""Reasons in Vietnamese: whatever the importer says of a row, the report can say to a surveyor."""

from dataclasses import replace
from datetime import date, datetime

import pyarrow as pa
import pytest
import shapely
from shapely import LineString, MultiPoint, Point, Polygon

from gis_infra.catalogue.definitions import Field, Title
from gis_infra.features.shapes.preparing import Frame, prepare
from gis_infra.features.validation import find_faults
from gis_infra.spatial.crs import get_transformer
from gis_infra.transfer.cleaning.values import convert
from gis_infra.transfer.loading import key_check
from gis_infra.transfer.mapping.columns import MappedColumn
from gis_infra.transfer.reporting.tally import split_reason
from gis_infra.transfer.reporting.vietnamese import translate
from gis_infra.transfer.text.encodings import get_encoding
from gis_infra.transfer.text.reading import read_column

TITLE = Title("x", "x")
BOWTIE = Polygon([(603000, 1191000), (603010, 1191010), (603010, 1191000), (603000, 1191010)])
THORN = Polygon([(603000, 1191000), (603010, 1191000), (603010, 1191010), (603010, 1191000), (603000, 1191010)])


def require_known(reasons):
    """Fail for reasons that are not there or have no Vietnamese; those of a batch come joined by ";"."""
    assert reasons
    alike = [split_reason(reason)[0] for reason in reasons]
    assert [each for each in alike if translate(each) is None] == []


@pytest.mark.parametrize(
    ("value", "kind", "unit"),
    [
        ("đẹp", "code", None),
        ("abc", "number", None),
        ("abc", "number", "mm"),
        ("5 parsec", "number", "mm"),
        ("5 parsec", "number", None),
        ("5 bar", "number", "mm"),
        (float("inf"), "number", None),
        ("1e999", "number", None),
        (1.5, "integer", None),
        ("7/8 inch", "integer", "mm"),
        (2.0**60, "integer", None),
        ("99999999999999999999", "integer", None),
        ("maybe", "boolean", None),
        ("yesterday", "date", None),
        ("31/02/2020", "date", None),
        ("01/01/1000", "date", None),
        ("03/04/2020", "date", None),
        ("03/04/20", "date", None),
        (datetime(2020, 1, 1, 7), "date", None),
    ],
)
def test_reasons_of_values_are_known(value, kind, unit):
    field = Field("x", kind, TITLE, unit=unit, codes={"a": TITLE} if kind == "code" else {})
    order = "unsure" if value == "03/04/2020" else "dmy"
    converted = convert(pa.array([value]), MappedColumn("X", field, "", date_order=order))
    require_known([*converted.faults.values(), *converted.warnings.values()])


def test_reasons_of_the_layer_are_known(catalogue):
    fields = (
        Field("a", "number", TITLE, minimum=1, unit="m"),
        Field("b", "number", TITLE, maximum=1),
        Field("c", "text", TITLE, max_length=1, pattern="^x"),
        Field("d", "code", TITLE, codes={"a": TITLE}),
        Field("e", "text", TITLE, required=True),
    )
    layer = replace(catalogue.get_layer("water_pipe"), fields=fields, checks=())
    columns = {"a": pa.array([0.0]), "b": pa.array([2.0]), "c": pa.array(["ab\0"]), "d": pa.array(["z"])}
    found = find_faults(layer, columns, 1, date(2026, 1, 1))
    assert {finding.field for finding in found} == set("abcde")
    require_known([reason for finding in found for reason in finding.faults.values()])


@pytest.mark.parametrize(
    ("shape", "wanted", "srid"),
    [
        (None, "Point", 9210),
        (Point(), "Point", 9210),
        (b"no shape", "Point", 9210),
        (Point(float("nan"), 1), "Point", 9210),
        (Point(0, 0), "Point", 9210),
        (Point(106.7, 91), "Point", 4326),
        (MultiPoint([(603000, 1191000), (603001, 1191000)]), "Point", 9210),
        (LineString([(603000, 1191000), (603001, 1191000)]), "Point", 9210),
        (LineString([(603000, 1191000), (603000, 1191000)]), "LineString", 9210),
        (LineString([(603000, 1191000, 5), (603001, 1191000, -9999)]), "LineString", 9210),
        (Polygon([(603000, 1191000), (603001, 1191000), (603002, 1191000)]), "Polygon", 9210),
        (BOWTIE, "Polygon", 9210),
        (THORN, "Polygon", 9210),
    ],
)
def test_reasons_of_shapes_are_known(shape, wanted, srid):
    wkb = shape if shape is None or isinstance(shape, bytes) else shapely.to_wkb(shape)
    transformer = get_transformer(srid, 9210) if srid != 9210 else None
    check = prepare(pa.array([wkb], pa.binary()), Frame(wanted, 9210, transformer, (500000, 1100000, 800000, 1300000)))
    require_known([*check.faults.values(), *check.warnings.values()])


@pytest.mark.parametrize(("surface", "encoding"), [("\xff\xfe", "UTF-8"), ("\x81\x8d", "CP1252")])
def test_reasons_of_text_are_known(surface, encoding):
    text = read_column(pa.array([surface]), get_encoding(encoding))
    require_known([*text.faults.values(), *text.warnings.values()])


def test_reasons_of_keys_are_known():
    require_known([key_check.tell("A", 7), key_check.tell("A", key_check.IN_LAYER)])
