"""What must keep apart from what, and how far: the rules as frozen values. Knows neither YAML nor SQL.

A class is a part of one or more layers; a rule speaks of one class (cover, works) or of two. Rules come in packs; which
packs are in force, and in what order, is a setting. Format and meaning: layers/rules/README.md.
"""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gis_infra.analysis.rules.accuracy import Accuracy
from gis_infra.analysis.rules.kinds import Kind, Measure
from gis_infra.catalogue.definitions import Check, Title
from gis_infra.errors import InvalidParameter

Operator = Literal["in", "not_in", "has", "at_least", "at_most", "over", "under"]
Authority = Literal["city", "nation", "generic"]

AUTHORITIES: tuple[Authority, ...] = ("city", "nation", "generic")  # the first one that speaks of a pair is heard

TOLERANCE_M = 0.001  # a pair at exactly the required distance is clear, whatever its coordinates were rounded to
PARALLEL_DEGREES = 30.0  # two segments whose directions differ by more than this cross, they do not run side by side
CONNECTED_M = 0.05  # an end this near to another asset of its sector is joined to it


@dataclass(frozen=True)
class Condition:
    """What one attribute must be. A missing value satisfies `not_in`, and nothing else.

    `has`: of a text of words joined by commas, one is among the values.
    """

    field: str
    operator: Operator
    values: tuple[str, ...] = ()
    number: float = 0.0

    def holds(self, value: object) -> bool:
        """Whether an attribute with `value` (None if missing) satisfies this."""
        if value is None:
            return self.operator == "not_in"
        if self.operator in ("in", "not_in"):
            return (to_word(value) in self.values) == (self.operator == "in")
        if self.operator == "has":
            return not set(self.values).isdisjoint(str(value).split(","))
        if not isinstance(value, int | float):
            return False
        return {
            "at_least": value >= self.number,
            "at_most": value <= self.number,
            "over": value > self.number,
            "under": value < self.number,
        }[self.operator]


def to_word(value: object) -> str:
    """A value as the rule files write it: true and false in small letters."""
    return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Member:
    """The part of one layer that belongs to a class: the rows that satisfy every condition."""

    layer: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class AssetClass:
    """What a table of distances calls by one name. Without members it is one this city keeps no layer for."""

    id: str
    title: Title
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Side:
    """One side of a rule: a class, narrowed by more conditions."""

    asset_class: str
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Size:
    """Where a layer holds how wide its assets are: the first of `fields` that is given, times `factor_m`."""

    fields: tuple[str, ...]
    factor_m: float


@dataclass(frozen=True)
class Window:
    """The attributes that hold the first and the last day of something that lasts; both days belong to it.

    by_field: who does it; None if the layer does not say.
    """

    from_field: str
    to_field: str
    by_field: str | None = None


@dataclass(frozen=True)
class Surface:
    """The attributes that tell since when a street's surface is new, and until when it must not be dug."""

    on_field: str
    until_field: str | None = None


@dataclass(frozen=True)
class Rule:
    """One distance to keep, or something else that must hold.

    id: "<pack>.<name>", stable: it is part of every conflict's fingerprint.
    right: None for the kinds that speak of one class (`asset` in the file).
    required_m: metres; outer wall to outer wall for clearances, ground to crown for cover, else as docs/conflicts.md
    says of the kind.
    valid_to: the last day it holds; None: still.
    under: a class; a cover holds only for assets that run within half its width.
    other_owner: an overbuild or duplicate counts only between two owners.
    months: how long a surface stays new.
    days: how far apart works may be in time to share a trench; of planned works, how long before them an owner must be
    told.
    check: what must hold of an asset.
    area: the class of areas that an asset must lie in.
    """

    id: str
    pack: str
    kind: Kind
    title: Title
    left: Side
    right: Side | None
    required_m: float
    authority: Authority
    source: str
    clause: str
    legal_basis: str
    verified: bool
    valid_from: datetime.date
    valid_to: datetime.date | None = None
    measure: Measure = "horizontal"
    under: str | None = None
    note: str = ""
    other_owner: bool = False
    months: int | None = None
    days: int | None = None
    check: Check | None = field(default=None, hash=False)
    area: str | None = None

    def is_valid_on(self, day: datetime.date) -> bool:
        """Whether the rule holds on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class RulePack:
    """The rules of one source, in file order."""

    id: str
    title: Title
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class RuleBook:
    """Everything that `layers/rules/` holds.

    sizes: outer width; heights: outer height where it is not the width; bores: inner size, all by layer id. windows,
    surfaces: by layer id. same: layer id -> the attribute that names the duct an asset lies in.
    container: the class whose assets hold apart what lies inside them.
    buried: layers whose `cover_m` tells whether an excavation reaches an asset.
    accuracy: how far assets may lie from where they are drawn.
    """

    classes: Mapping[str, AssetClass]
    packs: Mapping[str, RulePack]
    sizes: Mapping[str, Size] = field(default_factory=dict)
    windows: Mapping[str, Window] = field(default_factory=dict)
    container: str | None = None
    buried: frozenset[str] = frozenset()
    heights: Mapping[str, Size] = field(default_factory=dict)
    bores: Mapping[str, Size] = field(default_factory=dict)
    surfaces: Mapping[str, Surface] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    accuracy: Accuracy = field(default_factory=Accuracy)

    def get_pack(self, pack_id: str) -> RulePack:
        """The pack with that id. Raises InvalidParameter, which lists what there is."""
        try:
            return self.packs[pack_id]
        except KeyError:
            known = ", ".join(self.packs)
            raise InvalidParameter(f"there is no rule pack {pack_id!r}; there are {known}", where="rules") from None

    def find_members(self, side: Side) -> tuple[Member, ...]:
        """The parts of layers a side speaks of, its own conditions added to those of the class."""
        members = self.classes[side.asset_class].members
        return tuple(Member(each.layer, (*each.where, *side.where)) for each in members)

    def get_layer_order(self) -> Mapping[str, int]:
        """Layer id -> place of its first mention; of two layers the earlier one is a conflict's left side."""
        order: dict[str, int] = {}
        for asset_class in self.classes.values():
            for member in asset_class.members:
                order.setdefault(member.layer, len(order))
        return order


def list_in_force(book: RuleBook, pack_ids: Iterable[str], day: datetime.date) -> tuple[Rule, ...]:
    """The rules of the packs that hold on `day`, in the order in which they are heard.

    City before nation before generic; then as the packs are listed; then the most binding first. Where several rules
    fit an asset or a pair, the first one counts and the others are silent.
    Raises InvalidParameter for a pack that is not there.
    """
    listed = list(dict.fromkeys(pack_ids))
    rules = [rule for pack_id in listed for rule in book.get_pack(pack_id).rules if rule.is_valid_on(day)]
    return tuple(
        sorted(rules, key=lambda r: (AUTHORITIES.index(r.authority), listed.index(r.pack), -r.required_m, r.id))
    )


def is_evaluated(book: RuleBook, rule: Rule) -> bool:
    """Whether the rule can be checked with the layers there are."""
    return find_obstacle(book, rule) is None


def find_obstacle(book: RuleBook, rule: Rule) -> Title | None:
    """Why the rule cannot be checked, in words for people; None if it can."""
    for name in list_classes(rule):
        if not book.classes[name].members:
            title = book.classes[name].title
            return Title(vi=f"không có lớp dữ liệu nào cho: {title.vi}", en=f"no layer is kept for: {title.en}")
    return find_missing_attribute(book, rule)


def list_classes(rule: Rule) -> list[str]:
    """The classes a rule speaks of."""
    named = (rule.left.asset_class, rule.right.asset_class if rule.right else None, rule.under, rule.area)
    return [name for name in named if name]


def find_missing_attribute(book: RuleBook, rule: Rule) -> Title | None:
    """What classes.yaml would have to say of a layer for the rule to be checked; None if it says all."""
    left = {member.layer for member in book.find_members(rule.left)}
    right = {member.layer for member in book.find_members(rule.right)} if rule.right else set()
    if rule.kind in ("works_overlap", "joint_trench"):
        return tell_missing("windows", left | right, set(book.windows))
    if rule.kind == "moratorium":
        return tell_missing("windows", left, set(book.windows)) or tell_missing("surfaces", right, set(book.surfaces))
    return tell_missing("bores", left, set(book.bores)) if rule.kind == "shrinking" else None


def tell_missing(table: str, layers: set[str], known: set[str]) -> Title | None:
    """Layers that a table of classes.yaml does not speak of, in words; None if it speaks of all."""
    missing = ", ".join(sorted(layers - known))
    if not missing:
        return None
    return Title(vi=f"`{table}` của classes.yaml không có {missing}", en=f"`{table}` of classes.yaml lacks {missing}")


def list_members(book: RuleBook, rule: Rule) -> tuple[Member, ...]:
    """The parts of layers whose assets the rule speaks of, each once; none of what only tells where it holds."""
    sides = (rule.left, rule.right or Side(""))
    return tuple(dict.fromkeys(member for side in sides if side.asset_class for member in book.find_members(side)))


def hash_version(book: RuleBook, rules: Iterable[Rule]) -> str:
    """A short text that is the same as long as the rules, the classes, the sizes and the accuracies say the same."""
    said = [repr(rule) for rule in rules]
    tables: tuple[Mapping[str, object], ...] = (
        book.classes, book.sizes, book.heights, book.bores, book.windows, book.surfaces, book.same,
    )  # fmt: skip
    said += [repr((key, table[key])) for table in tables for key in sorted(table)]
    said += [repr(book.container), repr(sorted(book.buried)), repr(book.accuracy)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]
