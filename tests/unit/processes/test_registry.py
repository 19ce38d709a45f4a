"""The list of processes: what they take, and inputs that do not fit."""

import pytest
from jsonschema import Draft202012Validator

from gis_infra.errors import InvalidParameter, MissingError
from gis_infra.processes import registry


def test_the_processes_are_there_with_titles_in_both_languages():
    processes = registry.list_processes()
    assert list(processes) == ["conflicts", "coverage", "import", "undo-import", "works-check"]
    for process in processes.values():
        assert process.title.vi and process.title.en and process.outputs
        for parameter in (*process.inputs.values(), *process.outputs.values()):
            Draft202012Validator.check_schema(parameter.schema)


@pytest.mark.parametrize(
    ("process", "inputs", "words"),
    [
        ("conflicts", {"rules": "qcvn01"}, "rules must be a list"),
        ("conflicts", {"rules": ["a", "a"]}, "rules must not have anything twice, got 'a' more than once"),
        ("conflicts", {"packs": []}, "conflicts has no input 'packs'; it has rules"),
        ("coverage", {}, "coverage needs the input 'service'"),
        ("works-check", {"works": []}, "works must be an object, got \\[\\]"),
    ],
)
def test_inputs_that_do_not_fit_are_refused_by_name(process, inputs, words):
    with pytest.raises(InvalidParameter, match=words):
        registry.require_inputs(registry.get_process(process), inputs)


def test_an_unknown_process_is_refused_with_those_there_are():
    with pytest.raises(
        MissingError,
        match="there is no process 'echo'; there are conflicts, coverage, import, undo-import, works-check",
    ):
        registry.get_process("echo")
