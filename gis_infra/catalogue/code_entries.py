"""The `codes` of a field: values, titles, and what files write for them. Source: layers/README.md, "Fields"."""

import re
from collections.abc import Mapping

from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Title
from gis_infra.catalogue.documents import Entry, Notes
from gis_infra.catalogue.names import fold

CODE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
TITLE_KEYS = ("vi", "en")


def parse_codes(kind: str, pairs: Mapping[str, Entry], entry: Entry, notes: Notes, what: str) -> Mapping[str, Title]:
    """The values a code field may have, in file order, each with its title."""
    if kind != "code":
        return {}
    if "codes" not in pairs:
        notes.add(entry.key_line, f"{what} lacks 'codes'")
        return {}
    codes = entries.take_mapping(pairs["codes"], f"{what}: codes", notes)
    if not codes:
        notes.add(pairs["codes"].line, f"{what}: codes must name at least one value")
    for code, value in codes.items():
        if not CODE.fullmatch(code):
            notes.add(value.key_line, f"{what}: code {code!r} must be lower-case words joined by _")
    return {code: parse_title(value, f"{what}: code {code!r}", notes) for code, value in codes.items()}


def parse_title(entry: Entry, what: str, notes: Notes) -> Title:
    """The title of a code in both languages."""
    pairs = entries.take_mapping(entry, what, notes, required=TITLE_KEYS, optional=("synonyms",))
    texts = {key: entries.take_text(pairs[key], f"{what}.{key}", notes) for key in TITLE_KEYS if key in pairs}
    return Title(vi=texts.get("vi", ""), en=texts.get("en", ""))


def parse_synonyms(
    entry: Entry | None, codes: Mapping[str, Title], what: str, notes: Notes
) -> Mapping[str, tuple[str, ...]]:
    """What files write for each code besides itself and its titles; a code without any is left out.

    Marks, case and separators do not count. One word must not mean two codes of a field.
    """
    owners = {fold(name): code for code, title in codes.items() for name in (title.vi, title.en)}
    owners |= {fold(code): code for code in codes}
    found: dict[str, tuple[str, ...]] = {}
    for code in codes:
        listed = get_synonyms(entry, code)
        if listed is None:
            continue
        items = entries.take_list(listed, f"{what}: synonyms of {code!r}", notes)
        found[code] = tuple(entries.take_text(item, f"{what}: a synonym", notes) for item in items)
        for item, word in zip(items, found[code], strict=True):
            owner = owners.setdefault(fold(word), code)
            if not fold(word):
                notes.add(item.line, f"{what}: synonym {word!r} has no letters or digits")
            elif owner != code:
                notes.add(item.line, f"{what}: synonym {word!r} of {code!r} already means {owner!r}")
    return found


def get_synonyms(entry: Entry | None, code: str) -> Entry | None:
    """The entry `synonyms` of a code, None if it has none."""
    codes = entry.value if entry is not None else None
    inner = codes[code].value if isinstance(codes, Mapping) and code in codes else None
    return inner.get("synonyms") if isinstance(inner, Mapping) else None
