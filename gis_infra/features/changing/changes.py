"""What is to become of features, as frozen values. Every protocol makes these; `applying.apply` carries them out.

Pure. A reader of documents that finds something it cannot make a value of, says so in the change's `faults`, so that
the caller is told all that is wrong at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import Fault
from gis_infra.features.history import to_version

MOST_FAULTS = 100  # told of one request
Box = tuple[float, float, float, float]


class Keep(Enum):
    """A shape that is not to be touched."""

    KEEP = "keep"


KEEP: Final = Keep.KEEP
# Columns that say how a feature came in; only a version that is restored has values for them.
KEPT = ("source_attributes", "import_id", "source_srid", "created_at")


@dataclass(frozen=True)
class Origin:
    """How the coordinates of a shape are meant.

    srid: EPSG code. swap_axes: northing (latitude) first. extent: longitude/latitude box outside which a shape is
    refused, as the importer refuses it; None to take it wherever it is.
    """

    srid: int
    swap_axes: bool = False
    extent: Box | None = None


@dataclass(frozen=True)
class Shape:
    """A shape as it was given: WKB, ISO or extended, in the CRS and order of axes of its origin."""

    wkb: bytes
    origin: Origin


@dataclass(frozen=True)
class Expected:
    """How the caller last saw a feature, so that nobody else's change is lost.

    versions: names by `history.to_version`, one of which it must have; None takes any. unmodified_since: the moment
    after which it must not have been changed, to the second.
    """

    versions: frozenset[str] | None = None
    unmodified_since: datetime | None = None

    def is_met(self, updated_at: datetime) -> bool:
        """Whether a feature last changed at that moment is still as the caller saw it."""
        if self.versions is not None and to_version(updated_at) not in self.versions:
            return False
        since = self.unmodified_since
        return since is None or updated_at.replace(microsecond=0) <= since


@dataclass(frozen=True)
class Insert:
    """A new feature. properties: by field name, in the field's Python type; a field left out has no value.

    id: the one it had before it was deleted, where a version is brought back; None for a new one. A version may bring
    the columns of KEPT too, which no document of a client can name.
    """

    layer: Layer
    properties: Mapping[str, Any]
    shape: Shape | None
    faults: tuple[Fault, ...] = ()
    id: int | None = None


@dataclass(frozen=True)
class Replace:
    """A feature as it shall be from now on: what is left out of `properties` has no value any more.

    But for `sensitivity`: who may see a feature changes only where that is said. The columns of KEPT stay, too.
    """

    layer: Layer
    id: int
    properties: Mapping[str, Any]
    shape: Shape | None
    version: Expected | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Update:
    """Some properties of a feature, or its shape, changed; the others stay."""

    layer: Layer
    id: int
    properties: Mapping[str, Any]
    shape: Shape | Keep | None = KEEP
    version: Expected | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Delete:
    """A feature that is to go."""

    layer: Layer
    id: int
    version: Expected | None = None


Change = Insert | Replace | Update | Delete


@dataclass(frozen=True)
class Applied:
    """What became of a change.

    updated_at: since when the feature is as it is, None for one that is gone. remarks: what was done to it, or is
    doubtful, in words; it was taken all the same.
    """

    layer: Layer
    id: int
    updated_at: datetime | None
    remarks: tuple[Fault, ...] = ()
