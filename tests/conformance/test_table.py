"""The table of requirements: whole, true and fresh."""

import pytest

from gis_infra.web.ogcapi.conformance import CLASSES, SPECIFICATIONS
from tests.conformance.requirements import ELSEWHERE, GROUPS, HERE, NOT_ASKED, list_tests_of, render

ASKED = [(name, each.file) for each in GROUPS for name in each.requirements if name not in NOT_ASKED]


@pytest.mark.parametrize(("requirement", "file"), ASKED, ids=[name for name, _ in ASKED])
def test_every_requirement_has_a_test(requirement, file):
    assert list_tests_of(requirement, file)


def test_every_class_with_a_table_is_declared():
    assert {f"{SPECIFICATIONS}/{each.uri}" for each in GROUPS} <= set(CLASSES)


def test_every_declared_class_says_where_it_is_tested():
    tables = {f"{SPECIFICATIONS}/{each.uri}" for each in GROUPS}
    others = tuple(f"{SPECIFICATIONS}/{begin}/" for begin in ELSEWHERE)
    assert not [uri for uri in CLASSES if uri not in tables and not uri.startswith(others)]


def test_the_page_is_fresh():
    assert (HERE / "README.md").read_text(encoding="utf-8") == render(), "run python -m tests.conformance.requirements"
