"""Which layers of a file go into which layers of the city: by what is said, by a profile, or asked back."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gis_infra.catalogue.definitions import Catalogue, Layer
from gis_infra.errors import InvalidParameter, UnknownLayer
from gis_infra.transfer.coordinates.systems import City
from gis_infra.transfer.inspecting import Inspection, inspect_file
from gis_infra.transfer.mapping.profiles import Profile, find_entry, merge, to_reading
from gis_infra.transfer.request import Reading
from gis_infra.transfer.sources.source import list_layers

CLOSE = 0.75  # how alike names are, of 1, before one is taken for a slip of the pen for the other


@dataclass(frozen=True)
class Said:
    """What the command line says of what goes where. layer, source_layer, profile: None where it says nothing."""

    file: Path
    layer: Layer | None
    source_layer: str | None
    profile: Profile | None
    reading: Reading


@dataclass(frozen=True)
class Target:
    """One layer of the file and where it goes. source_layer: None for the only one."""

    source_layer: str | None
    layer: Layer
    reading: Reading


@dataclass(frozen=True)
class Targets:
    """What is to be imported. unknown: layers of the file the profile does not know."""

    known: tuple[Target, ...]
    unknown: tuple[str, ...] = ()


def get_layer(catalogue: Catalogue, name: str) -> Layer:
    """The layer of that id. Raises UnknownLayer, which names those that are written much like it."""
    if name in catalogue.layers:
        return catalogue.layers[name]
    close = " or ".join(difflib.get_close_matches(name, catalogue.layers, cutoff=CLOSE))
    hint = f"did you mean {close}? " if close else ""
    raise UnknownLayer(f"there is no layer {name!r}; {hint}gis-infra layers list shows them all", where=name)


def choose_targets(said: Said, catalogue: Catalogue, city: City) -> Targets:
    """What goes where.

    Raises InvalidSource if the file cannot be read, InvalidParameter if it is left open which layer is meant; the
    message then lists what there is, with the layer each looks like.
    """
    layers = list_layers(said.file)
    wanted = (said.source_layer,) if said.source_layer is not None else layers
    if said.profile is not None:
        return choose_by_profile(said, said.profile, catalogue, wanted)
    if len(wanted) > 1:
        raise InvalidParameter(tell_of_several(said, layers, catalogue, city), where="source-layer")
    if said.layer is None:
        message = f"name the layer of the city with --layer{tell_of_likeness(said, catalogue, city)}"
        raise InvalidParameter(message, where="layer")
    return Targets((Target(said.source_layer, said.layer, said.reading),))


def choose_by_profile(said: Said, profile: Profile, catalogue: Catalogue, wanted: Sequence[str]) -> Targets:
    """The layers a profile knows, each read as it says. Raises InvalidParameter if it knows none of them."""
    known: list[Target] = []
    unknown: list[str] = []
    for name in wanted:
        entry = find_entry(profile, name)
        layer = said.layer or (catalogue.layers[entry.layer] if entry is not None else None)
        if layer is None or (entry is None and len(wanted) > 1):
            unknown.append(name)
            continue
        reading = merge(to_reading(entry), said.reading) if entry is not None else said.reading
        known.append(Target(name if len(wanted) > 1 else said.source_layer, layer, reading))
    if not known:
        there = ", ".join(unknown)
        patterns = ", ".join(entry.source for entry in profile.entries) or "none"
        message = f"the profile {profile.name} knows none of {there}; it knows {patterns}; name the layer with --layer"
        raise InvalidParameter(message, where="profile")
    return Targets(tuple(known), tuple(unknown))


def tell_of_several(said: Said, layers: Sequence[str], catalogue: Catalogue, city: City) -> str:
    """That a file holds several layers, each with the layer it looks like, and what to do."""
    looks = {each.source.layer: name_best(each) for each in list_readable(said.file, city, catalogue)}
    listed = ", ".join(f"{name}{f' (looks like {looks[name]})' if looks.get(name) else ''}" for name in layers)
    return f"{said.file.name} holds {len(layers)} layers, name one with --source-layer, or all by --profile: {listed}"


def tell_of_likeness(said: Said, catalogue: Catalogue, city: City) -> str:
    """The layers the file looks like, as the end of a message; how to see them all if there are none."""
    inspected = list_readable(said.file, city, catalogue)
    chosen = [each for each in inspected if said.source_layer in {None, each.source.layer}]
    found = chosen[0].suggestions if chosen else ()
    if not found:
        return "; gis-infra layers list shows them all"
    return f"; {said.file.name} looks like {', or '.join(f'{each.layer.id} ({each.reason})' for each in found)}"


def list_readable(file: Path, city: City, catalogue: Catalogue) -> list[Inspection]:
    """The layers of a file that can be read, inspected."""
    return [each for each in inspect_file(file, city, catalogue) if isinstance(each, Inspection)]


def name_best(inspection: Inspection) -> str:
    """The layer it looks most like, "" if like none."""
    return inspection.suggestions[0].layer.id if inspection.suggestions else ""
