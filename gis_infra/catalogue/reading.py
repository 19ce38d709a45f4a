"""The folder of layer files as one `Catalogue`. Knows neither SQL nor the web.

`layers/sectors.yaml` names the sectors, `layers/universal.yaml` the attributes every layer has, `layers/checks.yaml`
what must hold between those, and each `layers/<sector>/<layer>.yaml` one layer. `rules/` and `coverage/` are read by
the analyses.
"""

from collections.abc import Mapping
from pathlib import Path

from gis_infra.catalogue import check_entries, entries, field_entries, layer_file
from gis_infra.catalogue.definitions import Catalogue, Check, Field, Layer, Sector
from gis_infra.catalogue.documents import Notes, Problem, name_file, read_document, require_none
from gis_infra.catalogue.layer_file import Universal

OTHER_FOLDERS = frozenset({"rules", "coverage"})


def read_catalogue(folder: Path) -> Catalogue:
    """Every layer of `folder`, in the order of sectors.yaml and then of file names.

    Raises LayerFileError, whose message lists every problem as "layers/water/water_pipe.yaml:12: ...", one a line.
    """
    catalogue, problems = check_folder(folder)
    require_none(problems)
    return catalogue


def check_folder(folder: Path) -> tuple[Catalogue, tuple[Problem, ...]]:
    """What could be read of `folder`, whole only if there are no problems; and every problem, by file and line."""
    problems: list[Problem] = []
    sectors = read_sectors(folder, problems)
    universal = read_universal(folder, problems)
    layers: dict[str, Layer] = {}
    for sector in sectors:
        for path in sorted((folder / sector).glob("*.yaml")):
            layer = read_layer(path, folder, universal, problems)
            if layer is None:
                continue
            if layer.id in layers:
                first = layers[layer.id].source_file
                problems.append(Problem(name_file(path, folder), 1, f"layer {layer.id!r} is already in {first}"))
            layers.setdefault(layer.id, layer)
    problems += find_strays(folder, sectors)
    if not layers and not problems:
        problems.append(Problem(folder.name, 1, "holds no layer"))
    return Catalogue(layers, sectors), tuple(sorted(problems))


def read_layer(path: Path, folder: Path, universal: Universal, problems: list[Problem]) -> Layer | None:
    """The layer of one file; None if it is not even YAML. Problems are added to `problems`."""
    notes = Notes(name_file(path, folder))
    document = read_document(path, notes)
    if document is None:
        problems += notes.problems
        return None
    field_entries.require_name(path.stem, f"file name {path.stem!r}", 1, notes)
    layer = layer_file.parse_layer(document, path.stem, path.parent.name, universal, notes)
    problems += notes.problems
    return layer


def read_sectors(folder: Path, problems: list[Problem]) -> Mapping[str, Sector]:
    """The sectors of sectors.yaml, in file order: id, title and the trade's colour."""
    path = folder / "sectors.yaml"
    notes = Notes(name_file(path, folder))
    document = read_document(path, notes)
    sectors: dict[str, Sector] = {}
    pairs = entries.take_mapping(document, "the file", notes) if document is not None else {}
    for name, entry in pairs.items():
        field_entries.require_name(name, f"sector {name!r}", entry.key_line, notes)
        inner = entries.take_mapping(entry, f"sector {name!r}", notes, required=("title", "color"), optional=())
        if "title" in inner and "color" in inner:
            title = entries.take_title(inner["title"], f"sector {name!r}: title", notes)
            sectors[name] = Sector(name, title, entries.take_color(inner["color"], f"sector {name!r}: color", notes))
    problems += notes.problems
    return sectors


def read_universal(folder: Path, problems: list[Problem]) -> Universal:
    """What every layer has: the attributes of universal.yaml, in file order, and the checks of checks.yaml."""
    fields = read_universal_fields(folder, problems)
    return Universal(fields, read_universal_checks(folder, {each.name: each for each in fields}, problems))


def read_universal_checks(folder: Path, fields: Mapping[str, Field], problems: list[Problem]) -> tuple[Check, ...]:
    """What must hold between the attributes every layer has; nothing if there is no checks.yaml."""
    path = folder / "checks.yaml"
    if not path.exists():
        return ()
    notes = Notes(name_file(path, folder))
    document = read_document(path, notes)
    checks = check_entries.parse_checks(document, fields, notes) if document is not None else ()
    problems += notes.problems
    return checks


def read_universal_fields(folder: Path, problems: list[Problem]) -> tuple[Field, ...]:
    """The attributes of universal.yaml, in file order, which every layer has."""
    path = folder / "universal.yaml"
    notes = Notes(name_file(path, folder))
    document = read_document(path, notes)
    pairs = entries.take_mapping(document, "the file", notes) if document is not None else {}
    fields = tuple(field_entries.parse_field(name, entry, notes, universal=True) for name, entry in pairs.items())
    problems += notes.problems
    return fields


def find_strays(folder: Path, sectors: Mapping[str, Sector]) -> list[Problem]:
    """Folders and files that nobody would read, such as a layer in a folder that is no sector."""
    strays = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.is_dir() and path.name not in sectors and path.name not in OTHER_FOLDERS:
            message = f"unknown sector {path.name!r}; sectors.yaml has {', '.join(sectors)}"
            strays.append(Problem(name_file(path, folder), 1, message))
    for path in sorted(folder.glob("*/*")):
        if path.parent.name in sectors and path.suffix != ".yaml" and not path.name.startswith("."):
            strays.append(Problem(name_file(path, folder), 1, "is not read; a layer file ends in .yaml"))
    return strays
