"""The `checks` of a layer: what must hold between its attributes. Source: layers/README.md, "Checks".

A check is one comparison of two sums, such as `invert_level_m < crown_level_m`. Fields of one quantity in other units
are brought to the unit of the first field, so that millimetres are never compared with metres.
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast, get_args

from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import TODAY, Check, Comparison, Field, Severity, Term, Title
from gis_infra.catalogue.documents import Entry, Notes
from gis_infra.catalogue.units import ALL_UNITS, UNITS

COMPARISON = re.compile(r"^([^<>=]+?)\s*(<=|>=|<|>|=)\s*([^<>=]+)$")
TERMS = re.compile(r"[a-z][a-z0-9_]*|\d+(?:\.\d+)?")
SUM = re.compile(rf"(?:-\s*)?(?:{TERMS.pattern})(?:\s*[+-]\s*(?:{TERMS.pattern}))*")
SIGNED = re.compile(rf"([+-]?)\s*({TERMS.pattern})")
SEVERITIES: tuple[str, ...] = get_args(Severity)
REQUIRED = ("check", "severity", "vi", "en")
OPTIONAL = ("tolerance", "unless")
NUMBERS = ("integer", "number")


def parse_checks(entry: Entry, fields: Mapping[str, Field], notes: Notes) -> tuple[Check, ...]:
    """The checks of a list, in its order; those that are wrong are noted and left out.

    fields: by name, all the attributes a check may speak of.
    """
    found = []
    for item in entries.take_list(entry, "checks", notes):
        check = parse_check(item, fields, notes)
        if check is not None:
            found.append(check)
    return tuple(found)


def parse_check(entry: Entry, fields: Mapping[str, Field], notes: Notes) -> Check | None:
    """One check; None, with the reason noted, if it cannot be read."""
    pairs = entries.take_mapping(entry, "a check", notes, required=REQUIRED, optional=OPTIONAL)
    if any(key not in pairs for key in REQUIRED):
        return None
    text = entries.take_text(pairs["check"], "check", notes)
    parts = COMPARISON.match(text)
    line = pairs["check"].line
    if parts is None or not all(SUM.fullmatch(part.strip()) for part in (parts[1], parts[3])):
        notes.add(line, f"check {text!r} must be like 'a < b', 'a - b <= 0.5' or 'a = b + c'")
        return None
    left, right = parse_sum(parts[1]), parse_sum(parts[3])
    unit = find_unit(text, (*left, *right), fields, line, notes)
    return Check(
        left=left,
        comparison=cast(Comparison, parts[2]),
        right=right,
        severity=cast(Severity, entries.take_choice(pairs["severity"], f"check {text!r}: severity", SEVERITIES, notes)),
        title=Title(*(entries.take_text(pairs[key], f"check {text!r}: {key}", notes) for key in ("vi", "en"))),
        text=text,
        unit=unit,
        tolerance=parse_tolerance(pairs, text, parts[2], notes),
        unless=parse_unless(pairs, text, fields, notes),
    )


def parse_sum(text: str) -> tuple[Term, ...]:
    """The parts of a sum that has the form of one."""
    terms = []
    for sign, word in SIGNED.findall(text):
        value = word if word[0].isalpha() else float(word)
        terms.append(Term(value, -1 if sign == "-" else 1))
    return tuple(terms)


def find_unit(text: str, terms: Sequence[Term], fields: Mapping[str, Field], line: int, notes: Notes) -> str | None:
    """The unit a check is reckoned in, that of its first field; what cannot be compared is noted."""
    names = [term.value for term in terms if isinstance(term.value, str) and term.value != TODAY]
    for name in names:
        if name not in fields:
            notes.add(line, f"check {text!r} names {name!r}, which is not a field of the layer")
    found = [fields[name] for name in names if name in fields]
    if not found:
        notes.add(line, f"check {text!r} compares no field")
        return None
    if all(each.type == "date" for each in found):
        if len(terms) != 2 or any(isinstance(term.value, float) or term.sign < 0 for term in terms):
            notes.add(line, f"check {text!r}: a date is compared with one other date or with {TODAY}")
        return None
    if any(each.type not in NUMBERS for each in found) or any(term.value == TODAY for term in terms):
        notes.add(line, f"check {text!r} must compare numbers with numbers or dates with dates")
        return None
    quantities = {ALL_UNITS[each.unit].quantity if each.unit else None for each in found}
    if len(quantities) > 1:
        notes.add(line, f"check {text!r} compares fields that do not measure the same: {', '.join(names)}")
    return found[0].unit


def parse_tolerance(pairs: Mapping[str, Entry], text: str, comparison: str, notes: Notes) -> float:
    """How far the sums of an `=` may lie apart; 0 if nothing is said."""
    if "tolerance" not in pairs:
        return 0
    if comparison != "=":
        notes.add(pairs["tolerance"].key_line, f"check {text!r}: tolerance goes with = only")
    return entries.take_number(pairs["tolerance"], f"check {text!r}: tolerance", notes, low=0)


def parse_unless(
    pairs: Mapping[str, Entry], text: str, fields: Mapping[str, Field], notes: Notes
) -> Mapping[str, tuple[str, ...]]:
    """The codes with which a row is not judged, by field."""
    if "unless" not in pairs:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    what = f"check {text!r}: unless"
    for name, entry in entries.take_mapping(pairs["unless"], what, notes).items():
        codes = tuple(fields[name].codes) if name in fields else ()
        if not codes:
            notes.add(entry.key_line, f"{what} names {name!r}, which is not a code field of the layer")
            continue
        items = entries.take_list(entry, f"{what}: {name}", notes)
        found[name] = tuple(entries.take_choice(item, f"{what}: {name}", codes, notes) for item in items)
    return found


def describe(check: Check) -> str:
    """A check as documentation shows it: "invert_up_m >= invert_down_m, unless flow is pressure"."""
    words = [check.text]
    if check.tolerance:
        words.append(f"to {check.tolerance:g} {UNITS[check.unit].symbol if check.unit else ''}".rstrip())
    words += [f"unless {name} is {' or '.join(codes)}" for name, codes in check.unless.items()]
    return ", ".join(words)
