"""Where a new migration goes."""

from datetime import date
from pathlib import Path

import pytest

from gis_infra.catalogue import versions

DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("names", "revision"),
    [
        ([], "2026_11_23_01"),
        (["2026_11_22_07_x.py"], "2026_11_23_01"),
        (["2026_11_23_01_x.py", "2026_11_23_06_y.py"], "2026_11_23_07"),
        (["2026_11_23_99_x.py"], "2026_11_23_100"),
    ],
)
def test_the_next_free_number_of_the_day_is_taken(names, revision):
    assert versions.choose_revision(DAY, names) == revision


def test_the_file_is_named_after_revision_and_title_in_plain_letters():
    path = versions.name_file(Path("versions"), "2026_11_23_07", "Măng xông quang, thêm mới")
    assert path == Path("versions/2026_11_23_07_mang_xong_quang_them_moi.py")
