"""Reading profiles, `profiles/NAME.yaml`, which people write and mend: every fault is told as file:line."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Catalogue, Field, Layer
from gis_infra.catalogue.documents import Entry, Notes, Problem, read_document, require_none
from gis_infra.errors import GisInfraError, InvalidParameter, MissingError
from gis_infra.spatial.crs import parse_crs
from gis_infra.transfer.mapping.likeness import rank_alike
from gis_infra.transfer.mapping.profiles import Profile, ProfileEntry
from gis_infra.transfer.mapping.saying import DATE_ORDERS, get_writable, parse_order, require_code
from gis_infra.transfer.mapping.unit_names import find_unit, parse_unit
from gis_infra.transfer.text.encodings import get_encoding

NAME = re.compile(r"[a-z0-9_-]{1,64}")
KEYS = ("title", "department", "owner", "files")
ENTRY_KEYS = ("crs", "swap_xy", "encoding", "encodings", "map", "units", "codes")


def list_profiles(folder: Path) -> tuple[str, ...]:
    """The names of the profiles there are, sorted; none if there is no such folder."""
    return tuple(sorted(path.stem for path in folder.glob("*.yaml") if NAME.fullmatch(path.stem)))


def name_path(folder: Path, name: str) -> Path:
    """The file of a profile. Raises InvalidParameter for what is no name of one."""
    if not NAME.fullmatch(name):
        message = f"a profile's name is letters a to z, digits, _ and -, at most 64, got {name!r}"
        raise InvalidParameter(message, where="profile")
    return folder / f"{name}.yaml"


def read_profile(folder: Path, name: str, catalogue: Catalogue) -> Profile:
    """The profile called `name`.

    Raises MissingError, which lists the profiles there are; LayerFileError with every fault as "profiles/x.yaml:3: …".
    """
    profile, problems = check_profile(folder, name, catalogue)
    require_none(problems)
    return profile


def check_profile(folder: Path, name: str, catalogue: Catalogue) -> tuple[Profile, tuple[Problem, ...]]:
    """What could be read of a profile, whole only if there are no problems; and every problem.

    Raises MissingError, InvalidParameter.
    """
    path = name_path(folder, name)
    if not path.is_file():
        there = ", ".join(rank_alike(name, list_profiles(folder))) or "none yet"
        raise MissingError(f"there is no profile {name!r}; there is {there}", where="profile")
    notes = Notes(f"{folder.name}/{path.name}")
    document = read_document(path, notes)
    profile = parse_profile(name, document, catalogue, notes) if document is not None else Profile(name)
    return profile, tuple(sorted(notes.problems))


def parse_profile(name: str, document: Entry, catalogue: Catalogue, notes: Notes) -> Profile:
    """A profile as its file has it; of use only if `notes` holds no problem afterwards."""
    pairs = entries.take_mapping(document, "the profile", notes, required=("files",), optional=KEYS)
    texts = {key: entries.take_text(pairs[key], key, notes) for key in KEYS[:3] if key in pairs}
    files = entries.take_list(pairs["files"], "files", notes) if "files" in pairs else ()
    return Profile(
        name=name,
        title=texts.get("title", ""),
        department=texts.get("department"),
        owner=texts.get("owner"),
        entries=tuple(parse_entry(each, catalogue, notes) for each in files),
    )


def parse_entry(entry: Entry, catalogue: Catalogue, notes: Notes) -> ProfileEntry:
    """How one kind of file is read."""
    pairs = entries.take_mapping(entry, "a file", notes, required=("source", "layer"), optional=ENTRY_KEYS)
    layer = take_layer(pairs.get("layer"), catalogue, notes)
    mapping = take_map(pairs.get("map"), layer, notes)
    return ProfileEntry(
        source=entries.take_text(pairs["source"], "source", notes) if "source" in pairs else "",
        layer=layer.id if layer is not None else "",
        crs=take_known(pairs.get("crs"), "crs", parse_crs, notes),
        swap_xy=entries.take_flag(pairs["swap_xy"], "swap_xy", notes) if "swap_xy" in pairs else False,
        encoding=take_known(pairs.get("encoding"), "encoding", get_encoding, notes),
        encodings=take_encodings(pairs.get("encodings"), notes),
        mapping=mapping,
        units=take_units(pairs.get("units"), layer, mapping, notes),
        codes=take_codes(pairs.get("codes"), layer, mapping, notes),
    )


def take_layer(entry: Entry | None, catalogue: Catalogue, notes: Notes) -> Layer | None:
    """The layer named; None, noted, if there is no such layer."""
    if entry is None:
        return None
    name = entries.take_text(entry, "layer", notes)
    if name and name not in catalogue.layers:
        notes.add(entry.line, f"there is no layer {name!r}; did you mean {rank_alike(name, catalogue.layers)[0]!r}?")
    return catalogue.layers.get(name)


def take_known(entry: Entry | None, what: str, parse: Callable[[str], object], notes: Notes) -> str | None:
    """A text that `parse` takes; None, noted, for another. None too if nothing is said."""
    if entry is None:
        return None
    text = entries.take_text(entry, what, notes)
    if text:
        with noted(entry, notes):
            parse(text)
            return text
    return None


@contextmanager
def noted(entry: Entry, notes: Notes) -> Iterator[None]:
    """Run a block; what it refuses is noted with the line of the entry, and the block is left."""
    try:
        yield
    except GisInfraError as error:
        notes.add(entry.line, error.message)


def take_encodings(entry: Entry | None, notes: Notes) -> dict[str, str]:
    """Column -> encoding."""
    found = {}
    for column, value in take_pairs(entry, "encodings", notes).items():
        name = take_known(value, f"encoding of {column}", get_encoding, notes)
        if name is not None:
            found[column] = name
    return found


def take_map(entry: Entry | None, layer: Layer | None, notes: Notes) -> dict[str, str]:
    """Column -> field; "" for a column that is kept out of every field, which may be written as nothing."""
    found: dict[str, str] = {}
    for column, value in take_pairs(entry, "map", notes).items():
        name = take_text_or_none(value, f"map: {column}", notes)
        if name and name in found.values():
            notes.add(value.line, f"two columns are mapped to {name}; a field takes one")
            continue
        with noted(value, notes):
            if name and layer is not None:
                get_writable(layer, name)
            found[column] = name
    return found


def take_text_or_none(entry: Entry, what: str, notes: Notes) -> str:
    """Text, "" for nothing."""
    return "" if entry.value in (None, "") else entries.take_text(entry, what, notes)


def take_units(entry: Entry | None, layer: Layer | None, mapping: Mapping[str, str], notes: Notes) -> dict[str, str]:
    """Column -> unit of its numbers, or order of its dates."""
    found: dict[str, str] = {}
    for column, value in take_pairs(entry, "units", notes).items():
        text = entries.take_text(value, f"units: {column}", notes)
        with noted(value, notes):
            require_unit(text, column, find_field(layer, mapping, column))
            found[column] = text
    return found


def find_field(layer: Layer | None, mapping: Mapping[str, str], column: str) -> Field | None:
    """The field the profile maps a column to, None if it leaves that to be found out."""
    name = mapping.get(column)
    return layer.get_field(name) if layer is not None and name else None


def require_unit(text: str, column: str, field: Field | None) -> None:
    """Return if the field can be in that unit, or there is none and it is a unit at all. Raises InvalidParameter."""
    if field is not None and field.type == "date":
        parse_order(text, column)
    elif field is not None:
        parse_unit(text, field.unit, column)
    elif find_unit(text) is None and text not in DATE_ORDERS:
        raise InvalidParameter(f"{text!r} is no unit known here", where="unit")


def take_codes(
    entry: Entry | None, layer: Layer | None, mapping: Mapping[str, str], notes: Notes
) -> dict[str, dict[str, str]]:
    """Column -> value -> code; "" for a value that stands for none, which may be written as nothing."""
    found: dict[str, dict[str, str]] = {}
    for column, inner in take_pairs(entry, "codes", notes).items():
        field = find_field(layer, mapping, column)
        found[column] = {}
        for value, code in take_pairs(inner, f"codes: {column}", notes).items():
            name = take_text_or_none(code, f"codes: {column}: {value}", notes)
            with noted(code, notes):
                if field is not None:
                    require_code(name, field)
                found[column][value] = name
    return found


def take_pairs(entry: Entry | None, what: str, notes: Notes) -> Mapping[str, Entry]:
    """The pairs of a mapping, none if nothing is said."""
    return entries.take_mapping(entry, what, notes) if entry is not None else {}
