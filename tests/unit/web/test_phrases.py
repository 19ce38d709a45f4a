"""What the server refuses, in Vietnamese."""

import re

import pytest

from gis_infra.web.phrases import PHRASES
from gis_infra.web.wording import translate_refusal


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("lat must be from -90 to 90, got 100", "lat phải từ -90 đến 90, nhận được 100"),
        ("depth_m must be from 0 to 200 m, got -1", "depth_m phải từ 0 đến 200 m, nhận được -1"),
        ("f must be html or json, got 'pdf'", "f phải là html hoặc json, nhận được 'pdf'"),
        ("state must be one of a, b, got 'x'", "state phải là một trong: a, b; nhận được 'x'"),
        ("9000 has not begun; today is 2026-11-23", "kỳ 9000 chưa bắt đầu; hôm nay là 23/11/2026"),
        ("there is no rule 'x'; pack y has y.a, y.b", "không có quy tắc 'x'; bộ y có: y.a, y.b"),
        ("there is no conflict 3", "không có xung đột 3"),
        ("there is no layer '\\\\1'", "không có lớp dữ liệu '\\\\1'"),  # what was asked is no template
        ("the works cover 968.4 km², at most 25 km² are allowed", "công trình rộng 968.4 km², nhiều nhất được 25 km²"),
    ],
)
def test_a_refusal_is_said_in_vietnamese_with_what_was_asked(words, said):
    assert translate_refusal(words) == said


def test_what_is_in_no_table_is_left_to_others():
    assert translate_refusal("the sky is green") is None
    assert translate_refusal("there is no layer " + "x" * 2000) is None


@pytest.mark.parametrize("pattern", PHRASES)
def test_what_is_said_keeps_what_was_found(pattern):
    groups, said = re.compile(pattern).groups, PHRASES[pattern]
    assert {int(each) for each in re.findall(r"\\(\d)", said)} == set(range(1, groups + 1))
