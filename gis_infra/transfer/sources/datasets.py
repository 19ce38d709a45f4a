"""Files that belong together, as data sets: a .shp with its .dbf, a .mif with its .mid, in any case of their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from gis_infra.transfer.sources.containers import JOURNALS
from gis_infra.transfer.sources.formats import BY_SUFFIX, PARTS, UNREAD, Format
from gis_infra.transfer.sources.members import Member
from gis_infra.transfer.sources.staging import Part, Parts


@dataclass(frozen=True)
class DataSet:
    """A file of a format read here, and what belongs to it. name: to ask for it by, "north/pipes"."""

    name: str
    format: Format
    main: Member
    beside: Mapping[str, Member] = field(default_factory=dict)

    def fetch(self, prefix: str) -> Parts:
        """Its files. prefix: put before the names that messages show, "survey.zip/" or "". Raises InvalidSource."""
        beside = {suffix: Part(prefix + each.name, each.fetch()) for suffix, each in self.beside.items()}
        return Parts(Part(prefix + self.main.name, self.main.fetch()), beside)


def group(members: Sequence[Member]) -> tuple[tuple[DataSet, ...], tuple[str, ...]]:
    """The data sets there are, and what is left out: "plan.dwg: save it as DXF", "x.dbf: there is no x.shp"."""
    mains = [(member, BY_SUFFIX[get_suffix(member)]) for member in members if get_suffix(member) in BY_SUFFIX]
    by_folder: dict[tuple[str, str], list[Member]] = {}
    for member in members:
        by_folder.setdefault((member.folder, get_stem(member).casefold()), []).append(member)
    names = name_all([main for main, _ in mains])
    found: list[DataSet] = []
    taken: set[str] = set()
    for (main, kind), name in zip(mains, names, strict=True):
        near = by_folder[(main.folder, get_stem(main).casefold())]
        beside = {suffix: part for suffix in kind.beside if (part := find(near, get_stem(main), suffix)) is not None}
        taken.update(each.name for each in (main, *beside.values()))
        found.append(DataSet(name, kind, main, beside))
    return tuple(found), tuple(tell_left(member) for member in members if is_left(member, taken, mains))


def find_suffix(file_name: str) -> str:
    """The suffix of a name as it is written, "" for none."""
    journal = next((each for each in JOURNALS if file_name.lower().endswith(each)), None)
    return file_name[-len(journal) :] if journal is not None else PurePosixPath(file_name).suffix


def get_suffix(member: Member) -> str:
    """The suffix of a file, in small letters."""
    return find_suffix(member.file_name).lower()


def get_stem(member: Member) -> str:
    """The name of a file without its suffix."""
    return member.file_name.removesuffix(find_suffix(member.file_name))


def find(near: Iterable[Member], stem: str, suffix: str) -> Member | None:
    """The file with a suffix among those of nearly the same name, the one with the very same name first."""
    fitting = [member for member in near if get_suffix(member) == suffix]
    return next((member for member in fitting if get_stem(member) == stem), fitting[0] if fitting else None)


def name_all(mains: Sequence[Member]) -> list[str]:
    """The names of data sets: without suffix, but with it where two would have the same."""
    bare = [member.name[: -len(get_suffix(member))] for member in mains]
    return [member.name if bare.count(name) > 1 else name for member, name in zip(mains, bare, strict=True)]


def is_left(member: Member, taken: set[str], mains: Sequence[tuple[Member, Format]]) -> bool:
    """Whether a file looks like data and is in no data set; indices and pictures of others are not told."""
    suffix = get_suffix(member)
    if member.name in taken:
        return False
    if suffix in UNREAD:
        return True
    stems = {(main.folder, get_stem(main).casefold()) for main, _ in mains}
    return suffix in PARTS and (member.folder, get_stem(member).casefold()) not in stems


def tell_left(member: Member) -> str:
    """Why a file is left out, and what to do."""
    suffix = get_suffix(member)
    if suffix in UNREAD:
        return f"{member.name}: {suffix} is not read here, {UNREAD[suffix]}"
    return f"{member.name}: there is no {get_stem(member)}{PARTS[suffix]} beside it"
