"""Letters about planned works: to the owners of what they meet, and to those who must be asked in any case."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup
from sqlalchemy import Connection

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.works.checking import WorksCheck
from gis_infra.analysis.works.owners import Asked, fold
from gis_infra.catalogue.definitions import Language
from gis_infra.reports.contacts import to_card
from gis_infra.reports.letters import Letter, render_letters, require_signed_in, to_reader
from gis_infra.reports.maps.surroundings import Wanted, read_surroundings
from gis_infra.reports.works import to_day, to_feature, to_met
from gis_infra.reports.works_report import find_extent, render_map

TEXTS: Mapping[str, tuple[str, str]] = {
    "met": ("subject_works", "letter_works"),
    "nothing_recorded": ("subject_nothing", "letter_nothing"),
    "owner_not_recorded": ("subject_nothing", "letter_unowned"),
    "not_shown": ("subject_nothing", "letter_ask"),
}


def render_works_letters(
    connection: Connection, ground: Ground, actor: Actor, check: WorksCheck, language: Language
) -> str:
    """An HTML page with a letter to each owner and contact that planned works concern. Raises SignInNeeded."""
    require_signed_in(actor)
    extent = find_extent(check.works)
    (around,) = read_surroundings(connection, ground, to_reader(actor), [Wanted(extent, {})])
    drawing = render_map(check.works, around, language)
    letters = [one for asked in check.asked for one in write_works_letters(ground, check, asked, drawing)]
    return render_letters(ground, letters, language)


def write_works_letters(ground: Ground, check: WorksCheck, asked: Asked, drawing: Markup) -> list[Letter]:
    """The letters to one owner: one to each contact, or one without address; none to nobody about nothing."""
    subject, paragraph = TEXTS[asked.answer if asked.owner is not None else "owner_not_recorded"]
    mine = [each for each in check.reached.met if each.rule.kind == "works"]
    theirs = [to_met(each) for each in mine if is_same(each.asset.owner, asked.owner)]
    letter = Letter(
        owner=asked.owner,
        subject=subject,
        paragraphs=(paragraph,),
        works=to_feature(check.works, ground.tables.srid)["properties"],
        map=drawing,
        assets=tuple(theirs),
        notify_days=asked.notify_days,
        notify_by=to_day(asked.notify_by),
    )
    cards = [to_card(each) for each in asked.contacts]
    return [replace(letter, owner=card["owner"], card=card) for card in cards] or [letter]


def is_same(one: str | None, other: str | None) -> bool:
    """Whether two names are of the same owner, or both of none."""
    return one is other or (one is not None and other is not None and fold(one) == fold(other))
