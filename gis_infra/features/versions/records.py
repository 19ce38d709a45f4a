"""A version of a feature as a value: since when it was so, who made it, and what it changed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer

DEFAULT_LIMIT = 20
MOST_VERSIONS = 100  # on a page

Values = RowMapping | Mapping[str, Any]


@dataclass(frozen=True)
class Author:
    """Who did something to a feature, and by what road.

    username: None where nobody knows, or where the reader may not know. via: "api", "wfs", "import", "undo" (an import
    was undone or, without its number, an earlier version was restored), "sql", or None where nobody knows.
    import_id: of the import that did it or was undone by it.
    """

    username: str | None = None
    via: str | None = None
    import_id: int | None = None


@dataclass(frozen=True)
class FieldChange:
    """A property that has another value than in the version before."""

    name: str
    old: Any
    new: Any


@dataclass(frozen=True)
class ShapeChange:
    """How the shape differs from that of the version before.

    moved_m: the farthest that a vertex of one lies from the outline of the other, metres on the plan; 0 if only the
    order of vertices or heights changed, None if one of the two versions has no shape. length_change_m: how much
    longer it is, of lines. area_change_m2: how much larger, of areas.
    """

    moved_m: float | None
    length_change_m: float | None = None
    area_change_m2: float | None = None


@dataclass(frozen=True)
class Version:
    """One version of a feature, as somebody may see it.

    number: 1 for the oldest they may see. begins: when it was made; ends: when the next one or the end came, None if it
    is the current one. made: by whom. ended: by whom the feature was taken away then; None if another version followed.
    is_first: whether the feature was not there before it, so that nothing was changed but everything is new.
    changes, shape: against the version before; empty and None of the oldest.
    """

    feature_id: int
    number: int
    begins: datetime
    ends: datetime | None
    made: Author
    ended: Author | None
    is_first: bool
    changes: tuple[FieldChange, ...]
    shape: ShapeChange | None


@dataclass(frozen=True)
class Page:
    """Which versions are wanted, the newest first. before: only those with a lower number; limit: at most so many."""

    limit: int = DEFAULT_LIMIT
    before: int | None = None


@dataclass(frozen=True)
class Subject:
    """The feature whose versions are asked for, and who asks."""

    layer: Layer
    actor: Actor
    feature_id: int


FIRST_PAGE = Page()
NOBODY = Author()


@dataclass(frozen=True)
class History:
    """A page of the versions of a feature, the newest first. total: how many there are in all.

    is_deleted: whether the feature is not there any more.
    """

    feature_id: int
    versions: tuple[Version, ...]
    total: int
    is_deleted: bool
    page: Page

    @property
    def next_before(self) -> int | None:
        """`before` of the page after this one, with older versions; None if there is none."""
        lowest = self.versions[-1].number if self.versions else 1
        return lowest if lowest > 1 else None

    @property
    def is_newest(self) -> bool:
        """Whether no page with newer versions comes before this one."""
        return self.page.before is None or self.page.before > self.total

    @property
    def previous_before(self) -> int | None:
        """`before` of the page before this one; None if that is the one with the newest, or there is none."""
        before = (self.page.before or 0) + self.page.limit
        return None if self.is_newest or before > self.total else before
