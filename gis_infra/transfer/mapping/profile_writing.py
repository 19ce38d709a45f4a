"""Writing profiles: whole or not at all, and the comments people put into a file stay."""

import io
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from gis_infra.transfer.mapping.profile_reading import name_path
from gis_infra.transfer.mapping.profiles import Profile, ProfileEntry

HEADING = "How the files of this department are read; see profiles/README.md."


def write_profile(folder: Path, profile: Profile) -> Path:
    """The file written: of another program's making or ours, its comments stay. Raises InvalidParameter, OSError."""
    path = name_path(folder, profile.name)
    folder.mkdir(parents=True, exist_ok=True)
    yaml = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    document = yaml.load(path.read_text(encoding="utf-8")) if path.exists() else None
    if not isinstance(document, CommentedMap):
        document = CommentedMap()
        document.yaml_set_start_comment(HEADING)
    update(document, to_document(profile))
    text = io.StringIO()
    yaml.dump(document, text)
    replace_whole(path, text.getvalue())
    return path


def replace_whole(path: Path, text: str) -> None:
    """Write a file so that whoever reads it finds the old one or the new one, never a part."""
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.stem}", delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            Path(file.name).replace(path)
        except BaseException:  # whatever broke it off, Ctrl-C too: no part of a file stays in the folder
            Path(file.name).unlink(missing_ok=True)
            raise


def to_document(profile: Profile) -> dict[str, Any]:
    """A profile as its file has it, without what is not said."""
    texts = {"title": profile.title, "department": profile.department, "owner": profile.owner}
    head = {key: value for key, value in texts.items() if value}
    return {**head, "files": [entry_to_document(each) for each in profile.entries]}


def entry_to_document(entry: ProfileEntry) -> dict[str, Any]:
    """An entry as its file has it, without what is not said."""
    every = {
        "source": entry.source,
        "layer": entry.layer,
        "crs": entry.crs,
        "swap_xy": entry.swap_xy,
        "encoding": entry.encoding,
        "encodings": dict(entry.encodings),
        "map": dict(entry.mapping),
        "units": dict(entry.units),
        "codes": {column: dict(values) for column, values in entry.codes.items()},
    }
    return {key: value for key, value in every.items() if value}


def update(old: CommentedMap, new: Mapping[str, Any]) -> None:
    """Bring a mapping up to date in place, so that the comments beside what stays are kept."""
    for key in [key for key in old if key not in new]:
        del old[key]
    for key, value in new.items():
        there = old.get(key)
        if isinstance(there, CommentedMap) and isinstance(value, Mapping):
            update(there, value)
        elif isinstance(there, CommentedSeq) and isinstance(value, list):
            update_list(there, value)
        elif there != value:
            old[key] = value


def update_list(old: CommentedSeq, new: list[dict[str, Any]]) -> None:
    """Bring the list of files up to date in place; a file is the same if its pattern and its layer are."""
    known = {identify(each): each for each in old if isinstance(each, CommentedMap)}
    for index in reversed(range(len(old))):
        if not isinstance(old[index], CommentedMap) or identify(old[index]) not in {identify(each) for each in new}:
            del old[index]
    for each in new:
        if identify(each) in known:
            update(known[identify(each)], each)
        else:
            old.append(each)


def identify(entry: Mapping[str, Any]) -> tuple[Any, Any]:
    """What tells one file of a profile from another."""
    return entry.get("source"), entry.get("layer")
