"""Changes put together to what becomes of each feature. Pure.

Changes of one feature follow one another, each upon what the one before it left; only the outcome is written, as one
version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import Fault, StaleVersion, UnknownFeature, UnknownProperty
from gis_infra.features.changing.changes import (
    KEEP,
    KEPT,
    Change,
    Delete,
    Expected,
    Insert,
    Keep,
    Replace,
    Shape,
    Update,
)
from gis_infra.features.changing.held import Held, Key, list_writable
from gis_infra.features.changing.permission import SENSITIVITY


@dataclass
class Draft:
    """What shall become of one feature.

    held: it as it is, None for a new one. index: of the change that touched it last. id: None until the database gives
    one. faults: what readers of documents found.
    """

    layer: Layer
    index: int
    held: Held | None = None
    id: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    shape: Shape | Keep | None = KEEP
    is_gone: bool = False
    faults: list[Fault] = field(default_factory=list)

    def list_changed(self) -> list[str]:
        """The names of the columns that are to have another value than they have."""
        if self.held is None:
            return [name for name, value in self.values.items() if value is not None]
        return [name for name, value in self.values.items() if value != self.held.values[name]]


def fold(changes: Sequence[Change], held: Mapping[Key, Held]) -> list[Draft]:
    """What becomes of the feature each change is about, in the order of the changes; several may share one draft.

    Raises UnknownFeature for one that is not there, or not any more; StaleVersion for one that is not as expected.
    """
    known: dict[Key, Draft] = {}
    return [fold_one(index, change, known, held) for index, change in enumerate(changes)]


def fold_one(index: int, change: Change, known: dict[Key, Draft], held: Mapping[Key, Held]) -> Draft:
    """The draft of one feature after one more change. Raises UnknownFeature, StaleVersion."""
    if isinstance(change, Insert):
        draft = Draft(change.layer, index, id=change.id)
    else:
        draft = find_draft(change, known, held)
        draft.index = index
    if isinstance(change, Delete):
        draft.is_gone = True
        return draft
    draft.faults += [Fault(index, each.field, each.value, each.reason) for each in change.faults]
    draft.shape = change.shape if change.shape is not KEEP else draft.shape
    draft.values |= complete(change, draft)
    return draft


def find_draft(change: Replace | Update | Delete, known: dict[Key, Draft], held: Mapping[Key, Held]) -> Draft:
    """The draft of a feature that is there. Raises UnknownFeature, StaleVersion."""
    key = (change.layer.id, change.id)
    if key not in held or (key in known and known[key].is_gone):
        raise UnknownFeature(f"layer {change.layer.id} has no feature {change.id}", where="featureId")
    require_expected(change.version, held[key])
    if key not in known:
        known[key] = Draft(change.layer, 0, held[key], change.id, dict(held[key].values))
    return known[key]


def complete(change: Insert | Replace | Update, draft: Draft) -> dict[str, Any]:
    """The values a change sets; of a feature that is put in the place of another, those left out are none.

    Raises UnknownProperty.
    """
    names = list_writable(change.layer)
    unknown = next((name for name in change.properties if name not in names), None)
    if unknown is not None:
        raise UnknownProperty(f"layer {change.layer.id} has no property {unknown!r} to be written", where=unknown)
    if isinstance(change, Update):
        return dict(change.properties)
    kept = {SENSITIVITY: draft.values[SENSITIVITY]} if isinstance(change, Replace) else {}
    return {**dict.fromkeys(names[: -len(KEPT)]), **kept, **change.properties}


def require_expected(expected: Expected | None, held: Held) -> None:
    """Return if the feature is as the caller last saw it. Raises StaleVersion."""
    if expected is not None and not expected.is_met(held.updated_at):
        moment = held.updated_at.isoformat(timespec="seconds")
        raise StaleVersion(
            f"feature {held.id} was changed after you read it, the last time at {moment}; read it and change it again",
            where="If-Match",
        )
