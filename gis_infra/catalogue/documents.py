"""A YAML file as a tree of values that know their line, so that a fault can be named by file and line.

Only what the files of `layers/` need: mappings with text keys, lists, scalars. Anchors are refused (they hide what a
layer holds, and can make a small file endless), and a key given twice is a fault, not a silent overwrite.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from gis_infra.errors import LayerFileError

# Written in C, which reads the city's files in a twentieth of the time; the other is there on every machine.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What is no text of what stands without quotes. Source: YAML 1.2.2, clause 10.3.2, and the spellings of numbers that
# other readers take, which are then refused.
PLAIN_KINDS = (
    ("null", re.compile(r"~|null|Null|NULL|")),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE")),
    ("int", re.compile(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|[0-9][0-9_]*|0x[0-9a-fA-F_]+)")),
    (
        "float",
        re.compile(
            r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
        ),
    ),
)


Scalar = str | int | float | bool | None


@dataclass(frozen=True)
class Entry:
    """One value of a file and the line it stands on, counted from 1.

    value: text, a number, true or false, None, a tuple of entries, or a mapping of text to entries in file order.
    key_line: the line of the key that leads here; the entry's own line for the whole document and for list items.
    """

    value: "Scalar | tuple[Entry, ...] | Mapping[str, Entry]"
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
        # All of it first, so that of a file that is not YAML nothing else is said.
        _, start, *events = yaml.parse(text, Loader=LOADER)
        if isinstance(start, yaml.StreamEndEvent):
            notes.add(1, "is empty")
            return None
        following = iter(events)
        entry = to_entry(next(following), following, None, notes)
        _, end, *_ = following
        if isinstance(end, yaml.StreamEndEvent):
            return entry
        notes.add(end.start_mark.line + 1, "is not YAML: a file is one document")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        notes.add(mark.line + 1 if mark else 1, f"is not YAML: {error.problem or error.context}")
    except yaml.YAMLError as error:
        notes.add(1, f"is not YAML: {str(error).splitlines()[0]}")
    except RecursionError:
        notes.add(1, "is nested too deeply")
    return None


def to_entry(event: yaml.Event, following: Iterator[yaml.Event], key_line: int | None, notes: Notes) -> Entry:
    """The tree that begins with `event`; anchors, doubled keys and odd values are noted.

    following: the events after it, of which those of the tree are taken.
    """
    line = event.start_mark.line + 1
    told = notes if event.anchor is None else Notes(notes.file)
    value: Scalar | tuple[Entry, ...] | Mapping[str, Entry] = None
    if isinstance(event, yaml.MappingStartEvent):
        value = to_mapping(following, told)
    elif isinstance(event, yaml.SequenceStartEvent):
        value = to_items(following, told)
    elif isinstance(event, yaml.ScalarEvent):
        value = to_scalar(event, line, told)
    if event.anchor is not None:
        notes.add(line, "anchors and aliases are not allowed here; write the value out")
        value = None
    return Entry(value, line, line if key_line is None else key_line)


def to_items(following: Iterator[yaml.Event], notes: Notes) -> tuple[Entry, ...]:
    """The entries of a list."""
    items = []
    while not isinstance(event := next(following), yaml.SequenceEndEvent):
        items.append(to_entry(event, following, None, notes))
    return tuple(items)


def to_mapping(following: Iterator[yaml.Event], notes: Notes) -> dict[str, Entry]:
    """The pairs of a mapping in file order; the first of two equal keys stands, and the second is noted."""
    pairs: dict[str, Entry] = {}
    while not isinstance(event := next(following), yaml.MappingEndEvent):
        line = event.start_mark.line + 1
        if not isinstance(event, yaml.ScalarEvent):
            to_entry(event, following, None, Notes(notes.file))
            notes.add(line, "a key must be a word")
        value = to_entry(next(following), following, line, notes)
        if isinstance(event, yaml.ScalarEvent):
            if event.value in pairs:
                notes.add(line, f"{event.value!r} is given twice")
            pairs.setdefault(event.value, value)
    return pairs


def to_scalar(event: yaml.ScalarEvent, line: int, notes: Notes) -> Scalar:
    """The value of a scalar; a date or anything else YAML knows stays the text that was written."""
    text = str(event.value)
    kind = find_kind(event)
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind in ("int", "float"):
        return to_number(text, line, notes)
    return text


def find_kind(event: yaml.ScalarEvent) -> str:
    """What a scalar is: what its tag says, or without one its letters if they stand without quotes."""
    if event.tag is not None:
        return str(event.tag).rpartition(":")[2]
    is_plain = event.implicit[0]
    return next((kind for kind, letters in PLAIN_KINDS if is_plain and letters.fullmatch(event.value)), "str")


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
