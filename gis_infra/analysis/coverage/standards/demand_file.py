"""`layers/coverage/demand.yaml`: whom services are to reach, and the units results are given by."""

from collections.abc import Mapping
from typing import cast

from gis_infra.analysis.coverage.standards import fields
from gis_infra.analysis.coverage.standards.frame import Frame, empty
from gis_infra.analysis.coverage.standards.kinds import DEMAND_KINDS, DemandKind
from gis_infra.analysis.coverage.standards.model import STOREY_M, Demand, Homes, Units
from gis_infra.analysis.rules.condition_entries import take_pairs
from gis_infra.analysis.rules.model import Member
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import FieldType, Title
from gis_infra.catalogue.documents import Entry

# What each kind of demand says, beside title, kind and note.
REQUIRED: Mapping[DemandKind, tuple[str, ...]] = {
    "column": ("layer", "people"),
    "dasymetric": ("layer", "occupancy", "source", "verified"),
    "count": ("layer",),
    "areal": (),
    "area": (),
}
OPTIONAL: Mapping[DemandKind, tuple[str, ...]] = {
    "column": ("where",),
    "dasymetric": ("where", "floors", "height", "use", "unrecorded", "storey_m"),
    "count": ("where",),
    "areal": ("layer", "where", "people", "units"),
    "area": (),
}
COMMON = ("title", "kind")
UNIT_FIELDS: Mapping[str, tuple[FieldType, ...]] = {
    "code": ("text",),
    "name": ("text",),
    "level": ("code",),
    "from": ("date",),
    "to": ("date",),
    "population": fields.NUMBERS,
}
DENSEST = 10.0  # persons on a square metre of floor


def parse_demand_file(entry: Entry, frame: Frame) -> tuple[Mapping[str, Demand], Units]:
    """The demands by id, in file order, and the units."""
    pairs = entries.take_mapping(entry, "the file", frame.notes, required=("demands", "units"), optional=())
    units = parse_units(pairs.get("units", empty(entry)), frame)
    return {
        name: parse_demand(name, value, frame)
        for name, value in take_pairs(pairs.get("demands"), "demands", frame.notes).items()
    }, units


def parse_units(entry: Entry, frame: Frame) -> Units:
    """The administrative units, and which level is taken unless another is asked for."""
    keys = (*UNIT_FIELDS, "usual_level")
    pairs = entries.take_mapping(entry, "units", frame.notes, required=("layer", *keys), optional=("where",))
    member = fields.parse_member(entry, "units", keys, frame)
    layer = fields.find_member_layer(member, frame)
    named = {
        key: fields.take_field(pairs.get(key), f"units: {key}", layer, types, frame) or ""
        for key, types in UNIT_FIELDS.items()
    }
    levels = fields.find_code_field(layer, named["level"])
    usual = pairs.get("usual_level")
    return Units(
        member=member,
        code=named["code"],
        name=named["name"],
        level_field=named["level"],
        level=fields.take_code(usual, "units: usual_level", levels, frame) if usual is not None else "",
        levels=tuple(levels.codes) if levels is not None else (),
        from_field=named["from"],
        to_field=named["to"],
        population=named["population"],
    )


def parse_demand(name: str, entry: Entry, frame: Frame) -> Demand:
    """One demand."""
    what, notes = f"demand {name!r}", frame.notes
    pairs = entries.take_mapping(entry, what, notes, required=COMMON)
    kind: DemandKind = DEMAND_KINDS[0]
    if "kind" in pairs:
        kind = cast(DemandKind, entries.take_choice(pairs["kind"], f"{what}: kind", DEMAND_KINDS, notes))
    allowed = (*COMMON, *REQUIRED[kind], *OPTIONAL[kind], "note")
    entries.refuse_unknown_keys(pairs, f"{what} of kind {kind}", allowed, notes)
    for key in REQUIRED[kind]:
        if key not in pairs:
            notes.add(entry.key_line, f"{what} of kind {kind} lacks {key!r}")
    return Demand(
        id=name,
        title=entries.take_title(pairs["title"], f"{what}: title", notes) if "title" in pairs else Title("", ""),
        kind=kind,
        member=parse_rows(kind, entry, what, frame),
        people=parse_people(kind, pairs, what, frame),
        homes=parse_homes(pairs, what, frame) if kind == "dasymetric" else None,
        note=entries.take_text(pairs["note"], f"{what}: note", notes) if "note" in pairs else "",
    )


def parse_rows(kind: DemandKind, entry: Entry, what: str, frame: Frame) -> Member | None:
    """The part of a layer whose rows are the places; None where the units themselves are."""
    pairs = entries.take_mapping(entry, what, frame.notes)
    if kind == "area" or not isinstance(entry.value, Mapping):
        return None
    if kind == "areal" and fields.take_yes(pairs.get("units"), f"{what}: units", frame):
        for key in ("layer", "where", "people"):
            if key in pairs:
                frame.notes.add(pairs[key].key_line, f"{what} is of the units themselves, so it has no {key!r}")
        return None
    if kind == "areal" and not {"layer", "people"} <= pairs.keys():
        frame.notes.add(entry.key_line, f"{what} of kind areal needs 'layer' and 'people', or 'units: yes'")
    if "layer" not in pairs:
        return Member("")
    others = tuple(key for key in pairs if key not in ("layer", "where"))
    member = fields.parse_member(entry, what, others, frame)
    layer = fields.find_member_layer(member, frame)
    if kind in ("areal", "dasymetric") and layer is not None and "Polygon" not in layer.geometry:
        frame.notes.add(pairs["layer"].line, f"{what} is of areas, and {layer.id} is a layer of {layer.geometry}")
    return member


def parse_people(kind: DemandKind, pairs: Mapping[str, Entry], what: str, frame: Frame) -> str | None:
    """The attribute that holds how many people a place has; None where the kind has none."""
    if kind not in ("column", "areal"):
        return None
    layer = frame.catalogue.layers.get(str(pairs["layer"].value)) if "layer" in pairs else None
    return fields.take_field(pairs.get("people"), f"{what}: people", layer, fields.NUMBERS, frame)


def parse_homes(pairs: Mapping[str, Entry], what: str, frame: Frame) -> Homes:
    """How many people buildings house."""
    layer = frame.catalogue.layers.get(str(pairs["layer"].value)) if "layer" in pairs else None
    use = fields.take_field(pairs.get("use"), f"{what}: use", layer, ("code", "text"), frame)
    codes = fields.find_code_field(layer, use)
    occupancy = {}
    for code, value in take_pairs(pairs.get("occupancy"), f"{what}: occupancy", frame.notes).items():
        fields.require_code(code, value.key_line, f"{what}: occupancy", codes, frame)
        occupancy[code] = fields.take_amount(value, f"{what}: occupancy of {code}", (0, DENSEST), frame) or 0.0
    storey_m = fields.take_amount(pairs.get("storey_m"), f"{what}: storey_m", (1, 20), frame)
    return Homes(
        floors_field=fields.take_field(pairs.get("floors"), f"{what}: floors", layer, fields.NUMBERS, frame),
        height_field=fields.take_field(pairs.get("height"), f"{what}: height", layer, fields.NUMBERS, frame),
        use_field=use,
        occupancy=occupancy,
        unrecorded=fields.take_amount(pairs.get("unrecorded"), f"{what}: unrecorded", (0, DENSEST), frame) or 0.0,
        storey_m=STOREY_M if storey_m is None else storey_m,
        source=entries.take_text(pairs["source"], f"{what}: source", frame.notes) if "source" in pairs else "",
        verified=fields.take_yes(pairs.get("verified"), f"{what}: verified", frame),
    )
