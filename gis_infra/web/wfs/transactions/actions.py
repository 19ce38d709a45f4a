"""A Transaction as frozen values: what is to be done, in the order in which it was said. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import Fault, GisInfraError
from gis_infra.features.changing.changes import KEEP, Insert, Keep, Shape
from gis_infra.filters.tree import Condition

Kind = Literal["Insert", "Update", "Replace", "Delete"]
Release = Literal["ALL", "SOME"]


@dataclass(frozen=True)
class Mark:
    """Which action of a document is meant. number: from 1. handle: what the client calls it, "" if nothing."""

    kind: str
    number: int
    handle: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.handle[:60]!r}" if self.handle else f"{self.kind} (action {self.number})"


@dataclass(frozen=True)
class Content:
    """What a client says of a feature: properties by field name, the shape, and what could not be read of them."""

    properties: Mapping[str, Any] = field(default_factory=dict)
    shape: Shape | Keep | None = KEEP
    faults: tuple[Fault, ...] = ()

    def get_shape(self) -> Shape | None:
        """The shape of a feature that is written whole; None if it has none."""
        return None if self.shape is KEEP else self.shape


@dataclass(frozen=True)
class Creation:
    """New features."""

    mark: Mark
    features: tuple[Insert, ...]


@dataclass(frozen=True)
class Alteration:
    """Something done to the features of a layer that meet a condition, to all of them if that is None.

    kind: Update sets what the content has, Replace takes away all the rest, Delete has no content.
    """

    mark: Mark
    kind: Kind
    layer: Layer
    condition: Condition | None
    content: Content = Content()


Action = Creation | Alteration


@dataclass(frozen=True)
class LockClaim:
    """The lock that a client says it holds, and whether all of it goes afterwards, or only what was changed."""

    lock_id: str | None = None
    release: Release = "ALL"


@dataclass(frozen=True)
class Transaction:
    """What is carried out as a whole or not at all."""

    actions: tuple[Action, ...]
    claim: LockClaim = LockClaim()


def tell(faults: Sequence[Fault]) -> str:
    """What is wrong first, and how much more is."""
    first = faults[0]
    found = f" {first.value!r}" if first.value else ""
    more = f"; and {len(faults) - 1} more" if len(faults) > 1 else ""
    return f"{first.field}{found} {first.reason}{more}"


def attribute(error: GisInfraError, mark: Mark) -> GisInfraError:
    """The same error, which says in which action it arose. Its locator is the handle of that, if it has one.

    Source: OGC 09-025r2 clause 7.5 and 15.2.2; OGC 04-094 clause 7.7.
    """
    return type(error)(f"{mark}: {error.message}", where=mark.handle or error.where, faults=error.faults)
