"""The table of what the WFS declares, against what it declares and against the tests that it names."""

import ast
import re

import pytest

from gis_infra.settings import ROOT
from gis_infra.web.wfs.capabilities import declared, fes_2_0

PAGE = (ROOT / "docs" / "wfs.md").read_text("utf-8")
ROWS = {cells[0]: cells[1:] for cells in re.findall(r"^\| ([A-Z]\w+) \| ([^|]*) \|([^|]*)\|$", PAGE, re.MULTILINE)}
NAMED = sorted(
    {tuple(each.split("::")) for each in re.findall(r"`([\w/]+\.py(?:::\w+)?)`", PAGE)} - {("tests/web/hostile.py",)}
)


def test_every_operation_is_in_the_table_with_its_versions():
    for each in declared.OPERATIONS:
        assert ROWS[each.name][0] == ", ".join(each.versions)


def test_every_class_is_in_the_table_as_it_is_declared():
    classes = {**declared.list_constraints(declared.OPERATIONS), **fes_2_0.CONFORMANCE}
    flags = {name: cells[0] for name, cells in ROWS.items() if cells[0] in {"TRUE", "FALSE"}}
    assert flags == {name: "TRUE" if holds else "FALSE" for name, holds in classes.items()}


def test_what_is_declared_true_is_tested():
    untested = [name for name, (flag, tests) in ROWS.items() if flag != "FALSE" and "`" not in tests]
    assert untested == []


@pytest.mark.parametrize("named", NAMED, ids="::".join)
def test_a_test_that_is_named_is_there(named):
    path = ROOT / "tests" / named[0]
    tests = {each.name for each in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(each, ast.FunctionDef)}
    assert any(each.startswith("test_") for each in tests)
    assert set(named[1:]) <= tests
