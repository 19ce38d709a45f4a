"""What methods need to know of a service's facilities: connections, sectors, capacity, the way along streets."""

from collections.abc import Mapping
from typing import cast

from gis_infra.analysis.coverage.standards import fields
from gis_infra.analysis.coverage.standards.frame import Frame
from gis_infra.analysis.coverage.standards.kinds import DIRECTIONS, LINKED_BY, Direction, LinkedBy
from gis_infra.analysis.coverage.standards.model import STOREY_M, Capacity, Connection, Obstacles, Sector
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.documents import Entry

HEIGHTS_M = (0, 1_000)
OBSTACLE_KEYS = ("height", "floors", "storey_m")


def parse_along(entry: Entry | None, profiles: tuple[str, ...], frame: Frame) -> tuple[str | None, Direction]:
    """The street profile, None if the file names none, and which way people or engines go."""
    if entry is None:
        return None, DIRECTIONS[0]
    pairs = entries.take_mapping(entry, "along", frame.notes, required=("profile", "direction"), optional=())
    profile, direction = None, DIRECTIONS[0]
    if "profile" in pairs:
        profile = entries.take_choice(pairs["profile"], "along: profile", profiles or ("",), frame.notes)
    if "direction" in pairs:
        direction = cast(
            Direction, entries.take_choice(pairs["direction"], "along: direction", DIRECTIONS, frame.notes)
        )
    return profile, direction


def parse_capacity(entry: Entry | None, layer: Layer | None, frame: Frame) -> Capacity | None:
    """How many people a facility takes."""
    if entry is None:
        return None
    pairs = entries.take_mapping(entry, "capacity", frame.notes, optional=("people", "field"))
    if not pairs:
        frame.notes.add(entry.line, "capacity needs people, field or both")
    return Capacity(
        field=fields.take_field(pairs.get("field"), "capacity: field", layer, fields.NUMBERS, frame),
        people=fields.take_amount(pairs.get("people"), "capacity: people", (0, 1e9), frame),
    )


def parse_connection(entry: Entry | None, layer: Layer | None, frame: Frame) -> Connection | None:
    """How a connection is linked to what it serves."""
    if entry is None:
        return None
    notes, optional = frame.notes, ("within_m", "code_field", "place_field", "parcels")
    pairs = entries.take_mapping(entry, "connection", notes, required=("by",), optional=optional)
    by = cast(LinkedBy, entries.take_choice(pairs["by"], "connection: by", LINKED_BY, notes) if "by" in pairs else "")
    others = ("within_m", "parcels") if by == "code" else ("code_field", "place_field")
    for key in others:
        if key in pairs:
            notes.add(pairs[key].key_line, f"connection by {by} has no {key!r}")
    if by == "code" and "code_field" not in pairs:
        notes.add(entry.key_line, "connection by code lacks 'code_field'")
    place_field = pairs.get("place_field")
    return Connection(
        by=by,
        within_m=fields.take_amount(pairs.get("within_m"), "connection: within_m", (0, 1_000), frame) or 0.0,
        code_field=fields.take_field(pairs.get("code_field"), "connection: code_field", layer, ("text",), frame),
        place_field="asset_code"
        if place_field is None
        else entries.take_text(place_field, "connection: place_field", notes),
        parcels=fields.parse_member(pairs["parcels"], "connection: parcels", (), frame) if "parcels" in pairs else None,
    )


def parse_sector(entry: Entry | None, layer: Layer | None, frame: Frame) -> Sector | None:
    """What a camera or a mast looks at."""
    if entry is None:
        return None
    required, optional = ("angle_deg", "eye_m", "target_m"), ("direction", "angle", "height", "hidden_by")
    pairs = entries.take_mapping(entry, "sector", frame.notes, required=required, optional=optional)
    angle = fields.take_amount(pairs.get("angle_deg"), "sector: angle_deg", (0.1, 360), frame)
    return Sector(
        direction_field=fields.take_field(pairs.get("direction"), "sector: direction", layer, fields.NUMBERS, frame),
        angle_field=fields.take_field(pairs.get("angle"), "sector: angle", layer, fields.NUMBERS, frame),
        angle_deg=360.0 if angle is None else angle,
        height_field=fields.take_field(pairs.get("height"), "sector: height", layer, fields.NUMBERS, frame),
        eye_m=fields.take_amount(pairs.get("eye_m"), "sector: eye_m", HEIGHTS_M, frame) or 0.0,
        target_m=fields.take_amount(pairs.get("target_m"), "sector: target_m", HEIGHTS_M, frame) or 0.0,
        hidden_by=parse_obstacles(pairs.get("hidden_by"), frame),
    )


def parse_obstacles(entry: Entry | None, frame: Frame) -> Obstacles | None:
    """The buildings that hide what lies behind them."""
    if entry is None:
        return None
    member = fields.parse_member(entry, "hidden_by", OBSTACLE_KEYS, frame)
    pairs: Mapping[str, Entry] = entries.take_mapping(entry, "hidden_by", frame.notes)
    layer = fields.find_member_layer(member, frame)
    if layer is not None and "Polygon" not in layer.geometry:
        frame.notes.add(entry.line, f"hidden_by is of areas, and {layer.id} is a layer of {layer.geometry}")
    storey_m = fields.take_amount(pairs.get("storey_m"), "hidden_by: storey_m", (1, 20), frame)
    return Obstacles(
        member=member,
        height_field=fields.take_field(pairs.get("height"), "hidden_by: height", layer, fields.NUMBERS, frame),
        floors_field=fields.take_field(pairs.get("floors"), "hidden_by: floors", layer, fields.NUMBERS, frame),
        storey_m=STOREY_M if storey_m is None else storey_m,
    )
