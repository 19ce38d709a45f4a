"""`layers/coverage/streets.yaml`: the streets distances are measured along, barriers, and who moves on them."""

from typing import cast

from gis_infra.analysis.coverage.standards import fields
from gis_infra.analysis.coverage.standards.frame import Frame, empty
from gis_infra.analysis.coverage.standards.kinds import BLOCKS, Blocks
from gis_infra.analysis.coverage.standards.model import Barrier, StreetProfile, Streets
from gis_infra.analysis.rules.condition_entries import take_pairs
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Field, Title
from gis_infra.catalogue.documents import Entry

STREET_KEYS = ("class", "one_way", "join_m", "snap_m", "walking_kmh")
SPEEDS_KMH = (0.1, 300)


def parse_street_file(entry: Entry, frame: Frame) -> Streets:
    """Everything of the file."""
    notes = frame.notes
    pairs = entries.take_mapping(entry, "the file", notes, required=("streets", "profiles"), optional=("barriers",))
    streets = pairs.get("streets", empty(entry))
    inner = entries.take_mapping(streets, "streets", notes, required=("layer", *STREET_KEYS), optional=("where",))
    member = fields.parse_member(streets, "streets", STREET_KEYS, frame)
    layer = fields.find_member_layer(member, frame)
    if layer is not None and "LineString" not in layer.geometry:
        notes.add(inner["layer"].line, f"streets are lines, and {layer.id} is a layer of {layer.geometry}")
    class_field = fields.take_field(inner.get("class"), "streets: class", layer, ("code", "text"), frame) or ""
    classes = fields.find_code_field(layer, class_field)
    return Streets(
        member=member,
        class_field=class_field,
        one_way_field=fields.take_field(inner.get("one_way"), "streets: one_way", layer, ("boolean",), frame) or "",
        join_m=fields.take_amount(inner.get("join_m"), "streets: join_m", (0, 20), frame) or 0.0,
        snap_m=fields.take_amount(inner.get("snap_m"), "streets: snap_m", (0.01, 5_000), frame) or 0.0,
        walking_kmh=fields.take_amount(inner.get("walking_kmh"), "streets: walking_kmh", SPEEDS_KMH, frame) or 0.0,
        barriers=parse_barriers(pairs.get("barriers"), frame),
        profiles={
            name: parse_profile(name, value, classes, frame)
            for name, value in take_pairs(pairs.get("profiles"), "profiles", notes).items()
        },
    )


def parse_barriers(entry: Entry | None, frame: Frame) -> tuple[Barrier, ...]:
    """What no way off the streets may cross, in file order."""
    items = entries.take_list(entry, "barriers", frame.notes) if entry is not None else ()
    return tuple(parse_barrier(item, frame) for item in items)


def parse_barrier(entry: Entry, frame: Frame) -> Barrier:
    """One part of a layer, and what it blocks."""
    pairs = entries.take_mapping(entry, "barrier", frame.notes, required=("layer", "blocks"), optional=("where",))
    blocks = entries.take_choice(pairs["blocks"], "barrier: blocks", BLOCKS, frame.notes) if "blocks" in pairs else ""
    member = fields.parse_member(entry, "barrier", ("blocks",), frame)
    layer = fields.find_member_layer(member, frame)
    if layer is not None and "Point" in layer.geometry:
        frame.notes.add(entry.line, f"a barrier is a line or an area, and {layer.id} is a layer of {layer.geometry}")
    return Barrier(member, cast(Blocks, blocks))


def parse_profile(name: str, entry: Entry, classes: Field | None, frame: Frame) -> StreetProfile:
    """Who moves along the streets, where and how fast."""
    what, notes = f"profile {name!r}", frame.notes
    required = ("title", "one_way", "other_kmh")
    pairs = entries.take_mapping(entry, what, notes, required=required, optional=("not", "speeds_kmh"))
    excluded = entries.take_list(pairs["not"], f"{what}: not", notes) if "not" in pairs else ()
    speeds = {}
    for code, value in take_pairs(pairs.get("speeds_kmh"), f"{what}: speeds_kmh", notes).items():
        fields.require_code(code, value.key_line, f"{what}: speeds_kmh", classes, frame)
        speeds[code] = float(entries.take_number(value, f"{what}: speed on {code}", notes, *SPEEDS_KMH))
    return StreetProfile(
        id=name,
        title=entries.take_title(pairs["title"], f"{what}: title", notes) if "title" in pairs else Title("", ""),
        excluded=frozenset(fields.take_code(item, f"{what}: not", classes, frame) for item in excluded),
        one_way=fields.take_yes(pairs.get("one_way"), f"{what}: one_way", frame),
        speeds_kmh=speeds,
        other_kmh=fields.take_amount(pairs.get("other_kmh"), f"{what}: other_kmh", SPEEDS_KMH, frame) or 0.0,
    )
