"""The folder `layers/rules/` as one `RuleBook`."""

from pathlib import Path

from gis_infra.analysis.rules.accuracy import Accuracy
from gis_infra.analysis.rules.accuracy_file import parse_accuracy
from gis_infra.analysis.rules.class_file import ClassFile, parse_class_file
from gis_infra.analysis.rules.model import RuleBook, RulePack
from gis_infra.analysis.rules.rule_file import parse_pack
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.documents import Entry, Notes, Problem, name_file, read_document, require_none

CLASS_FILE = "classes.yaml"
ACCURACY_FILE = "accuracy.yaml"


def read_rules(folder: Path, catalogue: Catalogue) -> RuleBook:
    """The classes, the accuracies and every pack of `folder`/rules, packs in the order of file names.

    folder: the folder of the layer files.
    Raises LayerFileError, whose message lists every problem as "layers/rules/qcvn01.yaml:12: ...", one a line.
    """
    problems: list[Problem] = []
    file = read_class_file(folder, catalogue, problems)
    packs = {}
    for path in sorted((folder / "rules").glob("*.yaml")):
        if path.name not in (CLASS_FILE, ACCURACY_FILE):
            packs[path.stem] = read_pack(path, folder, file, catalogue, problems)
    accuracy = read_accuracy(folder, catalogue, problems)
    require_none(problems)
    return RuleBook(packs=packs, accuracy=accuracy, **vars(file))


def read_accuracy(folder: Path, catalogue: Catalogue, problems: list[Problem]) -> Accuracy:
    """What accuracy.yaml says; without the file everything lies as drawn."""
    path = folder / "rules" / ACCURACY_FILE
    if not path.exists():
        return Accuracy()
    notes = Notes(name_file(path, folder))
    accuracy = parse_accuracy(read_document(path, notes) or Entry({}, 1, 1), catalogue, notes)
    problems += notes.problems
    return accuracy


def read_class_file(folder: Path, catalogue: Catalogue, problems: list[Problem]) -> ClassFile:
    """What classes.yaml says; empty if it cannot be read."""
    path = folder / "rules" / CLASS_FILE
    notes = Notes(name_file(path, folder))
    document = read_document(path, notes)
    file = parse_class_file(document or Entry({}, 1, 1), catalogue, notes)
    problems += notes.problems
    return file


def read_pack(path: Path, folder: Path, file: ClassFile, catalogue: Catalogue, problems: list[Problem]) -> RulePack:
    """The pack of one file; its problems are added to `problems`."""
    notes = Notes(name_file(path, folder))
    document = read_document(path, notes) or Entry({}, 1, 1)
    pack = parse_pack(document, path.stem, file, catalogue, notes)
    problems += notes.problems
    return pack
