"""`layers/rules/classes.yaml`: the classes, how wide assets are, what lasts how long, what holds things apart."""

from collections.abc import Mapping
from dataclasses import dataclass

from gis_infra.analysis.rules.condition_entries import (
    find_field,
    find_layer,
    find_named_fields,
    parse_where,
    take_pairs,
)
from gis_infra.analysis.rules.model import AssetClass, Member, Size, Surface, Window
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Catalogue, Layer, Title
from gis_infra.catalogue.documents import Entry, Notes

FACTORS_M: Mapping[str, float] = {"mm": 0.001, "m": 1.0}
TABLES = ("sizes", "heights", "bores", "windows", "surfaces", "containers", "same", "buried")


@dataclass(frozen=True)
class ClassFile:
    """What classes.yaml says; a rule book without its packs."""

    classes: Mapping[str, AssetClass]
    sizes: Mapping[str, Size]
    windows: Mapping[str, Window]
    container: str | None
    buried: frozenset[str]
    heights: Mapping[str, Size]
    bores: Mapping[str, Size]
    surfaces: Mapping[str, Surface]
    same: Mapping[str, str]


def parse_class_file(entry: Entry, catalogue: Catalogue, notes: Notes) -> ClassFile:
    """Everything of the file; what is wrong is noted by line."""
    pairs = entries.take_mapping(entry, "the file", notes, required=("classes",), optional=TABLES)
    classes = {
        name: parse_class(name, value, catalogue, notes)
        for name, value in take_pairs(pairs.get("classes"), "classes", notes).items()
    }
    tables = {name: take_pairs(pairs.get(name), name, notes) for name in TABLES if name not in ("containers", "buried")}
    return ClassFile(
        classes=classes,
        sizes=parse_sizes(tables["sizes"], "size", catalogue, notes),
        heights=parse_sizes(tables["heights"], "height", catalogue, notes),
        bores=parse_sizes(tables["bores"], "bore", catalogue, notes),
        windows=parse_windows(tables["windows"], catalogue, notes),
        surfaces=parse_surfaces(tables["surfaces"], catalogue, notes),
        same=parse_same(tables["same"], catalogue, notes),
        container=parse_container(pairs.get("containers"), classes, notes),
        buried=parse_buried(pairs.get("buried"), catalogue, notes),
    )


def parse_class(name: str, entry: Entry, catalogue: Catalogue, notes: Notes) -> AssetClass:
    """One class: a title, and the conditions of each layer it takes in."""
    what = f"class {name!r}"
    pairs = entries.take_mapping(entry, what, notes, required=("title", "members"), optional=())
    title = entries.take_title(pairs["title"], f"{what}: title", notes) if "title" in pairs else Title("", "")
    members = []
    for layer_id, value in take_pairs(pairs.get("members"), f"{what}: members", notes).items():
        layer = find_layer(layer_id, value, catalogue, notes)
        if layer is not None:
            members.append(Member(layer_id, parse_where(value, (layer,), notes)))
    return AssetClass(name, title, tuple(members))


def parse_sizes(pairs: Mapping[str, Entry], what: str, catalogue: Catalogue, notes: Notes) -> dict[str, Size]:
    """Layer id -> where a size of its assets stands; {mm: [fields]} or {m: [fields]}."""
    sizes = {}
    for layer_id, value in pairs.items():
        layer = find_layer(layer_id, value, catalogue, notes)
        inner = entries.take_mapping(value, f"{what} of {layer_id!r}", notes, optional=tuple(FACTORS_M))
        if len(inner) != 1:
            notes.add(value.line, f"{what} of {layer_id!r} must be {{mm: [fields]}} or {{m: [fields]}}")
        for unit, names in inner.items():
            if layer is not None and unit in FACTORS_M:
                fields = find_named_fields(names, f"{what} of {layer_id!r}", layer, notes)
                sizes[layer_id] = Size(fields, FACTORS_M[unit])
    return sizes


def parse_windows(pairs: Mapping[str, Entry], catalogue: Catalogue, notes: Notes) -> dict[str, Window]:
    """Layer id -> the attributes of its first and last day, and of who does it."""
    windows = {}
    for layer_id, value in pairs.items():
        layer = find_layer(layer_id, value, catalogue, notes)
        names = parse_field_names(value, layer, ("from", "to"), ("by",), notes)
        if "from" in names and "to" in names:
            windows[layer_id] = Window(names["from"], names["to"], names.get("by"))
    return windows


def parse_surfaces(pairs: Mapping[str, Entry], catalogue: Catalogue, notes: Notes) -> dict[str, Surface]:
    """Layer id -> the attributes that tell how new its surface is, and until when it must not be dug."""
    surfaces = {}
    for layer_id, value in pairs.items():
        layer = find_layer(layer_id, value, catalogue, notes)
        names = parse_field_names(value, layer, ("on",), ("until",), notes)
        if "on" in names:
            surfaces[layer_id] = Surface(names["on"], names.get("until"))
    return surfaces


def parse_field_names(
    entry: Entry, layer: Layer | None, required: tuple[str, ...], optional: tuple[str, ...], notes: Notes
) -> dict[str, str]:
    """Key -> attribute of the layer, of a mapping that names attributes; none if there is no such layer."""
    if layer is None:
        return {}
    what = f"entry of {layer.id!r}"
    inner = entries.take_mapping(entry, what, notes, required=required, optional=optional)
    names = {key: entries.take_text(value, f"{what}: {key}", notes) for key, value in inner.items()}
    return {key: name for key, name in names.items() if find_field(layer, name, inner[key], notes) is not None}


def parse_same(pairs: Mapping[str, Entry], catalogue: Catalogue, notes: Notes) -> dict[str, str]:
    """Layer id -> the attribute that names the duct or trench its assets lie in."""
    same = {}
    for layer_id, value in pairs.items():
        layer = find_layer(layer_id, value, catalogue, notes)
        name = entries.take_text(value, f"same of {layer_id!r}", notes)
        if layer is not None and find_field(layer, name, value, notes) is not None:
            same[layer_id] = name
    return same


def parse_container(entry: Entry | None, classes: Mapping[str, AssetClass], notes: Notes) -> str | None:
    """The class that holds things apart; None if the file names none."""
    if entry is None:
        return None
    return entries.take_choice(entry, "containers", tuple(classes) or ("",), notes)


def parse_buried(entry: Entry | None, catalogue: Catalogue, notes: Notes) -> frozenset[str]:
    """The layers whose assets lie in the ground."""
    items = entries.take_list(entry, "buried", notes) if entry is not None else ()
    names = [(entries.take_text(item, "buried", notes), item) for item in items]
    return frozenset(name for name, item in names if find_layer(name, item, catalogue, notes) is not None)
