"""Which rules the register may be asked for: a name that is none would be answered by an empty list, as if all were
well."""

from collections.abc import Iterable

from sqlalchemy import Connection, exists, select

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.reading import RegisterQuery, get_rule_column
from gis_infra.analysis.register.visibility import select_visible_conflicts
from gis_infra.analysis.rules.model import RulePack
from gis_infra.errors import InvalidParameter


def require_rule(connection: Connection, ground: Ground, query: RegisterQuery) -> None:
    """Return if the query names no rule, one of a rule file, or one of a conflict that its actor may see.

    Rules that have left their file are still asked for: the register keeps what they found.
    Raises InvalidParameter, which names the packs there are, or the rules of the pack that is meant.
    """
    packs = ground.book.packs
    if query.rule is None or query.rule in packs or query.rule in list_rules(packs.values()):
        return
    seen = select_visible_conflicts(ground.catalogue, ground.tables, query.actor)
    if connection.execute(select(exists().where(get_rule_column(query.rule) == query.rule, seen))).scalar_one():
        return
    pack = packs.get(query.rule.partition(".")[0])
    if pack is None:
        there_are = f"there are the packs {', '.join(packs)}; a rule is named by its pack, a point and its own name"
    else:
        there_are = f"pack {pack.id} has {', '.join(list_rules([pack]))}"
    raise InvalidParameter(f"there is no rule {query.rule[:80]!r}; {there_are}", where="rule")


def list_rules(packs: Iterable[RulePack]) -> list[str]:
    """The ids of the rules of some packs, in order of their files."""
    return [rule.id for pack in packs for rule in pack.rules]
