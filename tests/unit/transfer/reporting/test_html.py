"""The report as a file to send on."""

import re
from pathlib import Path

import lxml.html
import pytest

from gis_infra.catalogue.definitions import Title
from gis_infra.transfer.reporting import html
from gis_infra.transfer.reporting.drawing import HEIGHT, WIDTH, choose_length, draw
from gis_infra.transfer.reporting.report import Problems
from gis_infra.transfer.reporting.tally import Example
from gis_infra.transfer.reporting.vietnamese import translate
from gis_infra.transfer.reporting.words import WORDS
from tests.unit.transfer.reporting.reports import make_report

EVIL = "<script>alert(1)</script>\" onload='x' {{ 7 * 7 }}"


def read(*reports, language=None):
    """The text of the document as a reader sees it, with single spaces."""
    document = lxml.html.fromstring(html.render(reports or (make_report(),), language))
    return re.sub(r"\s+", " ", " ".join(document.find("body").itertext()))


def test_both_languages_stand_side_by_side_or_one_alone():
    assert "Bị từ chối Rejected" in read()
    assert "nhỏ hơn mức thấp nhất cho phép, 15 mm is below the least allowed, 15 mm" in read()
    assert "Rejected" not in read(language="vi") and "Bị từ chối" in read(language="vi")
    assert "Bị từ chối" not in read(language="en") and "Rejected" in read(language="en")


def test_it_says_what_went_in_what_did_not_and_what_to_do():
    told = read(make_report(rejected_file=Path("/data/pipes.rejected.gpkg")), language="en")
    for words in (
        "Some rows were rejected",
        "2 DK is below the least allowed, 15 mm Row 2: “5”; 3: “7” say its unit: --unit DK=cm",
        "gis-infra import /data/pipes.rejected.gpkg --layer water_pipe --owner 'Cấp nước 1'",
        "EPSG:9210 (VN-2000 / TM-3 105-45)",
        "DK diameter by alias, in m",
        "TO kept as it is, in source_attributes",
        "Imported by lan",
        f"SHA-256 of the file {'ab' * 32}",
        "owner: Cấp nước 1",
    ):
        assert words in told, words


def test_it_needs_nothing_from_anywhere_and_runs_nothing():
    document = lxml.html.fromstring(html.render((make_report(),)))
    tags = {each.tag for each in document.iter() if isinstance(each.tag, str)}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a"}
    attributes = {name for each in document.iter() for name in each.attrib}
    assert not {name for name in attributes if name.startswith("on") or name in {"src", "href", "srcset", "action"}}
    assert "url(" not in html.render((make_report(),)) and "@import" not in html.render((make_report(),))
    assert "default-src 'none'" in document.xpath("//meta/@content")[0]


def test_whatever_comes_from_the_file_is_escaped():
    kind = Problems(EVIL, EVIL, 2, is_error=True, examples=(Example(1, EVIL, EVIL),), advice=Title(EVIL, EVIL))
    report = make_report(
        file=EVIL,
        source_layer=EVIL,
        username=EVIL,
        kinds=(kind,),
        deleted=1,
        deleted_rows=(EVIL,),
        settings={"owner": EVIL},
    )
    document = lxml.html.fromstring(html.render((report,)))
    assert not document.xpath("//script") and not document.xpath("//*[@onload]")
    assert document.text_content().count(EVIL) >= 9


def test_a_translation_that_is_missing_leaves_the_english():
    assert translate("is odd") is None
    kind = Problems("DK", "is odd", 1, is_error=True)
    assert "is odd" in read(make_report(kinds=(kind,)), language="vi")


def test_several_imports_are_sections_of_one_document():
    document = lxml.html.fromstring(html.render((make_report(), make_report(source_layer="valves"))))
    assert len(document.xpath("//section")) == 2 and len(document.xpath("//style")) == 1


def test_every_word_is_there_in_both_languages():
    assert [key for key, title in WORDS.items() if not title.vi.strip() or not title.en.strip()] == []


def test_what_is_far_off_is_marked_at_the_edge_and_does_not_shrink_the_rest():
    near = ((603000.0, 1191000.0), (603100.0, 1191000.0))
    drawing = draw(make_report(accepted_places=near, rejected_places=((0.0, 0.0), (603050.0, 1191000.0))))
    assert drawing.has_more
    (left, y), (right, _) = drawing.accepted
    assert right - left > WIDTH / 2 and y == HEIGHT / 2
    assert drawing.rejected[1] == (WIDTH / 2, HEIGHT / 2)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in drawing.rejected)


def test_north_is_up_and_the_bar_is_to_scale():
    drawing = draw(make_report(accepted_places=((0.0, 0.0), (300.0, 150.0)), rejected_places=()))
    (x0, y0), (x1, y1) = drawing.accepted
    assert x1 > x0 and y1 < y0 and not drawing.has_more
    assert drawing.bar_label == "50 m"
    assert drawing.bar == pytest.approx((x1 - x0) / 6)


def test_a_single_place_and_none_can_be_drawn():
    assert draw(make_report(accepted_places=((5.0, 5.0),), rejected_places=())).accepted == ((WIDTH / 2, HEIGHT / 2),)
    assert draw(make_report(accepted_places=(), rejected_places=())) is None


@pytest.mark.parametrize(("most", "length"), [(9.9, 5), (10, 10), (49, 20), (0.7, 0.5), (12345, 10000)])
def test_the_bar_is_a_round_length(most, length):
    assert choose_length(most) == pytest.approx(length)
