"""How far around an asset others can matter to what is found of it, layer by layer.

A partition is read with this halo, so that what a worker finds of its own assets is what a run over the whole city
finds. Too wide a halo costs time; too narrow a one would lose conflicts: where in doubt this is wide. Runs nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from gis_infra.analysis.rules.kinds import Kind
from gis_infra.analysis.rules.model import CONNECTED_M, Rule, RuleBook, Side, is_evaluated, list_members

Widths = dict[str, dict[str, float]]

ALONE: tuple[Kind, ...] = ("cover", "contradiction", "outside")  # they look at one asset at a time
MARGIN_M = 1.0  # more than any tolerance, rounding of outlines or gap within a stretch


@dataclass(frozen=True)
class Halos:
    """What must be at hand to check an asset.

    near: its layer -> another -> metres in the plan, between outlines, within which assets of the other matter; every
    layer with assets that a rule speaks of is there.
    beyond: the layer of such a neighbour -> another -> metres from the neighbour within which assets of it matter.
    whole: layers of which every asset matters, wherever it is.
    """

    near: Mapping[str, Mapping[str, float]]
    beyond: Mapping[str, Mapping[str, float]]
    whole: frozenset[str]

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers whose assets are looked at, by name; they are of one partition each."""
        return tuple(sorted(self.near))


def find_halos(book: RuleBook, rules: Sequence[Rule], widest: Mapping[str, float]) -> Halos:
    """The halos of the rules that are checked.

    widest: layer id -> the largest radius of its assets, metres; 0 for layers it does not have.
    """
    near: Widths = defaultdict(dict)
    beyond: Widths = defaultdict(dict)
    whole: set[str] = set()
    for rule in list_checked(book, rules):
        for layer_id in list_asset_layers(book, rule):
            near[layer_id]  # to be read, also where nothing around it matters
        for one, other in list_neighbours(book, rule):
            radii_m = widest.get(one, 0.0) + widest.get(other, 0.0)
            widen(near, one, other, find_halo(book, rule, radii_m))
            if rule.kind == "nearly_joined":
                widen(beyond, one, other, rule.required_m + CONNECTED_M + MARGIN_M)
        whole.update(list_of(book, rule.area))
    return Halos(dict(near), dict(beyond), frozenset(whole))


def widen(widths: Widths, one: str, other: str, width_m: float) -> None:
    """Let a halo be at least so wide."""
    widths[one][other] = max(width_m, widths[one].get(other, 0.0))


def list_checked(book: RuleBook, rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules a run checks; those of works speak of what is drawn."""
    return (rule for rule in rules if rule.kind != "works" and is_evaluated(book, rule))


def find_halo(book: RuleBook, rule: Rule, radii_m: float) -> float:
    """Metres between outlines in the plan beyond which two assets are nothing to each other by the rule."""
    return rule.required_m + radii_m + 2 * book.accuracy.largest_m + CONNECTED_M + MARGIN_M


def list_asset_layers(book: RuleBook, rule: Rule) -> frozenset[str]:
    """The layers whose assets a rule speaks of."""
    return frozenset(member.layer for member in list_members(book, rule))


def list_neighbours(book: RuleBook, rule: Rule) -> set[tuple[str, str]]:
    """Pairs of layers: of an asset the rule speaks of, and of what matters to it; any may be the left side."""
    left = list_of(book, rule.left.asset_class)
    right = list_of(book, rule.right.asset_class) if rule.right is not None else left
    around = list_of(book, rule.under)
    if rule.kind == "clearance":
        around |= list_of(book, book.container)
    beside = {*product(left, right), *product(right, left)} if rule.kind not in ALONE else set()
    return {*beside, *product(left | right, around)}


def list_of(book: RuleBook, asset_class: str | None) -> frozenset[str]:
    """The layers of a class, none of none."""
    if asset_class is None:
        return frozenset()
    return frozenset(member.layer for member in book.find_members(Side(asset_class)))


def list_layers(book: RuleBook, rules: Iterable[Rule]) -> frozenset[str]:
    """Every layer that some rule speaks of in any way, and those of what holds assets apart."""
    layers = set(list_of(book, book.container))
    for rule in list_checked(book, rules):
        layers |= {*list_asset_layers(book, rule), *list_of(book, rule.under), *list_of(book, rule.area)}
    return frozenset(layers)
