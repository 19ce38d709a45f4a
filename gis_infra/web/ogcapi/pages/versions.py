"""The versions of a feature as people read them: who made each, when and by what, and what became of what. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from gis_infra.catalogue.definitions import Language, Layer
from gis_infra.features.versions.records import Author, FieldChange, History, ShapeChange, Version
from gis_infra.web.ogcapi.pages.formatting import NOTHING, Shown, format_moment, format_number, show
from gis_infra.web.ogcapi.pages.layers import show_moment

Words = Mapping[str, str]

CENTIMETRES = 2
SMALL_M = 0.005  # what rounds to no centimetre is told as no move


@dataclass(frozen=True)
class ChangeLine:
    """One property that changed; `old` or `new` shows nothing where it had no value."""

    title: str
    name: str
    old: Shown
    new: Shown


@dataclass(frozen=True)
class VersionView:
    """One version. shape: what became of the shape, in words; ended: how the feature went after it; or empty."""

    number: int
    title: str
    began: Shown
    until: Shown
    made: str
    is_current: bool
    is_first: bool
    changes: tuple[ChangeLine, ...]
    shape: str
    ended: str
    moment: str


@dataclass(frozen=True)
class HistoryView:
    """A page of the versions of a feature, the newest first."""

    versions: tuple[VersionView, ...]
    count: str
    is_deleted: bool


def make_view(layer: Layer, history: History, words: Words, language: Language) -> HistoryView:
    """The page of a feature's history."""
    return HistoryView(
        versions=tuple(make_version(layer, each, words, language) for each in history.versions),
        count=words["version_count"].format(count=format_number(history.total, language)),
        is_deleted=history.is_deleted,
    )


def make_version(layer: Layer, version: Version, words: Words, language: Language) -> VersionView:
    """One version."""
    return VersionView(
        number=version.number,
        title=words["version_number"].format(number=version.number),
        began=show_moment(version.begins, language),
        until=show_moment(version.ends, language),
        made=describe_author(version.made, words),
        is_current=version.ends is None,
        is_first=version.is_first,
        changes=tuple(make_line(layer, each, language) for each in version.changes),
        shape=describe_shape(version.shape, words, language),
        ended=describe_end(version, words, language),
        moment=version.begins.isoformat(),
    )


def make_line(layer: Layer, change: FieldChange, language: Language) -> ChangeLine:
    """One property that changed."""
    field = layer.get_field(change.name)
    old, new = (NOTHING if each is None else show(field, each, language) for each in (change.old, change.new))
    return ChangeLine(field.title.get_in(language), field.name, old, new)


def describe_author(author: Author, words: Words) -> str:
    """Who it was and by what road, as far as it is known and may be told; empty where nothing is."""
    parts = []
    if author.username:
        parts.append(f"{words['by_whom']} {author.username}")
    if author.via:
        via = "restore" if author.via == "undo" and author.import_id is None else author.via
        parts.append(f"{words['by_what']} {words.get(f'via_{via}', via)}")
    if author.import_id is not None:
        parts.append(f"({author.import_id})")
    return " ".join(parts)


def describe_end(version: Version, words: Words, language: Language) -> str:
    """How the feature went away after this version; empty if it did not."""
    if version.ended is None or version.ends is None:
        return ""
    return f"{words['version_deleted']} {format_moment(version.ends, language)} {describe_author(version.ended, words)}"


def describe_shape(shape: ShapeChange | None, words: Words, language: Language) -> str:
    """What became of the shape; empty if it is the same."""
    if shape is None:
        return ""
    said = [words["shape_changed"]]
    if shape.moved_m is not None and shape.moved_m >= SMALL_M:
        said.append(words["shape_moved"].format(distance=format_number(shape.moved_m, language, CENTIMETRES)))
    for change, key in ((shape.length_change_m, "shape_length"), (shape.area_change_m2, "shape_area")):
        if change is not None and abs(change) >= SMALL_M:
            sign = "+" if change > 0 else "−"
            said.append(words[key].format(change=sign + format_number(abs(change), language, CENTIMETRES)))
    return ", ".join(said)
