"""House rules that would be forgotten if they only stood in a document."""

import ast
from dataclasses import dataclass

import pytest

from gis_infra.settings import ROOT
from tests.conftest import LONG_FILES

LONGEST_FILE = 400
LONGEST_BODY = 60


@dataclass(frozen=True)
class Function:
    """What the rules ask of a function."""

    name: str
    is_told: bool
    lines: int


@dataclass(frozen=True)
class Module:
    """What the rules ask of a module."""

    path: str
    is_told: bool
    lines: int
    functions: tuple[Function, ...]


@pytest.fixture(scope="module")
def modules():
    """Every module. Each rule goes over all of them at once: three thousand tests of one each take far longer."""
    return [read_module(path) for path in sorted((ROOT / "gis_infra").rglob("*.py"))]


def read_module(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)]
    told = [Function(each.name, ast.get_docstring(each) is not None, count_body(each)) for each in functions]
    return Module(str(path.relative_to(ROOT)), ast.get_docstring(tree) is not None, text.count("\n"), tuple(told))


def count_body(function):
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return body[-1].end_lineno - body[0].lineno + 1


def test_every_module_says_why_it_exists(modules):
    assert len(modules) > 700
    assert [each.path for each in modules if not each.is_told] == []


def test_no_file_is_too_long(modules):
    assert [f"{each.path}: {each.lines}" for each in modules if each.lines > LONGEST_FILE] == []


def test_no_function_is_too_long(modules):
    long = [(each.path, one.name, one.lines) for each in modules for one in each.functions if one.lines > LONGEST_BODY]
    assert long == []


def test_every_public_function_has_a_docstring(modules):
    untold = [(each.path, one.name) for each in modules for one in each.functions if not one.is_told]
    assert [(path, name) for path, name in untold if not name.startswith("_")] == []


def test_the_readme_names_only_what_exists():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    folders = ("script/", "docs/", "layers/", "data/", "gis_infra/", "tests/", "benchmarks/")
    named = {part.rstrip("/") for part in readme.split("`") if part.startswith(folders)}
    assert named and [each for each in sorted(named) if not (ROOT / each).exists()] == []


def test_the_long_files_of_tests_are_there():
    assert [each for each in LONG_FILES if not (ROOT / "tests" / each).exists()] == []
