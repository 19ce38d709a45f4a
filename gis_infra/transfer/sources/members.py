"""What a path holds: a file and what belongs to it, a folder, or an archive; each file by name, had when asked for."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gis_infra.errors import InvalidSource

MOST_MEMBERS = 10_000
DEEPEST = 16
HIDDEN = ("__MACOSX", ".", "~$")


@dataclass(frozen=True)
class Member:
    """A file handed in. name: within what was handed in, with "/"; fetch: gives where it is, once it is wanted."""

    name: str
    fetch: Callable[[], Path]

    @property
    def folder(self) -> str:
        """The folders it is in, "" for none."""
        return self.name.rpartition("/")[0]

    @property
    def file_name(self) -> str:
        """Its name without folders."""
        return self.name.rpartition("/")[2]


def list_beside(path: Path) -> tuple[Member, ...]:
    """A file, and the files in its folder that have the same name but for suffix and case."""
    stem = path.name[: len(path.name) - len(path.suffix)].casefold()
    beside = (each for each in sorted(path.parent.iterdir()) if each.name.casefold().startswith(stem + "."))
    return tuple(Member(each.name, partial(Path, each)) for each in beside if each.is_file())


def list_folder(path: Path) -> tuple[Member, ...]:
    """All files of a folder and the folders in it, in order of name; links to folders are not followed.

    Raises InvalidSource if there are too many.
    """
    members: list[Member] = []
    for file in walk(path):
        if len(members) == MOST_MEMBERS:
            message = f"{path.name} holds more than {MOST_MEMBERS:,} files; name the one to read"
            raise InvalidSource(message, where=path.name)
        members.append(Member(file.relative_to(path).as_posix(), partial(Path, file)))
    return tuple(sorted(members, key=lambda member: member.name))


def walk(path: Path) -> Iterator[Path]:
    """The files under a folder, hidden ones left out. Raises InvalidSource if folders lie too deep in each other."""
    for folder, folders, files in os.walk(path):
        depth = len(Path(folder).relative_to(path).parts)
        if depth > DEEPEST:
            raise InvalidSource(f"{path.name} has folders more than {DEEPEST} deep", where=path.name)
        folders[:] = [name for name in folders if not is_hidden(name)]
        for name in files:
            if not is_hidden(name) and Path(folder, name).is_file():
                yield Path(folder, name)


def is_hidden(name: str) -> bool:
    """Whether a name is of what programs leave lying about, such as "._pipes.shp"."""
    return name.startswith(HIDDEN)
