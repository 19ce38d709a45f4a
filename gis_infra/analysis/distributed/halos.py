"""How far around an asset others can matter to what is found of it, layer by layer.

A partition is read with this halo, so that what a worker finds of its own assets is what a run over the whole city
finds. Too wide a halo costs time; too narrow a one would lose conflicts: where in doubt this is wide. Runs nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from gis_infra.analysis.rules.model import CONNECTED_M, Rule, RuleBook, Side, is_evaluated

Widths = dict[str, dict[str, float]]

MARGIN_M = 1.0  # more than any tolerance, rounding of outlines or gap within a stretch


@dataclass(frozen=True)
class Halos:
    """What must be at hand to check an asset.

    near: its layer -> another -> metres in the plan, between outlines, within which assets of the other matter.
    beyond: the layer of such a neighbour -> another -> metres from the neighbour within which assets of it matter.
    whole: layers of which every asset matters, wherever it is.
    """

    near: Mapping[str, Mapping[str, float]]
    beyond: Mapping[str, Mapping[str, float]]
    whole: frozenset[str]

    @property
    def layers(self) -> tuple[str, ...]:
        """Every layer there is something to read of, by name."""
        return tuple(sorted({*self.near, *self.whole}))


def find_halos(book: RuleBook, rules: Sequence[Rule], widest: Mapping[str, float]) -> Halos:
    """The halos of the rules that are checked.

    widest: layer id -> the largest radius of its assets, metres; 0 for layers it does not have.
    """
    near: Widths = defaultdict(dict)
    beyond: Widths = defaultdict(dict)
    whole: set[str] = set()
    for rule in list_checked(book, rules):
        layers = list_layers(book, rule)
        for one, other in product(layers, repeat=2):
            radii_m = widest.get(one, 0.0) + widest.get(other, 0.0)
            widen(near, one, other, find_halo(book, rule, radii_m))
            if needs_more(rule):
                widen(beyond, one, other, radii_m + CONNECTED_M + MARGIN_M)
        whole.update(list_area_layers(book, rule))
    return Halos(dict(near), dict(beyond), frozenset(whole))


def widen(widths: Widths, one: str, other: str, width_m: float) -> None:
    """Let a halo be at least so wide."""
    widths[one][other] = max(width_m, widths[one].get(other, 0.0))


def needs_more(rule: Rule) -> bool:
    """Whether it matters to a pair what lies at the far end of the right asset: what joins it, what it runs under."""
    return rule.kind == "nearly_joined" or (rule.right is not None and rule.under is not None)


def list_checked(book: RuleBook, rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules a run checks; those of works speak of what is drawn."""
    return (rule for rule in rules if rule.kind != "works" and is_evaluated(book, rule))


def find_halo(book: RuleBook, rule: Rule, radii_m: float) -> float:
    """Metres between outlines in the plan beyond which two assets are nothing to each other by the rule."""
    return rule.required_m + radii_m + 2 * book.accuracy.largest_m + CONNECTED_M + MARGIN_M


def list_layers(book: RuleBook, rule: Rule) -> frozenset[str]:
    """The layers a rule speaks of in any way: of both sides, of what lies over them, of what holds them apart."""
    sides = [rule.left, *([rule.right] if rule.right is not None else [])]
    if rule.under is not None:
        sides.append(Side(rule.under))
    if rule.kind == "clearance" and book.container is not None:
        sides.append(Side(book.container))
    return frozenset(member.layer for side in sides for member in book.find_members(side))


def list_area_layers(book: RuleBook, rule: Rule) -> frozenset[str]:
    """The layers of the areas outside of which a rule looks: how far outside depends on the nearest, however far."""
    if rule.area is None:
        return frozenset()
    return frozenset(member.layer for member in book.find_members(Side(rule.area)))
