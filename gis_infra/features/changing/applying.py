"""Changes carried out: permission, then whether all of them can be, then all of them, in the caller's transaction.

OGC API, WFS and the restoring of versions write through here, so permission, validation, history and what two writers
do to each other are right or wrong once. The importer, which loads files of any size, shares the validation.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, exc

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import ConflictError, Fault, GisInfraError, InvalidFeature
from gis_infra.features import history
from gis_infra.features.changing import checking, keys, permission
from gis_infra.features.changing.changes import MOST_FAULTS, Applied, Change
from gis_infra.features.changing.folding import Draft, fold
from gis_infra.features.changing.held import hold
from gis_infra.features.changing.served import keep_served
from gis_infra.features.changing.storing import Stamps, Work, store
from gis_infra.features.history import Via
from gis_infra.features.locks.holding import require_free


@dataclass
class Group:
    """The drafts of one layer, each once; what was found of those that are not to go; and what was written of them.

    taken: asset codes that others have. stamps: feature id -> since when it is so.
    """

    layer: Layer
    drafts: tuple[Draft, ...]
    checked: checking.Checked = field(default_factory=lambda: checking.Checked([]))
    taken: list[Fault] = field(default_factory=list)
    stamps: Stamps = field(default_factory=dict)

    @property
    def alive(self) -> tuple[Draft, ...]:
        """The drafts that are not to go."""
        return tuple(draft for draft in self.drafts if not draft.is_gone)


def apply(
    connection: Connection, tables: LayerTables, changes: Sequence[Change], actor: Actor, via: Via
) -> tuple[Applied, ...]:
    """Carry out changes, all or none, and return what became of each, in their order.

    connection: of `storage.transactions.writing`; when this raises, nothing of it may be kept. via: the road by which
    the changes came, for the history.
    Raises UnknownLayer, SignInNeeded or NotPermitted for who may not; UnknownFeature for what is not there, or may not
    be seen; FeatureLocked for what is locked; StaleVersion for what is not as expected; InvalidFeature for what the
    layer does not allow, ConflictError for asset codes that are taken, each with all that is wrong; UnknownProperty.
    """
    permission.require_editor(actor, {change.layer.id: change.layer for change in changes}.values())
    history.tag(connection, actor.username, via)
    held = hold(connection, tables, changes, actor)
    require_free(connection, held)
    drafts = fold(changes, held)
    groups = group_by_layer(drafts)
    for group in groups:
        check(connection, tables, group, actor)
    require_faultless(groups)
    for group in groups:
        write(connection, tables, group, actor)
    return tuple(tell_all(drafts, groups))


def group_by_layer(drafts: Sequence[Draft]) -> list[Group]:
    """The drafts layer by layer, layers in the order of their ids, which is the order of all locks."""
    each: dict[str, dict[int, Draft]] = defaultdict(dict)
    for draft in drafts:
        each[draft.layer.id][id(draft)] = draft
    return [Group(next(iter(group.values())).layer, tuple(group.values())) for _, group in sorted(each.items())]


def check(connection: Connection, tables: LayerTables, group: Group, actor: Actor) -> None:
    """Find everything that can be told of a group before a row is written. Raises NotPermitted."""
    for draft in group.alive:
        before = draft.held.values[permission.SENSITIVITY] if draft.held is not None else None
        after = draft.values[permission.SENSITIVITY]
        permission.require_level(actor, group.layer, before, after, is_new=draft.held is None)
    keep_served(connection, tables, group.alive, actor)
    if group.alive:
        group.checked = checking.check(group.alive, tables.srid)
    group.taken = keys.find_taken(connection, tables.get(group.layer.id), group.drafts, actor)


def require_faultless(groups: Sequence[Group]) -> None:
    """Return if nothing was found that is not allowed. Raises InvalidFeature, ConflictError."""
    faults = [fault for group in groups for fault in group.checked.faults]
    taken = [fault for group in groups for fault in group.taken]
    if faults:
        raise make_error(InvalidFeature, faults + taken)
    if taken:
        raise make_error(ConflictError, taken)


def make_error(kind: type[GisInfraError], faults: Sequence[Fault]) -> GisInfraError:
    """An error that tells the first fault, and has the first MOST_FAULTS of them, in the order of the changes."""
    ordered = sorted(faults, key=get_index)
    more = f"; and {len(ordered) - 1} more" if len(ordered) > 1 else ""
    return kind(f"{ordered[0]}{more}", where=ordered[0].field, faults=tuple(ordered[:MOST_FAULTS]))


def get_index(fault: Fault) -> int:
    """Which change a fault is of."""
    return fault.index


def write(connection: Connection, tables: LayerTables, group: Group, actor: Actor) -> None:
    """Write a group. Raises ConflictError for an asset code that somebody took since it was checked, or an id."""
    table = tables.get(group.layer.id)
    shapes = dict(zip(map(id, group.alive), group.checked.shapes, strict=False))
    works = [Work(draft, shapes.get(id(draft))) for draft in group.drafts]
    try:
        with connection.begin_nested():
            group.stamps = store(connection, table, works)
    except (exc.IntegrityError, UniqueViolation) as error:
        if not isinstance(error, UniqueViolation) and not isinstance(error.orig, UniqueViolation):
            raise
        group.taken = keys.find_taken(connection, table, group.drafts, actor)
        require_faultless([group])
        raise ConflictError(f"layer {group.layer.id} has a feature of that id, or of that asset code") from error


def tell_all(drafts: Sequence[Draft], groups: Sequence[Group]) -> Iterator[Applied]:
    """What became of each change; a feature that several changed is told as it is in the end."""
    stamps = {group.layer.id: group.stamps for group in groups}
    remarks: dict[int, list[Fault]] = defaultdict(list)
    for remark in (remark for group in groups for remark in group.checked.remarks):
        remarks[remark.index].append(remark)
    for index, draft in enumerate(drafts):
        if draft.id is None:
            raise RuntimeError("a feature that was written has no id")
        since = draft.held.updated_at if draft.held is not None else None
        moment = None if draft.is_gone else stamps[draft.layer.id].get(draft.id, since)
        yield Applied(draft.layer, draft.id, moment, tuple(remarks[index]))
