"""Which rules speak of works of this kind, and of which assets, by kind and layer. Runs nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Date, Double, Integer, Text, literal

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.kinds import Kind
from gis_infra.analysis.rules.model import Member, Rule, Side, is_evaluated
from gis_infra.analysis.works.projects import LAYER
from gis_infra.analysis.works.works import Works
from gis_infra.catalogue.definitions import Layer

KINDS: tuple[Kind, ...] = ("works", "works_overlap", "moratorium", "joint_trench")


@dataclass(frozen=True)
class Group:
    """The rules of one kind that speak of one layer when somebody digs near it, in order of precedence."""

    kind: Kind
    layer: Layer
    cases: tuple[tuple[Rule, Member], ...]


def list_groups(ground: Ground, rules: Sequence[Rule], works: Works, actor: Actor) -> list[Group]:
    """The layers the actor may see that a rule speaks of when these works are done.

    rules: in order of precedence, as `rules.list_in_force` gives them.
    """
    found: dict[tuple[Kind, str], list[tuple[Rule, Member]]] = {}
    for rule in rules:
        for member in list_members(ground, rule, works):
            found.setdefault((rule.kind, member.layer), []).append((rule, member))
    layers = ((kind, ground.catalogue.get_layer(layer_id), cases) for (kind, layer_id), cases in found.items())
    return [Group(kind, layer, tuple(cases)) for kind, layer, cases in layers if actor.is_allowed("read", layer)]


def list_members(ground: Ground, rule: Rule, works: Works) -> Iterator[Member]:
    """The parts of layers that stand against works: the assets of a works rule, the right side of the others."""
    if rule.kind not in KINDS or not is_evaluated(ground.book, rule):
        return
    if rule.kind == "works":
        yield from ground.book.find_members(rule.left)
    elif is_spoken_of(ground, rule, works):
        yield from ground.book.find_members(rule.right or Side(""))


def is_spoken_of(ground: Ground, rule: Rule, works: Works) -> bool:
    """Whether the works are what the left side of the rule means, as a row of the layer of works would be."""
    values = to_row(works)
    mine = [each for each in ground.book.find_members(rule.left) if each.layer == LAYER]
    return any(all(one.holds(values.get(one.field)) for one in each.where) for each in mine)


def to_row(works: Works) -> Mapping[str, Any]:
    """The attributes a works project of these works would have."""
    return {
        "method": works.method,
        "depth_m": works.depth_m,
        "starts_on": works.starts_on,
        "ends_on": works.ends_on,
        "applicant": works.applicant,
        "phase": works.phase,
    }


@dataclass(frozen=True)
class Constants:
    """The attributes of works as SQL, to be asked like those of a table."""

    c: Mapping[str, Any]


def to_constants(works: Works) -> Constants:
    """The works as a row for statements about works of the city.

    An applicant who is not named is nobody else's: drawn works may share a trench with anybody.
    """
    types = {"method": Text, "depth_m": Double, "starts_on": Date, "ends_on": Date, "applicant": Text, "phase": Text,
             "id": Integer}  # fmt: skip
    values = {**to_row(works), "applicant": works.applicant or "", "id": works.project}
    return Constants({name: literal(values[name], kind) for name, kind in types.items()})
