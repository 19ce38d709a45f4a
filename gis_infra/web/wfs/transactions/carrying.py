"""The actions of a Transaction carried out by the one way to write, in their order, all in one transaction.

As many of them as possible are written together. What was said before is written first only where a filter has to see
it: one that goes by ids does not, and most do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import GisInfraError, InvalidParameter
from gis_infra.features.changing.applying import apply
from gis_infra.features.changing.changes import Applied, Change, Delete, Replace, Update
from gis_infra.features.changing.documents import MOST_FEATURES
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import select_rows
from gis_infra.filters.tree import IdIn
from gis_infra.web.wfs.faults import ActionRefused
from gis_infra.web.wfs.transactions.actions import Action, Alteration, Creation, Mark, Transaction, attribute, tell

Key = tuple[str, int]


@dataclass(frozen=True)
class Deed:
    """What became of features by one action, in the order of the action."""

    mark: Mark
    features: tuple[Key, ...]


@dataclass
class Desk:
    """A transaction at work.

    seen: the ids among those its actions name that are there, by layer. pending: changes not yet written, each with
    the number of its action. gone: features deleted so far. total: of changes.
    """

    connection: Connection
    tables: LayerTables
    actor: Actor
    actions: Sequence[Action]
    seen: dict[str, set[int]] = field(default_factory=dict)
    pending: list[tuple[int, Change]] = field(default_factory=list)
    gone: set[Key] = field(default_factory=set)
    total: int = 0
    features: dict[int, list[Key]] = field(default_factory=dict)


def carry_out(connection: Connection, tables: LayerTables, transaction: Transaction, actor: Actor) -> tuple[Deed, ...]:
    """Carry out all actions, and return what became of features by each.

    connection: of `storage.transactions.writing`; when this raises, nothing of it may be kept.
    Raises as `applying.apply`, ActionRefused and InvalidParameter; each names its action.
    """
    desk = Desk(connection, tables, actor, transaction.actions)
    desk.seen = find_named(desk)
    for number, action in enumerate(desk.actions):
        if must_see(action, desk):
            write(desk)
        try:
            changes = list_changes(action, desk)
        except GisInfraError as error:
            raise attribute(error, action.mark) from error
        require_few(desk, len(changes), action)
        desk.pending += [(number, change) for change in changes]
    write(desk)
    return tuple(Deed(action.mark, tuple(desk.features.get(n, ()))) for n, action in enumerate(desk.actions))


def require_few(desk: Desk, number: int, action: Action) -> None:
    """Count changes. Raises InvalidParameter if there are too many."""
    desk.total += number
    if desk.total > MOST_FEATURES:
        raise attribute(
            InvalidParameter(f"a transaction changes at most {MOST_FEATURES} features", where="Transaction"),
            action.mark,
        )


def find_named(desk: Desk) -> dict[str, set[int]]:
    """The ids that actions name and that are there and may be seen, by layer: one question a layer."""
    wanted: dict[str, tuple[Layer, set[int]]] = {}
    for action in desk.actions:
        if isinstance(action, Alteration) and isinstance(action.condition, IdIn):
            wanted.setdefault(action.layer.id, (action.layer, set()))[1].update(action.condition.ids)
    return {
        layer_id: set(read_ids(desk, FeatureQuery(layer, desk.actor, ids=tuple(ids))))
        for layer_id, (layer, ids) in wanted.items()
    }


def read_ids(desk: Desk, query: FeatureQuery) -> Iterable[int]:
    """The ids of the features of a query, in order; as many as a transaction may change, and one more.

    They are locked, so that who waited for another writer has only what still meets the filter.
    """
    rows = select_rows(desk.tables, query)
    table = desk.tables.get(query.layer.id)
    return desk.connection.execute(rows.order_by(table.c.id).limit(MOST_FEATURES + 1).with_for_update()).scalars()


def must_see(action: Action, desk: Desk) -> bool:
    """Whether what is pending may matter to the filter of an action."""
    if not isinstance(action, Alteration) or isinstance(action.condition, IdIn):
        return False
    return any(change.layer.id == action.layer.id for _, change in desk.pending)


def list_changes(action: Action, desk: Desk) -> list[Change]:
    """The changes an action comes to. Raises ActionRefused, and what its filter raises."""
    if isinstance(action, Creation):
        return list(action.features)
    ids = [each for each in find_targets(action, desk) if (action.layer.id, each) not in desk.gone]
    if action.kind == "Replace" and len(ids) != 1:
        raise ActionRefused(f"the filter of a Replace must mean one feature, and means {len(ids)}", where="Filter")
    if action.kind == "Delete":
        desk.gone.update((action.layer.id, each) for each in ids)
    return [make_change(action, each) for each in ids]


def find_targets(action: Alteration, desk: Desk) -> list[int]:
    """The ids of the features an action is about; of those its filter finds, as they are in the database by now."""
    if isinstance(action.condition, IdIn):
        seen = desk.seen[action.layer.id]
        return [each for each in dict.fromkeys(action.condition.ids) if each in seen]
    return list(read_ids(desk, FeatureQuery(action.layer, desk.actor, filter=action.condition)))


def make_change(action: Alteration, id_: int) -> Change:
    """What an action does to one feature."""
    content = action.content
    if action.kind == "Delete":
        return Delete(action.layer, id_)
    if action.kind == "Replace":
        return Replace(action.layer, id_, content.properties, content.get_shape())
    return Update(action.layer, id_, content.properties, content.shape)


def write(desk: Desk) -> None:
    """Write what is pending. Raises as `applying.apply`; what can be told of a single action names it."""
    pending, desk.pending = desk.pending, []
    if not pending:
        return
    try:
        applied = apply(desk.connection, desk.tables, [change for _, change in pending], desk.actor, "wfs")
    except GisInfraError as error:
        raise explain(error, pending, desk.actions) from error
    for (number, _), each in zip(pending, applied, strict=True):
        desk.features.setdefault(number, []).append(to_key(each))


def to_key(applied: Applied) -> Key:
    """Layer and id of a feature."""
    return applied.layer.id, applied.id


def explain(error: GisInfraError, pending: Sequence[tuple[int, Change]], actions: Sequence[Action]) -> GisInfraError:
    """The same error in terms of the document: which action it is about, and which of its features."""
    marks = {actions[number].mark for number, _ in pending}
    if not error.faults:
        return attribute(error, marks.pop()) if len(marks) == 1 else error
    first = error.faults[0]
    number = pending[first.index][0]
    told = f"{describe(first.index, pending, actions)}{tell(error.faults)}"
    named = type(error)(told, where=first.field, faults=error.faults)
    return attribute(named, actions[number].mark)


def describe(index: int, pending: Sequence[tuple[int, Change]], actions: Sequence[Action]) -> str:
    """Which feature of its action a change is about, where there are several."""
    number, change = pending[index]
    same = [at for at, (each, _) in enumerate(pending) if each == number]
    if len(same) == 1:
        return ""
    if isinstance(actions[number], Creation):
        return f"feature {same.index(index) + 1}: "
    return f"{change.layer.id}.{change.id}: "
