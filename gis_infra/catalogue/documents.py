"""A YAML file as a tree of values that know their line, so that a fault can be named by file and line.

Only what the files of `layers/` need: mappings with text keys, lists, scalars. Anchors are refused (they hide what a
layer holds, and can make a small file endless), and a key given twice is a fault, not a silent overwrite.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gis_infra.errors import LayerFileError


@dataclass(frozen=True)
class Entry:
    """One value of a file and the line it stands on, counted from 1.

    value: text, a number, true or false, None, a tuple of entries, or a mapping of text to entries in file order.
    key_line: the line of the key that leads here; the entry's own line for the whole document and for list items.
    """

    value: "str | int | float | bool | tuple[Entry, ...] | Mapping[str, Entry] | None"
    line: int
    key_line: int


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in a file, in words for the person who wrote it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class Notes:
    """The problems found in one file so far; gathered, so that a person sees all of them at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def add(self, line: int, message: str) -> None:
        """Note one problem; the same one is noted once."""
        problem = Problem(self.file, line, message)
        if problem not in self.problems:
            self.problems.append(problem)


def name_file(path: Path, folder: Path) -> str:
    """The path as messages say it, from the folder's own name on: "layers/water/water_pipe.yaml"."""
    return (Path(folder.name) / path.relative_to(folder)).as_posix()


def require_none(problems: Iterable[Problem]) -> None:
    """Return if there are no problems. Raises LayerFileError with all of them, one a line, by file and line."""
    found = sorted(problems)
    if found:
        message = "\n".join(str(problem) for problem in found)
        raise LayerFileError(message, where=f"{found[0].file}:{found[0].line}")


def read_document(path: Path, notes: Notes) -> Entry | None:
    """The one document of the file at `path`; None, with the reason in `notes`, if it cannot be read."""
    try:
        return parse_document(path.read_bytes().decode("utf-8"), notes)
    except OSError as error:
        notes.add(1, f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        notes.add(error.object[: error.start].count(b"\n") + 1, "is not UTF-8 text")
    return None


def parse_document(text: str, notes: Notes) -> Entry | None:
    """The one document of `text`; None, with the reason in `notes`, if it is not YAML."""
    try:
        node = YAML(typ="safe", pure=True).compose(text)
        if node is not None:
            return to_entry(node, None, notes)
        notes.add(1, "is empty")
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        notes.add(mark.line + 1 if mark else 1, f"is not YAML: {error.problem or error.context}")
    except YAMLError as error:
        notes.add(1, f"is not YAML: {str(error).splitlines()[0]}")
    except RecursionError:
        notes.add(1, "is nested too deeply")
    return None


def to_entry(node: Node, key: Node | None, notes: Notes) -> Entry:
    """The tree below `node`; anchors, doubled keys and odd values are noted."""
    line = node.start_mark.line + 1
    key_line = key.start_mark.line + 1 if key is not None else line
    if node.anchor is not None:
        notes.add(line, "anchors and aliases are not allowed here; write the value out")
        return Entry(None, line, key_line)
    if isinstance(node, MappingNode):
        return Entry(to_mapping(node, notes), line, key_line)
    if isinstance(node, SequenceNode):
        return Entry(tuple(to_entry(item, None, notes) for item in node.value), line, key_line)
    return Entry(to_scalar(str(node.tag), node.value, line, notes), line, key_line)


def to_mapping(node: MappingNode, notes: Notes) -> dict[str, Entry]:
    """The pairs of a mapping in file order; the first of two equal keys stands, and the second is noted."""
    pairs: dict[str, Entry] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, ScalarNode):
            notes.add(line, "a key must be a word")
        elif key.value in pairs:
            notes.add(line, f"{key.value!r} is given twice")
        else:
            pairs[key.value] = to_entry(value, key, notes)
    return pairs


def to_scalar(tag: str, text: str, line: int, notes: Notes) -> str | int | float | bool | None:
    """The value of a scalar; a date or anything else YAML knows stays the text that was written."""
    kind = tag.rpartition(":")[2]
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind in ("int", "float"):
        return to_number(text, line, notes)
    return text


def to_number(text: str, line: int, notes: Notes) -> int | float | None:
    """A finite decimal number; other spellings YAML knows (octal, sexagesimal, .inf) are noted."""
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if math.isfinite(number):
        return number
    notes.add(line, f"{text} is not a plain decimal number")
    return None
