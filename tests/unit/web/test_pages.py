"""What the pages show, without a server: numbers and days, the filter form there and back, documents told to people."""

from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import Field, Title
from gis_infra.errors import InvalidParameter
from gis_infra.features.query import SortKey
from gis_infra.filters import cql2
from gis_infra.web.ogcapi.pages import addresses, conditions, documents, filtering, formatting, narrowing, table
from gis_infra.web.ogcapi.pages.filtering import OPERATORS, WITHOUT_VALUE, Row
from gis_infra.web.ogcapi.words import get_words

NUMBER = Field("width_m", "number", Title("Rộng", "Width"), unit="m")
YEAR = Field("year", "integer", Title("Năm", "Year"))
NAME = Field("name", "text", Title("Tên", "Name"))
STATUS = Field("status", "code", Title("Tình trạng", "Status"), codes={"ok": Title("Tốt", "Good")})


def write_slowly(value, language):
    """A number as people write it, one digit after the other."""
    rounded = Decimal(repr(value)).quantize(Decimal("0.001"), ROUND_HALF_EVEN)
    whole, _, part = f"{abs(rounded):f}".partition(".")
    groups = []
    while whole:
        groups.insert(0, whole[-3:])
        whole = whole[:-3]
    thousands, point = (".", ",") if language == "vi" else (",", ".")
    part = part.rstrip("0")
    text = thousands.join(groups) + (point + part if part else "")
    return f"-{text}" if value < 0 and text != "0" else text


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9)), st.sampled_from(["vi", "en"]))
def test_numbers_are_grouped_as_the_language_has_it(value, language):
    # A half is rounded by what the binary number is, so the oracle starts from all of its digits.
    exact = Decimal(value)
    rounded = exact.quantize(Decimal("0.001"), ROUND_HALF_EVEN)
    assert formatting.format_number(value, language) == write_slowly(
        int(value) if isinstance(value, int) else float(rounded), language
    )


@pytest.mark.parametrize(
    ("field", "value", "language", "text"),
    [
        (NUMBER, 1250.5, "vi", "1.250,5\u00a0m"),
        (NUMBER, 1250.5, "en", "1,250.5\u00a0m"),
        (NUMBER, 0, "vi", "0\u00a0m"),
        (YEAR, 2019, "vi", "2019"),
        (STATUS, "ok", "vi", "Tốt"),
        (STATUS, "gone", "en", "gone"),
        (NAME, "", "vi", ""),
        (NAME, None, "vi", ""),
        (NAME, True, "vi", "Có"),
        (NAME, date(2012, 5, 20), "vi", "20/05/2012"),
        (NAME, date(2012, 5, 20), "en", "20 May 2012"),
        (NAME, datetime(2026, 3, 1, 20, 5, tzinfo=UTC), "vi", "02/03/2026 03:05"),
    ],
)
def test_a_value_is_shown_as_people_of_the_language_write_it(field, value, language, text):
    assert formatting.show(field, value, language).text == text


def test_a_long_text_is_cut_in_a_table_and_whole_on_its_own_page():
    text = "Đường " * 50
    cell, whole = formatting.show_in_table(NAME, text, "vi"), formatting.show(NAME, text, "vi")
    assert len(cell.text) <= formatting.CUT and cell.is_cut and cell.text.endswith("…")
    assert whole.text == text and not whole.is_cut


def test_no_page_holds_more_of_a_text_than_can_be_read():
    assert len(formatting.show(NAME, "x" * 10**6, "vi").text) == formatting.MOST_TEXT


def test_the_last_day_of_the_calendar_can_be_shown():
    assert formatting.format_moment(datetime.max.replace(tzinfo=UTC), "vi") == "31/12/9999 23:59"


# The filter form.


@pytest.fixture(scope="module")
def pipe(catalogue):
    return catalogue.get_layer("water_pipe")


LETTERS = "aB z09'\"%_\\\\*?.,;:()<>&=+-đĐệỆơ\u0301😀"


def make_value(chance, field):
    """A value that a reader may give for a field."""
    day = date(1700, 1, 1) + timedelta(days=chance.randrange(255_000))
    number = chance.choice([chance.uniform(-1e6, 1e6), float(chance.randrange(-1000, 1000))])
    return {
        "text": "".join(chance.choices(LETTERS, k=chance.randrange(1, 30))).strip() or "x",
        "code": chance.choice(sorted(field.codes) or ["x"]),
        "integer": str(chance.randrange(-(10**9), 10**9)),
        "number": repr(number) if number % 1 else str(int(number)),
        "boolean": chance.choice(["true", "false"]),
        "date": day.isoformat(),
        "timestamp": day.isoformat(),
    }[field.type]


def make_rows(chance, layer):
    """Rows of the form, at most one a property."""
    rows = []
    for field in chance.sample(layer.fields, chance.randrange(5)):
        operator = chance.choice(OPERATORS[field.type])
        value = "" if operator in WITHOUT_VALUE else make_value(chance, field)
        ends = chance.choice(["first", "last", "both"]) if operator == "between" else "first"
        to = make_value(chance, field) if ends != "first" else ""
        rows.append(Row(field.name, operator, "" if ends == "last" else value, to))
    return tuple(rows)


@pytest.mark.parametrize("seed", range(100))
def test_what_the_form_writes_it_can_show_again(catalogue, seed):
    layer = catalogue.get_layer("fire_hydrant")
    rows = make_rows(Random(seed), layer)
    text = filtering.to_text(rows, layer)
    if not rows:
        assert text == ""
        return
    shown = conditions.find_rows(cql2.parse_text(text), layer)
    assert shown is not None and sorted(shown, key=str) == sorted(rows, key=str)
    for language in ("vi", "en"):
        assert all(conditions.to_sentence(row, layer, get_words(language), language) for row in shown)


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (Row("material", "equals", "hdpe"), "material = 'hdpe'"),
        (Row("nominal_diameter_mm", "between", "100", "300"), "nominal_diameter_mm BETWEEN 100 AND 300"),
        (Row("nominal_diameter_mm", "between", "", "300"), "nominal_diameter_mm <= 300"),
        (Row("outer_diameter_mm", "above", "12,5"), "outer_diameter_mm > 12.5"),
        (Row("street", "contains", "50%_\\'"), r"CASEI(ACCENTI(street)) LIKE CASEI(ACCENTI('%50\\%\\_\\\\''%'))"),
        (Row("installed_on", "below", "2012-05-20"), "installed_on < DATE('2012-05-20')"),
        (Row("updated_at", "between", "2026-11-23", ""), "updated_at >= TIMESTAMP('2026-11-22T17:00:00Z')"),
        (Row("updated_at", "between", "", "2026-11-23"), "updated_at < TIMESTAMP('2026-11-23T17:00:00Z')"),
        (Row("owner", "empty"), "owner IS NULL"),
        (Row("owner", "filled"), "owner IS NOT NULL"),
    ],
)
def test_a_row_is_written_as_cql2(pipe, row, text):
    assert filtering.to_text([row], pipe) == text


def test_a_condition_by_hand_holds_beside_the_rows(pipe):
    text = filtering.to_text([Row("owner", "equals", "Sawaco")], pipe, "a = 1 OR b = 2")
    assert text == "owner = 'Sawaco' AND (a = 1 OR b = 2)"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (Row("nominal_diameter_mm", "equals", "wide"), "nominal_diameter_mm is compared with a number, got 'wide'"),
        (Row("nominal_diameter_mm", "equals", "nan"), "compared with a number"),
        (Row("nominal_diameter_mm", "equals", "1e999"), "compared with a number"),
        (Row("installed_on", "equals", "yesterday"), "a day such as 2026-11-23, got 'yesterday'"),
        (Row("updated_at", "between", "", "9999-12-31"), "there is no day after 9999-12-31"),
        (Row("material", "equals", "gold"), "material has no value 'gold'; it has ductile_iron"),
        (Row("street", "contains", "x" * 201), "at most 200 characters, got 201"),
    ],
)
def test_a_value_of_another_type_is_refused_by_name(pipe, row, words):
    with pytest.raises(InvalidParameter) as refusal:
        filtering.to_text([row], pipe)
    assert words in refusal.value.message


def test_an_operator_that_a_property_has_not_is_refused(pipe):
    with pytest.raises(
        InvalidParameter, match=r"o\.material must be one of equals, differs, empty, filled, got 'like'"
    ):
        filtering.read_rows({"o.material": "like", "v.material": "hdpe"}, pipe)


def test_an_empty_form_asks_nothing(pipe):
    sent = {f"o.{field.name}": OPERATORS[field.type][0] for field in pipe.fields}
    assert filtering.read_rows({**sent, "v.street": "  "}, pipe) == ()


@pytest.mark.parametrize(
    "text",
    [
        "material = 'hdpe' OR material = 'upvc'",
        "nominal_diameter_mm > 100 AND nominal_diameter_mm > 200",
        "street LIKE '%x%'",
        "CASEI(ACCENTI(street)) LIKE CASEI(ACCENTI('a%b'))",
        "S_INTERSECTS(geom, POINT(106 10))",
        "nominal_diameter_mm + 1 = 2",
        "NOT (material = 'hdpe')",
        "updated_at >= TIMESTAMP('2026-11-22T17:00:01Z')",
        "nonsense = 1",
        "street = name",
    ],
)
def test_what_the_form_has_no_rows_for_stays_as_it_was_written(pipe, text):
    asked = narrowing.Asked("/items", {"filter": text}, "vi", cql2.parse_text(text))
    assert conditions.find_rows(asked.filter, pipe) is None
    assert narrowing.find_expert(asked, pipe) == text
    assert [chip.text for chip in narrowing.make_chips(asked, pipe, get_words("vi"))] == [text]


@pytest.mark.parametrize(
    ("row", "language", "sentence"),
    [
        (Row("cover_m", "between", "1", "1300"), "vi", "Độ sâu đến đỉnh từ 1\u00a0m đến 1.300\u00a0m"),
        (Row("material", "differs", "hdpe"), "en", "Material is not HDPE"),
        (Row("installed_on", "below", "2012-05-20"), "vi", "Ngày lắp đặt trước 20/05/2012"),
        (Row("street", "contains", "hue"), "en", "Street contains “hue”"),
        (Row("owner", "empty"), "vi", "Chủ sở hữu còn trống"),
        (Row("pressure_bar", "above", "many"), "en", "Pressure class more than many bar"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_a_sentence(pipe, row, language, sentence):
    assert conditions.to_sentence(row, pipe, get_words(language), language) == sentence


def test_dropping_a_condition_keeps_the_others_and_begins_anew(pipe):
    text = "material = 'hdpe' AND owner = 'Sawaco'"
    given = {"filter": text, "bbox": "1,2,3,4", "cursor": "x", "sortby": "owner"}
    asked = narrowing.Asked("/items", given, "vi", cql2.parse_text(text))
    chips = narrowing.make_chips(asked, pipe, get_words("vi"))
    assert [chip.text for chip in chips] == [
        "Vật liệu là HDPE",
        "Chủ sở hữu là “Sawaco”",
        "trong khu vực 1 · 2 · 3 · 4",
    ]
    assert chips[0].href == "?bbox=1,2,3,4&sortby=owner&filter=owner%20%3D%20%27Sawaco%27"
    assert "cursor" not in chips[2].href and "bbox" not in chips[2].href


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "", "1,2,3,4,5,6"])
def test_a_box_of_another_kind_is_not_put_into_four_fields(text):
    asked = narrowing.Asked("/items", {"bbox": text}, "vi")
    assert len(narrowing.find_corners(asked)) == (4 if text == "a,b,c,d" else 0)
    assert narrowing.format_box(text, "vi") is not None


# Columns and addresses.


@pytest.mark.parametrize(
    ("sort", "order", "turned"),
    [
        ((), "none", "name"),
        ((SortKey("name"),), "ascending", "-name"),
        ((SortKey("name", descending=True),), "descending", "name"),
        ((SortKey("year"), SortKey("name")), "none", "name"),
    ],
)
def test_a_head_sorts_and_turns_the_order(sort, order, turned):
    head = table.make_header(NAME, sort, {"offset": "20", "limit": "5"}, "vi")
    assert (head.order, head.href) == (order, f"?limit=5&sortby={turned}")


def test_an_address_keeps_what_is_not_changed():
    assert addresses.change({"a": "1", "b": "ư&", "c": "3"}, {"a": None, "c": "4"}) == "?b=%C6%B0%26&c=4"


# Documents of programs.


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter", ("OGC API - Features, 3", "filter")),
        ("http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2", ("CQL2", "basic-cql2")),
        ("http://www.opengis.net/spec/unheard-of/1.0/conf/core", ("unheard-of", "core")),
        ("urn:x", ("x", "x")),
        ("http://example.vn", ("http://example.vn", "http://example.vn")),
    ],
)
def test_a_class_is_told_by_its_standard(uri, name):
    assert documents.name_standard(uri) == name


def test_paths_are_grouped_by_collection():
    get = {"get": {"summary": "One"}, "parameters": []}
    groups = documents.group_paths({"/": get, "/collections/tree/items": get, "/collections/tree": get})
    assert [(group.name, len(group.lines)) for group in groups] == [("", 1), ("tree", 2)]
