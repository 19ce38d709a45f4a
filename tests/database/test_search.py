"""Text found whatever its capitals and accents, in the database: what is folded, what is found, and by which index."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from gis_infra.accounts.actor import SYSTEM
from gis_infra.features.query import FeatureQuery
from gis_infra.features.reading import read_page
from gis_infra.filters.cql2 import parse_text
from gis_infra.filters.to_sql import Scope, to_sql
from tests.builders import insert_many

STREETS = ("Nguyễn Huệ", unicodedata.normalize("NFD", "Nguyễn Huệ"), "NGUYEN HUE", "Nguyễn Hữu Cảnh", "Đồng Khởi", None)


def find_folded(connection, name, value):
    return connection.execute(select(getattr(func.gis, name)(value))).scalar_one()


@pytest.mark.parametrize(
    ("value", "folded"),
    [
        ("Nguyễn Huệ", "nguyen hue"),
        (unicodedata.normalize("NFD", "Nguyễn Huệ"), "nguyen hue"),
        ("ĐƯỜNG Điện Biên Phủ", "duong dien bien phu"),
        ("ỷ ỹ ữ ờ ẵ ặ ẫ ậ", "y y u o a a a a"),
        ("Čapek, São, Ångström", "capek, sao, angstrom"),
        ("Straße", "strasse"),
        ("ΟΔΟΣ ὁδός", "οδοσ οδοσ"),
        ("Москва́ Й", "москва и"),
        ("ọ̀", "o"),
        ("WP-001", "wp-001"),
        ("", ""),
        ("日本", "日本"),
        (None, None),
    ],
)
def test_capitals_and_accents_fold_away(connection, value, folded):
    assert find_folded(connection, "fold_text", value) == folded


def test_accents_alone_leave_capitals_and_capitals_alone_leave_accents(connection):
    assert find_folded(connection, "fold_accents", "Đường Huệ") == "Duong Hue"
    assert find_folded(connection, "fold_case", "ĐƯỜNG HUỆ") == "đường huệ"


LETTERS = st.text(st.characters(max_codepoint=0x1EFF, exclude_categories=("Cs", "Cc")), max_size=12)


def fold(value):
    """Slow and by the book: taken apart, marks left out, full case folding."""
    parts = unicodedata.normalize("NFD", value).replace("đ", "d").replace("Đ", "D")
    plain = "".join(each for each in parts if not "\u0300" <= each <= "\u036f")
    return unicodedata.normalize("NFC", plain).casefold()


@given(LETTERS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_texts_fold_together_that_unicode_folds_together(connection, value):
    """Whoever differs only in capitals or marks comes out the same; the folded form folds to itself."""
    folded = find_folded(connection, "fold_text", value)
    assert folded == find_folded(connection, "fold_text", unicodedata.normalize("NFD", value))
    assert folded == find_folded(connection, "fold_text", folded)
    if "ı" not in value.lower():  # the dotless i of Turkish, whose capital is I, has a folding of its own
        assert fold(folded) == fold(value)
        assert folded == find_folded(connection, "fold_text", fold(value))


@pytest.fixture
def find(connection, tables, catalogue):
    insert_many(
        connection,
        tables,
        "water_pipe",
        [{"asset_code": f"P{number}", "street": street} for number, street in enumerate(STREETS)],
    )

    def codes(filter_text):
        query = FeatureQuery(catalogue.get_layer("water_pipe"), SYSTEM, filter=parse_text(filter_text), limit=1000)
        return [int(each.properties["asset_code"][1:]) for each in read_page(connection, tables, query).features]

    return codes


@pytest.mark.parametrize(
    ("filter_text", "found"),
    [
        ("ACCENTI(CASEI(street)) = ACCENTI(CASEI('Nguyen Hue'))", [0, 1, 2]),
        ("CASEI(ACCENTI(street)) = ACCENTI(CASEI('nguyễn huệ'))", [0, 1, 2]),
        ("ACCENTI(CASEI(street)) LIKE ACCENTI(CASEI('%Nguyen hu%'))", [0, 1, 2, 3]),
        ("ACCENTI(CASEI(street)) LIKE ACCENTI(CASEI('dong kh_i'))", [4]),
        ("ACCENTI(CASEI(street)) IN (ACCENTI(CASEI('DONG KHOI')), ACCENTI(CASEI('x')))", [4]),
        ("NOT ACCENTI(CASEI(street)) LIKE ACCENTI(CASEI('nguyen%'))", [4]),
        ("CASEI(street) = CASEI('NGUYỄN HUỆ')", [0]),
        ("CASEI(street) LIKE CASEI('ĐỒNG%')", [4]),
        ("ACCENTI(street) = ACCENTI('Nguyen Hue')", [0, 1]),
        ("ACCENTI(street) LIKE ACCENTI('Đông%')", [4]),
        ("street = 'Nguyễn Huệ'", [0]),
        ("ACCENTI(CASEI(street)) IS NULL", [5]),
    ],
)
def test_a_street_is_found_whatever_its_capitals_and_accents(find, filter_text, found):
    assert find(filter_text) == found


@pytest.mark.parametrize(
    "filter_text",
    [
        "ACCENTI(CASEI(street)) = ACCENTI(CASEI('Nguyen Hue'))",
        "ACCENTI(CASEI(street)) LIKE ACCENTI(CASEI('%Nguyễn Huệ%'))",
        "ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%Dien Bien%'))",
        "ACCENTI(CASEI(asset_code)) LIKE ACCENTI(CASEI('%wp-0042%'))",
    ],
)
def test_search_goes_by_the_index(connection, tables, catalogue, filter_text):
    layer = catalogue.get_layer("water_pipe")
    table = tables.get(layer.id)
    condition = to_sql(parse_text(filter_text), Scope(layer, table, tables.srid))
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = explain(connection, select(table.c.id).where(condition))
    assert "water_pipe_search_idx" in plan and "Index Cond" in plan


def explain(connection, statement):
    """How the database would go about a statement."""
    compiled = statement.compile(connection, compile_kwargs={"render_postcompile": True})
    result = connection.exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
    return "\n".join(result.scalars())


def test_every_layer_is_searched_by_name_and_code(catalogue):
    for layer in catalogue.layers.values():
        searched = {field.name for field in layer.fields if field.search}
        assert {"asset_code", "name"} <= searched
        assert {field.name for field in layer.fields} & {"street", "address"} <= searched


def test_no_search_path_can_put_another_function_in_the_place_of_ours(connection):
    connection.execute(text("CREATE SCHEMA evil"))
    connection.execute(
        text("CREATE FUNCTION evil.translate(text, text, text) RETURNS text LANGUAGE sql RETURN CAST('evil' AS text)")
    )
    connection.execute(text("SET LOCAL search_path = evil, pg_catalog"))
    assert find_folded(connection, "fold_text", "Huệ") == "hue"
