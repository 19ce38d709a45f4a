"""One file of `layers/coverage/` that is a service: its method, how far it reaches, its demand and its targets."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from gis_infra.analysis.coverage.standards import fields
from gis_infra.analysis.coverage.standards.frame import LARGEST_DISTANCE_M, Frame, empty, parse_origin
from gis_infra.analysis.coverage.standards.kinds import METHODS, Method
from gis_infra.analysis.coverage.standards.method_entries import (
    parse_along,
    parse_capacity,
    parse_connection,
    parse_sector,
)
from gis_infra.analysis.coverage.standards.model import AREA, Demand, Origin, Service
from gis_infra.analysis.coverage.standards.target_entries import parse_targets
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Layer, Title
from gis_infra.catalogue.documents import Entry

REQUIRED = ("title", "method", "facilities", "demand", "source", "clause", "legal_basis", "verified", "valid_from")
OPTIONAL = (
    "distance_m", "minutes", "distance_field", "along", "capacity", "connection", "sector", "amount", "targets",
    "valid_to", "note",
)  # fmt: skip
LONGEST_MIN = 24 * 60
NEEDS: Mapping[Method, tuple[str, ...]] = {
    "straight_line": ("distance_m",),
    "streets": ("along",),
    "connection": ("connection",),
    "zone": (),
    "sector": ("sector", "distance_m"),
}


@dataclass(frozen=True)
class Shared:
    """What demand.yaml and streets.yaml say, by which a service's words are judged."""

    demands: Mapping[str, Demand]
    profiles: tuple[str, ...]


def parse_service(entry: Entry, service_id: str, shared: Shared, frame: Frame) -> Service:
    """The service of one file; what is wrong is noted by line."""
    notes = frame.notes
    pairs = entries.take_mapping(entry, "the file", notes, required=REQUIRED, optional=OPTIONAL)
    facilities = fields.parse_member(pairs.get("facilities", empty(entry)), "facilities", (), frame)
    layer = fields.find_member_layer(facilities, frame)
    origin = parse_origin(pairs, Origin(), frame)
    profile, direction = parse_along(pairs.get("along"), shared.profiles, frame)
    service = Service(
        id=service_id,
        title=entries.take_title(pairs["title"], "title", notes) if "title" in pairs else Title("", ""),
        method=parse_method(pairs, frame),
        facilities=facilities,
        demand=parse_demand_name(pairs, shared, frame),
        origin=origin,
        distance_m=fields.take_amount(pairs.get("distance_m"), "distance_m", (1, LARGEST_DISTANCE_M), frame),
        minutes=fields.take_amount(pairs.get("minutes"), "minutes", (0.1, LONGEST_MIN), frame),
        distance_field=fields.take_field(pairs.get("distance_field"), "distance_field", layer, fields.NUMBERS, frame),
        profile=profile,
        direction=direction,
        capacity=parse_capacity(pairs.get("capacity"), layer, frame),
        connection=parse_connection(pairs.get("connection"), layer, frame),
        sector=parse_sector(pairs.get("sector"), layer, frame),
        amount=parse_amount(pairs.get("amount"), layer, frame),
        targets=parse_targets(pairs.get("targets"), origin, frame),
        note=entries.take_text(pairs["note"], "note", notes) if "note" in pairs else "",
    )
    require_whole(entry, pairs, service, frame)
    require_demand(pairs, service, shared, layer, frame)
    return service


def parse_method(pairs: Mapping[str, Entry], frame: Frame) -> Method:
    """How the reach is measured."""
    if "method" not in pairs:
        return METHODS[0]
    return cast(Method, entries.take_choice(pairs["method"], "method", METHODS, frame.notes))


def parse_demand_name(pairs: Mapping[str, Entry], shared: Shared, frame: Frame) -> str:
    """The id of a demand of demand.yaml."""
    if "demand" not in pairs:
        return ""
    return entries.take_choice(pairs["demand"], "demand", tuple(shared.demands) or ("",), frame.notes)


def parse_amount(entry: Entry | None, layer: Layer | None, frame: Frame) -> str | None:
    """What of a facility is asked for by person: "area", or an attribute that is a number."""
    if entry is None or entry.value != AREA:
        return fields.take_field(entry, "amount", layer, fields.NUMBERS, frame)
    if layer is not None and "Polygon" not in layer.geometry:
        frame.notes.add(entry.line, f"amount is the area, and {layer.id} is a layer of {layer.geometry}")
    return AREA


def require_whole(entry: Entry, pairs: Mapping[str, Entry], service: Service, frame: Frame) -> None:
    """Note what the method lacks, and what does not go together."""
    notes = frame.notes
    for key in NEEDS[service.method]:
        if key not in pairs:
            notes.add(entry.line, f"method {service.method} needs {key!r}")
    if service.method == "streets" and not {"distance_m", "minutes"} & pairs.keys():
        notes.add(entry.line, "method streets needs 'distance_m' or 'minutes'")
    if {"distance_m", "minutes"} <= pairs.keys():
        notes.add(pairs["minutes"].key_line, "distance_m and minutes are both given; give one")
    if "minutes" in pairs and service.method != "streets":
        notes.add(pairs["minutes"].key_line, f"minutes are of method streets, not {service.method}")
    if service.distance_field is not None and not {"distance_m", "minutes"} & pairs.keys():
        notes.add(pairs["distance_field"].key_line, "distance_field needs a distance for facilities without their own")
    if service.capacity is not None and service.method not in ("straight_line", "streets"):
        notes.add(pairs["capacity"].key_line, f"capacity is of methods straight_line and streets, not {service.method}")
    asked = [target.indicator for target in service.targets]
    if "amount_per_person" in asked and service.amount is None:
        notes.add(pairs["targets"].line, "a target of amount_per_person needs 'amount'")
    if service.method in ("connection", "zone") and any(name.endswith("_distance") for name in asked):
        notes.add(pairs["targets"].line, f"method {service.method} tells no distance, so there is no target of one")


def require_demand(
    pairs: Mapping[str, Entry], service: Service, shared: Shared, layer: Layer | None, frame: Frame
) -> None:
    """Note a method that cannot be asked for such a demand or of such a layer."""
    demand = shared.demands.get(service.demand)
    if service.method == "zone" and layer is not None and "Polygon" not in layer.geometry:
        frame.notes.add(pairs["facilities"].line, f"zones are areas, and {layer.id} is a layer of {layer.geometry}")
    if service.method == "connection" and demand is not None and demand.kind in ("areal", "area"):
        frame.notes.add(pairs["demand"].line, f"connections are linked to single places, not to demand {demand.id!r}")
