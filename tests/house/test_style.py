"""House rules that would be forgotten if they only stood in a document."""

import ast
from pathlib import Path

import pytest

from gis_infra.settings import ROOT

MODULES = sorted((ROOT / "gis_infra").rglob("*.py"))
LONGEST_FILE = 400
LONGEST_BODY = 60


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def find_functions(tree):
    return [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]


def count_body(function):
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return body[-1].end_lineno - body[0].lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_module_says_why_it_exists(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_file_is_too_long(path):
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_FILE


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_no_function_is_too_long(path):
    functions = find_functions(ast.parse(path.read_text(encoding="utf-8")))
    assert [f"{each.name}: {count_body(each)}" for each in functions if count_body(each) > LONGEST_BODY] == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_every_public_function_has_a_docstring(path):
    functions = find_functions(ast.parse(path.read_text(encoding="utf-8")))
    assert [each.name for each in functions if not each.name.startswith("_") and not ast.get_docstring(each)] == []


def test_the_readme_names_only_what_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = ("script/", "docs/", "layers/", "data/", "gis_infra/", "tests/", "benchmarks/")
    named = {part.rstrip("/") for part in readme.split("`") if part.startswith(folders)}
    assert named and [each for each in sorted(named) if not (ROOT / each).exists()] == []
