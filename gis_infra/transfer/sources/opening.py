"""Opening whatever somebody hands in: its layers by name, and one of them ready to be read.

A path is a file, a folder or an archive. Nothing is written but in a temporary folder, which is gone when the block
ends, however it ends.
"""

import errno
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from gis_infra.errors import InvalidParameter, InvalidSource, OurError
from gis_infra.transfer.sources import archives, describing, members
from gis_infra.transfer.sources.datasets import DataSet, find_suffix, group
from gis_infra.transfer.sources.description import Source
from gis_infra.transfer.sources.formats import BY_SUFFIX, PARTS, UNREAD
from gis_infra.transfer.sources.staging import STAGED_NAME, Part, Staged

MOST_NAMED = 30


@dataclass(frozen=True)
class LayerName:
    """A layer that can be asked for. inner: its name within its file, None if the file has but one."""

    name: str
    data_set: DataSet
    inner: str | None


@dataclass(frozen=True)
class Sources:
    """What was handed in, open. left_out: files in it that look like data and are not read, and why."""

    name: str
    folder: Path
    is_single: bool
    data_sets: tuple[DataSet, ...]
    left_out: tuple[str, ...]

    @property
    def prefix(self) -> str:
        """What stands before the names of files in messages."""
        return "" if self.is_single else f"{self.name}/"

    @cached_property
    def layers(self) -> tuple[LayerName, ...]:
        """Every layer. Of a file that cannot be read its own name is given, under which opening it says why."""
        return tuple(layer for data_set in self.data_sets for layer in self.list_layers(data_set))

    def list_layers(self, data_set: DataSet) -> tuple[LayerName, ...]:
        """The layers of one data set. Raises InvalidSource if it was named itself and cannot be read."""
        if not data_set.format.has_layers:
            return (LayerName(data_set.name, data_set, None),)
        try:
            with self.stage(data_set, bare_geometry=False) as staged:
                inner = describing.list_inner(self.prefix + data_set.main.name, staged)
        except InvalidSource:
            if self.is_single:
                raise
            return (LayerName(data_set.name, data_set, None),)
        if self.is_single:
            return tuple(LayerName(data_set.name if name == STAGED_NAME else name, data_set, name) for name in inner)
        if len(inner) == 1:
            return (LayerName(data_set.name, data_set, inner[0]),)
        return tuple(LayerName(f"{data_set.name}:{name}", data_set, name) for name in inner)

    @contextmanager
    def stage(self, data_set: DataSet, *, bare_geometry: bool) -> Iterator[Staged]:
        """Run a block with a data set ready in a folder of its own. Raises InvalidSource or OurError."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            name = self.prefix + data_set.main.name
            with disk_errors_told(name):
                parts = data_set.fetch(self.prefix)
                require_content(parts.main)
                staged = data_set.format.stage(parts, Path(folder), bare_geometry=bare_geometry)
            yield staged

    @contextmanager
    def open(self, layer: str | None = None, *, bare_geometry: bool = False) -> Iterator[Source]:
        """Run a block with one layer, described and ready to be read.

        layer: needed only if there are several. bare_geometry: take shapes whose attributes are missing.
        Raises InvalidSource if it cannot be read, InvalidParameter if there is no such layer or the name is missing.
        """
        chosen = self.choose(layer)
        name = self.prefix + chosen.data_set.main.name
        with self.stage(chosen.data_set, bare_geometry=bare_geometry) as staged:
            yield describing.describe(name, chosen.data_set.format, staged, chosen.name, chosen.inner)

    def choose(self, wanted: str | None) -> LayerName:
        """The layer asked for, or the only one. Raises as `open` does."""
        if not self.layers:
            left = f"; left out: {'; '.join(self.left_out[:MOST_NAMED])}" if self.left_out else ""
            message = f"{self.name} holds no layer; read here: {', '.join(BY_SUFFIX)}{left}"
            raise InvalidSource(message, where=self.name)
        names = ", ".join(layer.name for layer in self.layers[:MOST_NAMED])
        names += f" and {len(self.layers) - MOST_NAMED} more" if len(self.layers) > MOST_NAMED else ""
        if wanted is None and len(self.layers) > 1:
            message = f"{self.name} holds {len(self.layers)} layers, name one with --source-layer: {names}"
            raise InvalidParameter(message, where="source-layer")
        fitting = self.layers if wanted is None else find_fitting(self.layers, wanted)
        if len(fitting) != 1:
            found = f"several layers like {wanted!r}" if fitting else f"no layer {wanted!r}"
            raise InvalidParameter(f"{self.name} has {found}; it has {names}", where="source-layer")
        return fitting[0]


def find_fitting(layers: tuple[LayerName, ...], wanted: str) -> tuple[LayerName, ...]:
    """The layers of a name: those written so, else those that differ by case or accents' form, else by the suffix."""
    ways = (
        lambda layer: layer.name == wanted,
        lambda layer: fold(layer.name) == fold(wanted),
        lambda layer: fold(wanted) in {fold(layer.data_set.main.name), fold(layer.name.rpartition("/")[2])},
    )
    for way in ways:
        if fitting := tuple(layer for layer in layers if way(layer)):
            return fitting
    return ()


def fold(name: str) -> str:
    """A name by which names that look the same are the same."""
    return unicodedata.normalize("NFC", name).casefold()


@contextmanager
def open_sources(path: Path) -> Iterator[Sources]:
    """Run a block with what a path holds: a file, a folder or an archive.

    Raises InvalidSource if nothing is there, it is of no kind read here, or it is an archive that may not be unpacked.
    """
    with tempfile.TemporaryDirectory(prefix="gis-infra-") as folder:
        with disk_errors_told(path.name):
            sources = find_sources(path, Path(folder))
        yield sources


def find_sources(path: Path, folder: Path) -> Sources:
    """What a path holds. Raises InvalidSource."""
    if path.is_dir() and path.suffix.lower() not in UNREAD:
        return gather(path.resolve().name, folder, members.list_folder(path))
    require_file(path)
    if path.suffix.lower() in archives.SUFFIXES:
        return gather(path.name, folder, archives.list_archive(path.name, path, archives.Budget(folder)))
    require_kind(path)
    data_sets, _ = group(members.list_beside(path))
    named = tuple(each for each in data_sets if each.main.name == path.name)
    chosen = DataSet(path.stem, named[0].format, named[0].main, named[0].beside)
    return Sources(path.name, folder, is_single=True, data_sets=(chosen,), left_out=())


def gather(name: str, folder: Path, found: tuple[members.Member, ...]) -> Sources:
    """The data sets among several files. What has the name of data and is none is left out, and told."""
    data_sets, left_out = group(found)
    reasons = {each.main.name: find_reason(name, each) for each in data_sets}
    kept = tuple(each for each in data_sets if reasons[each.main.name] is None)
    unlike = tuple(f"{file}: {reason}" for file, reason in reasons.items() if reason is not None)
    return Sources(name, folder, is_single=False, data_sets=kept, left_out=left_out + unlike)


def find_reason(name: str, data_set: DataSet) -> str | None:
    """Why a file is not what its suffix says, None if it is or cannot be told before it is opened."""
    recognise = data_set.format.recognise
    return recognise(data_set.fetch(f"{name}/")) if recognise is not None else None


def list_layers(path: Path) -> tuple[str, ...]:
    """The names of the layers in a file, folder or archive. Raises InvalidSource as `open_sources` does."""
    with open_sources(path) as sources:
        return tuple(layer.name for layer in sources.layers)


def require_file(path: Path) -> None:
    """Return if a file is there. Raises InvalidSource, which tells of one whose name only looks the same."""
    if not path.exists():
        hint = "; one whose letters only look the same is there: name it by the Tab key" if has_twin(path) else ""
        raise InvalidSource(f"there is no file {path}{hint}", where=path.name)
    if path.is_file():
        require_content(Part(path.name, path))
    elif not path.is_dir():
        raise InvalidSource(f"{path} is neither a file nor a folder", where=path.name)


def require_content(part: Part) -> None:
    """Return if a file is not empty. Raises InvalidSource."""
    if part.size == 0:
        raise InvalidSource(f"{part.name} is empty (0 bytes); ask for it again", where=part.name)


def require_kind(path: Path) -> None:
    """Return if a file is of a kind read here. Raises InvalidSource, which says what to do instead."""
    name, suffix = path.name, find_suffix(path.name).lower()
    if suffix in BY_SUFFIX:
        return
    if suffix in PARTS:
        raise InvalidSource(f"{name} is only a part of what is read; name {path.stem}{PARTS[suffix]}", where=name)
    allowed = ", ".join((*BY_SUFFIX, *archives.SUFFIXES))
    hint = f"; {UNREAD[suffix]}" if suffix in UNREAD else ""
    raise InvalidSource(f"{name} is not read here; allowed: a folder, {allowed}{hint}", where=name)


def has_twin(path: Path) -> bool:
    """Whether there is a file whose path differs in nothing but composed or decomposed letters."""
    return any(Path(unicodedata.normalize(form, str(path))).is_file() for form in ("NFC", "NFD"))


@contextmanager
def disk_errors_told(name: str) -> Iterator[None]:
    """Run a block; a file that may not be read comes out as InvalidSource, a full disk as OurError."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise OurError(f"there is no room on the disk to read {name}") from error
        raise InvalidSource(f"{name} cannot be read: {error.strerror or error}", where=name) from error
