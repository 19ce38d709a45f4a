"""That no two features of a layer have the same owner and asset code.

The table's own index holds it; asked here first, it is told in words, of all features at once, and with the id of the
other where the actor may see it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Select,
    Table,
    Text,
    all_,
    case,
    column,
    func,
    literal,
    select,
    true,
)

from gis_infra.accounts.actor import Actor
from gis_infra.errors import Fault
from gis_infra.features.changing.folding import Draft
from gis_infra.features.selection import select_visible

OWNER, CODE = "owner", "asset_code"
AssetKey = tuple[str, str]


def find_key(values: Mapping[str, str | None]) -> AssetKey | None:
    """Owner and asset code of a feature; None where one of them is missing, which may come any number of times."""
    owner, code = values[OWNER], values[CODE]
    return None if owner is None or code is None else (owner, code)


def has_new_key(draft: Draft) -> bool:
    """Whether a feature is to have an asset code it does not have yet."""
    key = find_key(draft.values)
    return key is not None and (draft.held is None or key != find_key(draft.held.values))


def find_taken(connection: Connection, table: Table, drafts: Sequence[Draft], actor: Actor) -> list[Fault]:
    """What stands against the keys that drafts of one layer want, those of features that are to go among them."""
    wanted: dict[AssetKey, Draft] = {}
    faults = []
    for draft in sorted((each for each in drafts if not each.is_gone), key=has_new_key):
        key = find_key(draft.values)
        if key is None:
            continue
        if key in wanted:
            faults.append(tell(draft, key, f"the same as in feature {wanted[key].index} of the request"))
        wanted.setdefault(key, draft)
    asked = [key for key, draft in wanted.items() if has_new_key(draft)]
    if asked:
        known = [draft.held.id for draft in drafts if draft.held is not None]
        for owner, code, other in map(tuple, connection.execute(select_taken(table, asked, known, drafts[0], actor))):
            told = f"that of feature {other}" if other is not None else "taken"
            faults.append(tell(wanted[owner, code], (owner, code), told))
    return faults


def tell(draft: Draft, key: AssetKey, what: str) -> Fault:
    """That a key is not free."""
    owner, code = key
    return Fault(draft.index, CODE, code[:60], f"is {what}; an asset code of {owner[:60]} comes but once in a layer")


def select_taken(
    table: Table, asked: Sequence[AssetKey], known: Sequence[int], draft: Draft, actor: Actor
) -> Select[Any]:
    """The keys that features other than `known` have, with their ids where the actor may see them."""
    owners, codes = zip(*asked, strict=True)
    pairs = func.unnest(literal(list(owners), ARRAY(Text)), literal(list(codes), ARRAY(Text)))
    wanted = pairs.table_valued(column(OWNER, Text), column(CODE, Text), name="wanted").render_derived()
    visible = select_visible(table, draft.layer, actor)
    number = table.c.id if visible is None else case((visible, table.c.id))
    return (
        select(table.c.owner, table.c.asset_code, number)
        .join_from(table, wanted, (table.c.owner == wanted.c.owner) & (table.c.asset_code == wanted.c.asset_code))
        .where(table.c.id != all_(literal(list(known), ARRAY(BigInteger))) if known else true())
    )
