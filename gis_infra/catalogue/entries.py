"""Taking values out of a file's entries: each function takes one shape and notes anything else by line.

They always return a value of the right type, a harmless one where the entry was wrong, so that the reader can go on and
find every problem in one pass; whoever reads must throw the result away if `notes` holds problems.
"""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence

from gis_infra.catalogue.definitions import Title
from gis_infra.catalogue.documents import Entry, Notes

COLOR = re.compile(r"#[0-9a-f]{6}")


def take_mapping(
    entry: Entry, what: str, notes: Notes, *, required: Collection[str] = (), optional: Collection[str] | None = None
) -> Mapping[str, Entry]:
    """The pairs of a mapping that has every required key and none that is not named.

    optional: the other keys allowed; None allows any.
    """
    if not isinstance(entry.value, Mapping):
        notes.add(entry.line, f"{what} must be a mapping of keys to values, got {describe(entry)}")
        return {}
    if optional is not None:
        refuse_unknown_keys(entry.value, what, [*required, *optional], notes)
    for key in required:
        if key not in entry.value:
            notes.add(entry.key_line, f"{what} lacks {key!r}")
    return entry.value


def refuse_unknown_keys(pairs: Mapping[str, Entry], what: str, allowed: Sequence[str], notes: Notes) -> None:
    """Note every key that is not allowed, and the one that was probably meant."""
    for key, value in pairs.items():
        if key not in allowed:
            near = difflib.get_close_matches(key, allowed, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; allowed are {', '.join(allowed)}"
            notes.add(value.key_line, f"{what} has an unknown key {key!r}{hint}")


def take_text(entry: Entry, what: str, notes: Notes) -> str:
    """Text that is not blank; "" if it is anything else."""
    if isinstance(entry.value, str) and entry.value.strip():
        if entry.value != entry.value.strip():
            notes.add(entry.line, f"{what} must not begin or end with spaces")
        return entry.value
    notes.add(entry.line, f"{what} must be text, got {describe(entry)}")
    return ""


def take_choice(entry: Entry, what: str, choices: Sequence[str], notes: Notes) -> str:
    """One of `choices`; the first of them if it is anything else."""
    if isinstance(entry.value, str) and entry.value in choices:
        return entry.value
    notes.add(entry.line, f"{what} must be one of {', '.join(choices)}, got {describe(entry)}")
    return choices[0]


def take_number(entry: Entry, what: str, notes: Notes, low: float | None = None, high: float | None = None) -> float:
    """A number from low to high, whole if it was written whole; 0 if it is anything else."""
    value = entry.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        notes.add(entry.line, f"{what} must be a number, got {describe(entry)}")
        return 0
    if (low is not None and value < low) or (high is not None and value > high):
        allowed = f"from {low} to {high}" if high is not None else f"at least {low}"
        notes.add(entry.line, f"{what} must be {allowed}, got {value}")
        return 0
    return value


def take_whole(entry: Entry, what: str, notes: Notes, low: int, high: int) -> int:
    """A whole number from low to high; `low` if it is anything else."""
    value = entry.value
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        notes.add(entry.line, f"{what} must be a whole number from {low} to {high}, got {describe(entry)}")
        return low
    return value


def take_flag(entry: Entry, what: str, notes: Notes) -> bool:
    """True or false; False if it is anything else."""
    if isinstance(entry.value, bool):
        return entry.value
    notes.add(entry.line, f"{what} must be true or false, got {describe(entry)}")
    return False


def take_list(entry: Entry, what: str, notes: Notes) -> tuple[Entry, ...]:
    """The items of a list; none if it is anything else."""
    if isinstance(entry.value, tuple):
        return entry.value
    notes.add(entry.line, f"{what} must be a list [a, b], got {describe(entry)}")
    return ()


def take_color(entry: Entry, what: str, notes: Notes) -> str:
    """A colour "#rrggbb" in lower case; black if it is anything else."""
    if isinstance(entry.value, str) and COLOR.fullmatch(entry.value):
        return entry.value
    notes.add(entry.line, f'{what} must be a colour "#rrggbb" in lower case and quotes, got {describe(entry)}')
    return "#000000"


def take_title(entry: Entry, what: str, notes: Notes) -> Title:
    """A title in both languages; neither stands in for the other."""
    pairs = take_mapping(entry, what, notes, required=("vi", "en"), optional=())
    texts = {key: take_text(pairs[key], f"{what}.{key}", notes) for key in ("vi", "en") if key in pairs}
    return Title(vi=texts.get("vi", ""), en=texts.get("en", ""))


def describe(entry: Entry) -> str:
    """What stands there, short enough for a message."""
    if entry.value is None:
        return "nothing"
    if isinstance(entry.value, Mapping):
        return "a mapping"
    if isinstance(entry.value, tuple):
        return "a list"
    return repr(entry.value)[:80]
