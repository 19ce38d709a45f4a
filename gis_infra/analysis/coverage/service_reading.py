"""The folder `layers/coverage/` as one `ServiceBook`: demand.yaml for what all services share, then one file each."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from gis_infra.analysis.coverage.services import METHODS, Demand, Method, Service, ServiceBook, Units
from gis_infra.analysis.rules.condition_entries import find_field, find_layer, parse_where
from gis_infra.analysis.rules.model import Member
from gis_infra.analysis.rules.rule_file import Origin, parse_origin
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Catalogue, Title
from gis_infra.catalogue.documents import Entry, Notes, Problem, name_file, read_document, require_none

DEMAND_FILE = "demand.yaml"
ORIGIN_KEYS = ("source", "clause", "legal_basis", "verified", "valid_from")
SERVICE_KEYS = ("title", "method", "distance_m", "facilities", *ORIGIN_KEYS)
LARGEST_DISTANCE_M = 100_000


@dataclass(frozen=True)
class Frame:
    """What stands around each value while a file is read."""

    catalogue: Catalogue
    notes: Notes


def read_services(folder: Path, catalogue: Catalogue) -> ServiceBook:
    """Every service of `folder`/coverage, in the order of file names.

    folder: the folder of the layer files.
    Raises LayerFileError, whose message lists every problem as "layers/coverage/post_office.yaml:3: ...", one a line.
    """
    problems: list[Problem] = []
    services = {}
    demand, units = Demand(Member(""), ""), Units(Member(""), "", "", "", "")
    for path in [folder / "coverage" / DEMAND_FILE, *sorted((folder / "coverage").glob("*.yaml"))]:
        notes = Notes(name_file(path, folder))
        document = read_document(path, notes) or Entry({}, 1, 1)
        if path.name == DEMAND_FILE:
            demand, units = parse_demand_file(document, Frame(catalogue, notes))
        else:
            services[path.stem] = parse_service(document, path.stem, Frame(catalogue, notes))
        problems += [each for each in notes.problems if each not in problems]
    require_none(problems)
    return ServiceBook(services, demand, units)


def parse_demand_file(entry: Entry, frame: Frame) -> tuple[Demand, Units]:
    """What demand.yaml says."""
    pairs = entries.take_mapping(entry, "the file", frame.notes, required=("demand", "units"), optional=())
    empty = Entry({}, entry.line, entry.key_line)
    demand = take_keys(pairs.get("demand", empty), "demand", ("people",), frame)
    units = take_keys(pairs.get("units", empty), "units", ("code", "name", "from", "to"), frame)
    return (
        Demand(demand[0], demand[1].get("people", "")),
        Units(units[0], *(units[1].get(key, "") for key in ("code", "name", "from", "to"))),
    )


def take_keys(entry: Entry, what: str, keys: tuple[str, ...], frame: Frame) -> tuple[Member, Mapping[str, str]]:
    """A part of a layer, and the layer's fields that `keys` name."""
    notes = frame.notes
    pairs = entries.take_mapping(entry, what, notes, required=("layer", *keys), optional=("where",))
    member = parse_member(entry, what, keys, frame)
    fields = {key: entries.take_text(pairs[key], f"{what}: {key}", notes) for key in keys if key in pairs}
    layer = frame.catalogue.layers.get(member.layer)
    for key, name in fields.items():
        if layer is not None:
            find_field(layer, name, pairs[key], notes)
    return member, fields


def parse_member(entry: Entry, what: str, others: tuple[str, ...], frame: Frame) -> Member:
    """A part of a layer: {layer: id, where: conditions}, beside `others`."""
    pairs = entries.take_mapping(entry, what, frame.notes, required=("layer",), optional=("where", *others))
    if "layer" not in pairs:
        return Member("")
    name = entries.take_text(pairs["layer"], f"{what}: layer", frame.notes)
    layer = find_layer(name, pairs["layer"], frame.catalogue, frame.notes)
    if layer is None or "where" not in pairs:
        return Member(name)
    return Member(name, parse_where(pairs["where"], (layer,), frame.notes))


def parse_service(entry: Entry, service_id: str, frame: Frame) -> Service:
    """The service of one file."""
    notes = frame.notes
    optional = ("distance_field", "valid_to", "note")
    pairs = entries.take_mapping(entry, "the file", notes, required=SERVICE_KEYS, optional=optional)
    origin = parse_origin(pairs, Origin(), notes)
    empty = Entry({}, entry.line, entry.key_line)
    facilities = parse_member(pairs.get("facilities", empty), "facilities", (), frame)
    return Service(
        id=service_id,
        title=entries.take_title(pairs["title"], "title", notes) if "title" in pairs else Title("", ""),
        method=parse_method(pairs, notes),
        facilities=facilities,
        distance_m=parse_distance(pairs, notes),
        distance_field=parse_distance_field(pairs, facilities, frame),
        source=origin.source,
        clause=entries.take_text(pairs["clause"], "clause", notes) if "clause" in pairs else "",
        legal_basis=origin.legal_basis,
        verified=origin.verified,
        note=origin.note,
    )


def parse_method(pairs: Mapping[str, Entry], notes: Notes) -> Method:
    """How the reach is measured."""
    if "method" not in pairs:
        return METHODS[0]
    return cast(Method, entries.take_choice(pairs["method"], "method", METHODS, notes))


def parse_distance(pairs: Mapping[str, Entry], notes: Notes) -> float:
    """How far a facility reaches, more than 0 m."""
    if "distance_m" not in pairs:
        return 0.0
    return float(entries.take_number(pairs["distance_m"], "distance_m", notes, 1, LARGEST_DISTANCE_M))


def parse_distance_field(pairs: Mapping[str, Entry], facilities: Member, frame: Frame) -> str | None:
    """The facilities' attribute that holds their own reach; None if the file names none."""
    if "distance_field" not in pairs:
        return None
    name = entries.take_text(pairs["distance_field"], "distance_field", frame.notes)
    layer = frame.catalogue.layers.get(facilities.layer)
    if layer is not None:
        field = find_field(layer, name, pairs["distance_field"], frame.notes)
        if field is not None and field.type not in ("integer", "number"):
            frame.notes.add(pairs["distance_field"].line, f"distance_field {name!r} is {field.type}, not a number")
    return name
