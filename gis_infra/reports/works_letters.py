"""Letters about planned works: to the owners of what they meet, and to those who must be asked in any case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.works.checking import WorksCheck
from gis_infra.analysis.works.owners import Asked, fold, tell
from gis_infra.catalogue.definitions import Language
from gis_infra.reports.contacts import to_card
from gis_infra.reports.letters import Letter, render_letters, require_signed_in, to_reader
from gis_infra.reports.maps.surroundings import Wanted, read_surroundings
from gis_infra.reports.register_letters import Assets, Line, read_open
from gis_infra.reports.works import to_day, to_feature, to_met
from gis_infra.reports.works_report import find_extent, render_map

TEXTS: Mapping[str, tuple[str, str]] = {
    "met": ("subject_works", "letter_works"),
    "nothing_recorded": ("subject_nothing", "letter_nothing"),
    "owner_not_recorded": ("subject_nothing", "letter_unowned"),
    "not_shown": ("subject_nothing", "letter_ask"),
}
ASK = TEXTS["not_shown"][1]


def render_works_letters(
    connection: Connection, ground: Ground, actor: Actor, check: WorksCheck, language: Language
) -> str:
    """An HTML page with a letter to each owner and contact that planned works concern. Raises SignInNeeded."""
    require_signed_in(actor)
    extent, reader = find_extent(check.works), to_reader(actor)
    (around,) = read_surroundings(connection, ground, reader, [Wanted(extent, {})])
    told = [to_met(each) for each in check.reached.met if each.rule.kind == "works"]
    opened = read_open(connection, ground, reader, [each for each in told if get_owner(each) is None])
    about = About(
        ground, check, tuple(each for each in told if is_told(each, opened)), render_map(check.works, around, language)
    )
    letters = [one for asked in check.asked for one in write_works_letters(about, asked)]
    return render_letters(ground, letters, language)


@dataclass(frozen=True)
class About:
    """What letters are about. assets: those that have an owner, and of those without one what is open to everybody."""

    ground: Ground
    check: WorksCheck
    assets: tuple[Line, ...]
    drawing: Markup

    def list_assets(self, owner: str | None) -> tuple[Line, ...]:
        """The assets of one owner; of None those without one."""
        return tuple(each for each in self.assets if is_same(get_owner(each), owner))

    def list_unowned(self, sectors: Collection[str]) -> tuple[Line, ...]:
        """The assets of these sectors that have no owner."""
        layers = self.ground.catalogue.layers
        return tuple(
            each for each in self.list_assets(None) if layers[each["properties"]["right_layer"]].sector in sectors
        )


def write_works_letters(about: About, asked: Asked) -> list[Letter]:
    """The letters to one owner: one to each contact, or one without address; none to nobody about nothing."""
    if asked.owner is None:
        return write_unowned(about, asked)
    subject, paragraph = TEXTS[asked.answer]
    sectors = {sector for each in asked.contacts for sector in each.sectors}
    if asked.answer == "owner_not_recorded" and not about.list_unowned(sectors):
        paragraph = ASK
    letter = replace(make_letter(about, asked, subject, paragraph), assets=about.list_assets(asked.owner))
    return [replace(letter, owner=each.owner, card=to_card(each)) for each in asked.contacts] or [letter]


def write_unowned(about: About, asked: Asked) -> list[Letter]:
    """The letters about assets without an owner: to each contact about those of its sectors, if there are any."""
    told = [(each, about.list_unowned(each.sectors)) for each in asked.contacts]
    if not told:
        assets = about.list_assets(None)
        return [write_of(about, asked, assets)] if assets else []
    return [
        replace(write_of(about, asked, assets), owner=contact.owner, card=to_card(contact))
        for contact, assets in told
        if assets
    ]


def write_of(about: About, asked: Asked, assets: tuple[Line, ...]) -> Letter:
    """The letter about these assets without an owner, which says nothing of others, not even when they must be told."""
    rules = {each.rule.id: each.rule for each in about.check.reached.met}
    known = tell(asked, [rules[each["properties"]["rule"]] for each in assets], about.check.works.starts_on)
    return replace(make_letter(about, known, *TEXTS["owner_not_recorded"]), assets=assets)


def make_letter(about: About, asked: Asked, subject: str, paragraph: str) -> Letter:
    """What all letters to one owner have in common."""
    return Letter(
        owner=asked.owner,
        subject=subject,
        paragraphs=(paragraph,),
        works=to_feature(about.check.works, about.ground.tables.srid)["properties"],
        map=about.drawing,
        notify_days=asked.notify_days,
        notify_by=to_day(asked.notify_by),
        notify_verified=asked.notify_verified,
    )


def get_owner(asset: Line) -> str | None:
    """The owner of an asset that works meet, None if it is not recorded."""
    owner: str | None = asset["properties"]["right_owner"]
    return owner


def is_told(asset: Line, opened: Assets) -> bool:
    """Whether a letter may tell of an asset: to its owner, and without one if everybody who signs in may see it."""
    values = asset["properties"]
    return get_owner(asset) is not None or (values["right_layer"], values["right_id"]) in opened


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two names are of the same owner, or both of none."""
    return one is other or (one is not None and other is not None and fold(one) == fold(other))
