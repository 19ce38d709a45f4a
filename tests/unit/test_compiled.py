"""Functions that are compiled, and kept."""

import pytest

from gis_infra import compiled
from gis_infra.features.formats.gml import loops
from gis_infra.tiles.sheets import choosing, elements, features, lines, shapes, values


@pytest.mark.parametrize("module", [choosing, elements, features, lines, loops, shapes, values])
def test_a_compiled_function_calls_none_of_another_file(module):
    """What is compiled is kept until its own file changes, whatever became of others."""
    known = {name: each.py_func for name, each in vars(module).items() if hasattr(each, "py_func")}
    own = [each for each in known.values() if each.__module__ == module.__name__]
    called = {known[name].__module__ for each in own for name in each.__code__.co_names if name in known}
    assert own and called <= {module.__name__}


def test_a_function_that_cannot_be_kept_is_compiled_all_the_same(monkeypatch):
    real = compiled.compile_one

    def refuse(signature, function, *, is_kept):
        if is_kept:
            raise RuntimeError("no locator available")
        return real(signature, function, is_kept=False)

    monkeypatch.setattr(compiled, "compile_one", refuse)

    @compiled.compiled("int64(int64)")
    def double(number):
        return 2 * number

    assert double(4) == 8 and double.signatures
