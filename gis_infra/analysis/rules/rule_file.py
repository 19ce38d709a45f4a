"""One pack of rules, `layers/rules/<pack>.yaml`: what every rule says, and matrices that say many at once."""

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from typing import Any, cast

from gis_infra.analysis.rules.class_file import ClassFile
from gis_infra.analysis.rules.condition_entries import parse_where, take_pairs
from gis_infra.analysis.rules.kinds import KINDS, MEASURES, PAIR, SHAPES, Kind, Measure
from gis_infra.analysis.rules.model import AUTHORITIES, AssetClass, Authority, Rule, RulePack, Side
from gis_infra.catalogue import entries
from gis_infra.catalogue.check_entries import parse_check
from gis_infra.catalogue.definitions import Catalogue, Check, Layer, Title
from gis_infra.catalogue.documents import Entry, Notes

# What a pack says of all its rules, and a rule may say again of itself.
ORIGIN = ("source", "legal_basis", "verified", "valid_from")
ORIGIN_OPTIONAL = ("valid_to", "note")
MEASURE_TITLES: Mapping[Measure, Title] = {
    "horizontal": Title(vi="theo chiều ngang", en="side by side"),
    "vertical": Title(vi="theo chiều đứng", en="one across the other"),
    "spatial": Title(vi="theo không gian", en="in space"),
}
PARAMETERS = ("under", "area", "other_owner", "months", "days", "check")  # `unless`, `tolerance` go with `check`
MOST: Mapping[str, int] = {"months": 240, "days": 3650}


@dataclasses.dataclass(frozen=True)
class Origin:
    """Where a rule comes from and when it holds."""

    source: str = ""
    legal_basis: str = ""
    verified: bool = False
    valid_from: datetime.date = datetime.date.min
    valid_to: datetime.date | None = None
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Frame:
    """What stands around each rule while a pack is read."""

    pack: str
    authority: Authority
    origin: Origin
    file: ClassFile
    catalogue: Catalogue
    notes: Notes


def parse_pack(entry: Entry, pack: str, file: ClassFile, catalogue: Catalogue, notes: Notes) -> RulePack:
    """The rules of one file, matrices first; what is wrong is noted by line."""
    pairs = entries.take_mapping(
        entry,
        "the file",
        notes,
        required=("title", "authority", *ORIGIN),
        optional=(*ORIGIN_OPTIONAL, "matrices", "rules"),
    )
    authority = entries.take_choice(pairs["authority"], "authority", AUTHORITIES, notes) if "authority" in pairs else ""
    frame = Frame(pack, cast(Authority, authority), parse_origin(pairs, Origin(), notes), file, catalogue, notes)
    rules = [
        rule
        for name, value in take_pairs(pairs.get("matrices"), "matrices", notes).items()
        for rule in parse_matrix(name, value, frame)
    ]
    rules += [parse_rule(name, value, frame) for name, value in take_pairs(pairs.get("rules"), "rules", notes).items()]
    title = entries.take_title(pairs["title"], "title", notes) if "title" in pairs else Title("", "")
    return RulePack(pack, title, tuple(rules))


def parse_origin(pairs: Mapping[str, Entry], above: Origin, notes: Notes) -> Origin:
    """What `pairs` say of source and validity; what they leave out is as `above`."""
    said: dict[str, object] = {}
    for key in ("source", "legal_basis", "note"):
        if key in pairs:
            said[key] = entries.take_text(pairs[key], key, notes)
    for key in ("valid_from", "valid_to"):
        if key in pairs:
            said[key] = parse_day(pairs[key], key, notes)
    if "verified" in pairs:
        said["verified"] = entries.take_choice(pairs["verified"], "verified", ("no", "yes"), notes) == "yes"
    origin = dataclasses.replace(above, **said)  # type: ignore[arg-type]  # each key above has its field's type
    if origin.valid_to is not None and datetime.date.min < origin.valid_to < origin.valid_from:
        line = pairs["valid_to" if "valid_to" in pairs else "valid_from"].line
        notes.add(line, f"valid_to {origin.valid_to} is before valid_from {origin.valid_from}")
    return origin


def parse_day(entry: Entry, what: str, notes: Notes) -> datetime.date:
    """A day as 2020-07-01."""
    try:
        return datetime.date.fromisoformat(str(entry.value))
    except ValueError:
        notes.add(entry.line, f"{what} must be a day like 2020-07-01, got {entries.describe(entry)}")
        return datetime.date.min


def parse_rule(name: str, entry: Entry, frame: Frame) -> Rule:
    """One rule of `rules`."""
    what, notes = f"rule {name!r}", frame.notes
    pairs = entries.take_mapping(entry, what, notes, required=("kind", "title", "clause"), optional=None)
    kind: Kind = KINDS[0]
    if "kind" in pairs:
        kind = cast(Kind, entries.take_choice(pairs["kind"], f"{what}: kind", KINDS, notes))
    refuse_other_keys(kind, pairs, what, entry.key_line, notes)
    sides = parse_sides(kind, pairs, what, frame)
    return Rule(
        id=f"{frame.pack}.{name}",
        pack=frame.pack,
        kind=kind,
        title=entries.take_title(pairs["title"], f"{what}: title", notes) if "title" in pairs else Title("", ""),
        left=sides[0],
        right=sides[1],
        required_m=parse_metres(pairs.get("required_m"), what, notes),
        clause=entries.take_text(pairs["clause"], f"{what}: clause", notes) if "clause" in pairs else "",
        authority=frame.authority,
        **parse_parameters(pairs, sides[0], what, frame),
        **vars(parse_origin(pairs, frame.origin, notes)),
    )


def refuse_other_keys(kind: Kind, pairs: Mapping[str, Entry], what: str, line: int, notes: Notes) -> None:
    """Note keys that a rule of this kind does not have, and those it lacks."""
    shape = SHAPES[kind]
    required = (*shape.sides, *shape.required, *(("required_m",) if shape.has_distance else ()))
    common = ("kind", "title", "required_m", "clause", *ORIGIN, *ORIGIN_OPTIONAL)
    entries.refuse_unknown_keys(pairs, f"{what} of kind {kind}", [*required, *shape.optional, *common], notes)
    for key in required:
        if key not in pairs:
            notes.add(line, f"{what} of kind {kind} lacks {key!r}")


def parse_parameters(pairs: Mapping[str, Entry], left: Side, what: str, frame: Frame) -> dict[str, Any]:
    """What a rule says besides its sides and its number, by the name it has in `Rule`."""
    notes, found = frame.notes, dict[str, Any]()
    for name in PARAMETERS:
        entry = pairs.get(name)
        if entry is None:
            continue
        if name == "check":
            said = {key: pairs[key] for key in ("check", "unless", "tolerance") if key in pairs}
            found[name] = parse_asset_check(said, left, what, frame)
        elif name in ("under", "area"):
            found[name] = parse_class_name(entry, frame)
        elif name in MOST:
            found[name] = entries.take_whole(entry, f"{what}: {name}", notes, 1, MOST[name])
        elif name == "other_owner":
            found[name] = entries.take_choice(entry, f"{what}: {name}", ("no", "yes"), notes) == "yes"
    return {**found, "measure": parse_measure(pairs, what, notes)}


def parse_asset_check(said: Mapping[str, Entry], side: Side, what: str, frame: Frame) -> Check | None:
    """What must hold between the attributes of every layer of the class, as a check of the first of them.

    None, with the reason noted, if it cannot be read, if the class has no layer, or if its layers hold what it compares
    in different units.
    """
    entry = said["check"]
    titles = {
        key: Entry(text, entry.line, entry.key_line)
        for key, text in (("severity", "error"), ("vi", what), ("en", what))
    }
    whole = Entry({**said, **titles}, entry.line, entry.key_line)
    fields = [{each.name: each for each in layer.fields} for layer in list_layers(side, frame)]
    checks = [parse_check(whole, each, frame.notes) for each in fields]
    for name in checks[0].field_names if checks and checks[0] is not None else ():
        if len({each[name].unit for each in fields if name in each}) > 1:
            frame.notes.add(entry.line, f"{what}: check compares {name!r}, which has another unit in each layer")
    return checks[0] if checks else None


def list_layers(side: Side, frame: Frame) -> tuple[Layer, ...]:
    """The layers that a side takes in."""
    found = frame.file.classes.get(side.asset_class)
    return tuple(frame.catalogue.layers[member.layer] for member in found.members) if found else ()


def parse_sides(kind: Kind, pairs: Mapping[str, Entry], what: str, frame: Frame) -> tuple[Side, Side | None]:
    """The class or the two classes a rule speaks of."""
    if SHAPES[kind].sides != PAIR:
        return parse_side(pairs.get("asset"), what, frame), None
    return parse_side(pairs.get("left"), what, frame), parse_side(pairs.get("right"), what, frame)


def parse_side(entry: Entry | None, what: str, frame: Frame) -> Side:
    """A class by name, or {class: name, where: conditions}."""
    if entry is None:
        return Side("")
    if isinstance(entry.value, str):
        return Side(parse_class_name(entry, frame))
    pairs = entries.take_mapping(entry, f"{what}: side", frame.notes, required=("class",), optional=("where",))
    name = parse_class_name(pairs["class"], frame) if "class" in pairs else ""
    layers = list_layers(Side(name), frame)
    return Side(name, parse_where(pairs["where"], layers, frame.notes) if "where" in pairs else ())


def parse_class_name(entry: Entry, frame: Frame) -> str:
    """The name of a class that classes.yaml holds."""
    name = entries.take_text(entry, "class", frame.notes)
    if name and name not in frame.file.classes:
        frame.notes.add(entry.line, f"there is no class {name!r} in classes.yaml")
    return name


def parse_metres(entry: Entry | None, what: str, notes: Notes) -> float:
    """A distance from 0 to 10 km; 0 asks for nothing, and silences the rules that come after it."""
    if entry is None:
        return 0.0
    return float(entries.take_number(entry, f"{what}: required_m", notes, 0, 10_000))


def parse_measure(pairs: Mapping[str, Entry], what: str, notes: Notes) -> Measure:
    """How a clearance is measured; every other kind in the plan."""
    if "measure" not in pairs:
        return "horizontal"
    return cast(Measure, entries.take_choice(pairs["measure"], f"{what}: measure", MEASURES, notes))


def parse_matrix(name: str, entry: Entry, frame: Frame) -> Iterator[Rule]:
    """The rules of a symmetric table, one for each pair of classes that has a number; the earlier class is the left."""
    what, notes = f"matrix {name!r}", frame.notes
    required = ("kind", "measure", "clause", "classes", "rows")
    pairs = entries.take_mapping(entry, what, notes, required=required, optional=(*ORIGIN, *ORIGIN_OPTIONAL))
    if any(key not in pairs for key in required):
        return
    entries.take_choice(pairs["kind"], f"{what}: kind", ("clearance",), notes)
    names = [parse_class_name(item, frame) for item in entries.take_list(pairs["classes"], f"{what}: classes", notes)]
    cells = parse_cells(pairs["rows"], names, what, notes)
    measure = parse_measure(pairs, what, notes)
    for (left, right), required_m in cells.items():
        if names.index(left) <= names.index(right) and left in frame.file.classes and right in frame.file.classes:
            yield Rule(
                id=f"{frame.pack}.{name}.{left}.{right}",
                pack=frame.pack,
                kind="clearance",
                title=join_titles(frame.file.classes[left], frame.file.classes[right], measure),
                left=Side(left),
                right=Side(right),
                required_m=required_m,
                clause=entries.take_text(pairs["clause"], f"{what}: clause", notes),
                authority=frame.authority,
                measure=measure,
                **vars(parse_origin(pairs, frame.origin, notes)),
            )


def parse_cells(entry: Entry, names: list[str], what: str, notes: Notes) -> dict[tuple[str, str], float]:
    """(row, column) -> metres of every cell that has a number; the table must be whole and symmetric."""
    rows = entries.take_mapping(entry, f"{what}: rows", notes, required=names, optional=())
    cells: dict[tuple[str, str], float] = {}
    for row, value in rows.items():
        items = entries.take_list(value, f"{what}: row {row!r}", notes)
        if len(items) != len(names):
            notes.add(value.line, f"{what}: row {row!r} has {len(items)} cells for {len(names)} classes")
        for column, item in zip(names, items, strict=False):
            if item.value is not None:
                cells[row, column] = float(entries.take_number(item, f"{what}: {row} - {column}", notes, 0, 10_000))
    for (row, column), metres in cells.items():
        if cells.get((column, row)) != metres and column in rows and row in rows:
            notes.add(rows[row].line, f"{what}: {row} - {column} is {metres}, but {column} - {row} is not")
    return cells


def join_titles(left: AssetClass, right: AssetClass, measure: Measure) -> Title:
    """The title of a cell of a matrix."""
    how = MEASURE_TITLES[measure]
    return Title(vi=f"{left.title.vi} - {right.title.vi}, {how.vi}", en=f"{left.title.en} - {right.title.en}, {how.en}")
