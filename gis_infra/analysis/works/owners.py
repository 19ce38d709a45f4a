"""Whom planned works concern: whose assets they meet, and who must be asked although nothing of theirs is recorded.

Nobody is said to have nothing there unless whoever asks may see everything that could be there.
"""

import datetime
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.contacts.store import Contact
from gis_infra.analysis.rules.model import Rule
from gis_infra.analysis.works.answers import Met
from gis_infra.catalogue.definitions import Catalogue

Answer = Literal["met", "nothing_recorded", "owner_not_recorded", "not_shown"]
Counts = Mapping[str | None, Mapping[str, int]]


@dataclass(frozen=True)
class Asked:
    """An owner to ask (None: of assets whose owner is not recorded).

    layers: layer id -> number of assets within reach. notify_days: how long before the first day they must be told by a
    rule, None if no rule says so; notify_by: the last day to do it, None also without a first day. notify_verified:
    False where that number was not verified in its source.
    """

    owner: str | None
    answer: Answer
    layers: Mapping[str, int]
    contacts: tuple[Contact, ...] = ()
    notify_days: int | None = None
    notify_by: datetime.date | None = None
    notify_verified: bool = True


@dataclass(frozen=True)
class Viewer:
    """Who asks, of what, and the layers that were looked at."""

    actor: Actor
    catalogue: Catalogue
    layers: tuple[str, ...]

    def sees_all(self, sectors: Collection[str]) -> bool:
        """Whether something of each of these sectors was looked at, and every row of every layer that rules speak of.

        A layer that may not be seen was not looked at, whether or not a rule speaks of it.
        """
        layers = [each for each in self.catalogue.layers.values() if each.sector in sectors]
        looked_at = [each for each in layers if each.id in self.layers]
        return (
            {each.sector for each in looked_at} >= set(sectors)
            and all(self.actor.get_clearance(each) == "restricted" for each in looked_at)
            and all(self.actor.is_allowed("read", each) for each in layers)
        )

    def find_sectors(self, layers: Iterable[str]) -> set[str]:
        """The sectors of layers."""
        return {self.catalogue.get_layer(each).sector for each in layers}


def list_asked(viewer: Viewer, counts: Counts, contacts: Sequence[Contact]) -> list[Asked]:
    """Owners met by name, those not recorded, then contacts of whom nothing was met.

    counts: owner as recorded -> layer id -> assets within reach.
    """
    spoken = {fold(each.owner): each.owner for each in contacts}
    met = merge_spellings(counts, spoken)
    asked = [
        Asked(owner, "met", layers, tuple(each for each in contacts if fold(each.owner) == fold(owner)))
        for owner, layers in sorted(met.items(), key=lambda item: fold(item[0]))
    ]
    unowned = counts.get(None, {})
    if unowned:
        asked.append(Asked(None, "met", unowned, find_for_sectors(contacts, viewer.find_sectors(unowned))))
    absent = [each for each in contacts if each.sectors and fold(each.owner) not in {fold(owner) for owner in met}]
    return asked + [
        Asked(owner, answer_for(viewer, theirs, unowned), {}, tuple(theirs))
        for owner, theirs in group_by_owner(absent).items()
    ]


def merge_spellings(counts: Counts, spoken: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """Owner -> layer id -> assets; spellings that differ in capitals or blanks are one, written as the contact is."""
    merged: dict[str, tuple[str, dict[str, int]]] = {}
    for owner, layers in counts.items():
        if owner is None:
            continue
        _, known = merged.setdefault(fold(owner), (spoken.get(fold(owner), owner), {}))
        for layer_id, count in layers.items():
            known[layer_id] = known.get(layer_id, 0) + count
    return {owner: dict(sorted(layers.items())) for owner, layers in merged.values()}


def fold(owner: str) -> str:
    """An owner's name without regard to capitals, blanks and the ways to write an accent."""
    return " ".join(unicodedata.normalize("NFC", owner).casefold().split())


def find_for_sectors(contacts: Sequence[Contact], sectors: set[str]) -> tuple[Contact, ...]:
    """The contacts that answer for one of these sectors."""
    return tuple(each for each in contacts if sectors.intersection(each.sectors))


def group_by_owner(contacts: Sequence[Contact]) -> dict[str, list[Contact]]:
    """Owner -> their contacts, in order."""
    groups: dict[str, list[Contact]] = {}
    for each in contacts:
        groups.setdefault(each.owner, []).append(each)
    return groups


def answer_for(viewer: Viewer, contacts: Sequence[Contact], unowned: Mapping[str, int]) -> Answer:
    """What can be said to contacts of whom nothing was met. unowned: assets met without a recorded owner, by layer."""
    sectors = {sector for each in contacts for sector in each.sectors}
    if not viewer.sees_all(sectors):
        return "not_shown"
    return "owner_not_recorded" if sectors & viewer.find_sectors(unowned) else "nothing_recorded"


def add_notice(asked: Sequence[Asked], met: Sequence[Met], starts_on: datetime.date | None) -> list[Asked]:
    """The same owners with how long before the works they must be told, by the rules that met their assets."""
    rules: dict[str | None, list[Rule]] = {}
    for each in met:
        rules.setdefault(None if each.asset.owner is None else fold(each.asset.owner), []).append(each.rule)
    return [tell(each, rules.get(None if each.owner is None else fold(each.owner), ()), starts_on) for each in asked]


def tell(asked: Asked, rules: Iterable[Rule], starts_on: datetime.date | None) -> Asked:
    """An owner with how long before they must be told; rules: those that met their assets."""
    days, verified = max(((each.days or 0, each.verified) for each in rules if each.kind == "works"), default=(0, True))
    if not days:
        return replace(asked, notify_days=None, notify_by=None, notify_verified=True)
    is_known = starts_on is not None and starts_on.toordinal() > days  # else the day is before the calendar begins
    by = starts_on - datetime.timedelta(days=days) if starts_on is not None and is_known else None
    return replace(asked, notify_days=days, notify_by=by, notify_verified=verified)
