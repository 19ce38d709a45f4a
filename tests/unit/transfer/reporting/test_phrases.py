"""Whatever the importer says of a file is said in Vietnamese too: each sentence in its source is in a table."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gis_infra.transfer.reporting.vietnamese import translate

TRANSFER = Path(__file__).parents[4] / "gis_infra" / "transfer"
# What raises or keeps words that a surveyor reads on the map.
SAYING = {"InvalidSource", "InvalidCrs", "CrsGuess", "TextGuess", "Unreadable", "Datum"}
ROOMS = ("sources", "coordinates", "text", "mapping", "loading")
# Said to whoever starts the program, or by a driver; never on the map. Or a clause of a sentence that is there whole.
ELSEWHERE = ("profile", "temporary files")
# Made of another message: their wholes are below.
MADE_OF_OTHERS = (
    "7 is cut off: 7",
    "7 is damaged: 7",
    "type NATIVE",
    "none was loaded",
    "nothing was done",
    "it has 7",
)


def list_sentences() -> Iterator[tuple[str, str]]:
    """Where each sentence is said, and the sentence, 7 in the place of whatever is put in."""
    for room in ROOMS:
        for path in sorted((TRANSFER / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING:
                    yield from ((f"{path.name}:{each.lineno}", write(each)) for each in node.args if is_text(each))


def is_text(node: ast.expr) -> bool:
    """Whether an argument is a sentence."""
    return isinstance(node, ast.JoinedStr) and " " in write(node)


def write(node: ast.expr) -> str:
    """A sentence with 7 for each value; the words of another message that begins it are left out with their "; "."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return "".join(str(each.value) if isinstance(each, ast.Constant) else "7" for each in parts)


@pytest.mark.parametrize(("where", "sentence"), tuple(list_sentences()))
def test_each_sentence_of_the_importer_is_known(where, sentence):
    if any(words in sentence for words in (*ELSEWHERE, *MADE_OF_OTHERS)) or translate(sentence) is not None:
        return
    clauses = [each for each in sentence.split("; ") if len(re.findall("[a-z]{3,}", each)) > 1]
    assert [each for each in clauses if translate(each) is None] == [], where


@pytest.mark.parametrize(
    "words",
    [
        "a.dbf is cut off: it says 7 rows of 9 bytes and holds less; ask for the whole shapefile, or take its shapes "
        "alone with --bare-geometry",
        "a.dbf is damaged: its columns have 7 bytes and its rows 9",
        "a.tab is a table of type LINKED, which only points to others; save it as a table of its own (type NATIVE)",
        "a.csv has no column of coordinates or shapes; name two columns X and Y, LON and LAT; it has A, B",
        "a.csv has 3 columns, but 7 rows have another number of values: 4 in 'a;b;c;d'; put values that hold the "
        "separator in quotes (comma)",
        "2 of 3 rows of a.zip were rejected, and what they are about could be deleted; nothing was done; mend them, or "
        "delete all the same with --accept-rejected: row 2: geometry: is empty",
        "no row of a.zip is of the owner Sawaco, so all that this owner has would be deleted; nothing was done",
        "the coordinate system of a.shp is not sure: the file does not say its coordinate system, and no system in use "
        "here puts it in the city; name the right one with --crs EPSG:n",
    ],
)
def test_sentences_made_of_others_are_known_to_their_end(words):
    said = translate(words)
    assert said is not None
    assert not re.search(r"\b(the|it|is|was|were|and|with|rows)\b", said), said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "the file does not say its coordinate system; of the systems in use here only EPSG:9210 (VN-2000 / TM-3 "
            "105-45) puts it in the city, a guess",
            "tệp không ghi hệ tọa độ; trong các hệ đang dùng chỉ EPSG:9210 (VN-2000 / TM-3 105-45) đưa dữ liệu "
            "vào thành phố, phỏng đoán",
        ),
        (
            "in the city (longitude 106.6900 to 106.7100, latitude 10.7600 to 10.7800)",
            "trong thành phố (kinh độ 106.6900 đến 106.7100, vĩ độ 10.7600 đến 10.7800)",
        ),
        (
            "ong.shp has no .dbf beside it, which holds the attributes; ask for the whole shapefile, or take its "
            "shapes alone with --bare-geometry",
            "ong.shp thiếu tệp .dbf đi kèm (chứa thuộc tính); hãy xin lại đủ bộ shapefile",
        ),
        ("kept as it is: it could be owner, status, by name", "giữ nguyên: có thể là owner, status, theo tên"),
        (
            "A7 was changed on 2026-11-02 10:00:00 UTC by import 4 of lan",
            "A7 đã được sửa lúc 2026-11-02 10:00:00 UTC, qua import 4, bởi lan",
        ),
        (
            "2 of 3 rows of a.zip were rejected, so none was loaded: row 2: geometry: is empty",
            "2 trên 3 dòng của a.zip bị từ chối nên không nhập dòng nào: dòng 2: geometry: hình rỗng",
        ),
        ("8,000 of 60,000", "8,000 trên 60,000"),
    ],
)
def test_sentences_are_put_together_in_vietnamese(words, said):
    assert translate(words) == said


def test_what_a_driver_says_stays_as_it_is():
    assert translate("Unexpected EOF at 7") is None


def test_a_very_long_text_is_not_looked_into():
    assert translate("x has no features" + " " * 2000) is None
