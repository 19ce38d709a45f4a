"""What every letter to an owner has, and the page they stand on, one after the other.

A letter leaves the house. It tells its owner of their own assets, and of anybody else's only what everybody who signs
in may see; a conflict with anything else is left out of it.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.catalogue.definitions import Language
from gis_infra.errors import SignInNeeded
from gis_infra.reports.pages import render_page


@dataclass(frozen=True)
class Letter:
    """One letter. subject, paragraphs: keys of `words`. card: how the owner is reached, None if that is not kept."""

    owner: str | None
    subject: str
    paragraphs: tuple[str, ...]
    card: Mapping[str, Any] | None = None
    works: Mapping[str, Any] | None = None
    map: Markup = field(default_factory=Markup)
    assets: tuple[Mapping[str, Any], ...] = ()
    conflicts: tuple[Mapping[str, Any], ...] = ()
    notify_days: int | None = None
    notify_by: str | None = None
    notify_verified: bool = True


def render_letters(ground: Ground, letters: Sequence[Letter], language: Language) -> str:
    """An HTML page with the letters, each on a sheet of its own."""
    today = f"{datetime.date.today():%Y-%m-%d}"
    return render_page("letters.html", ground.catalogue, language, {"letters": letters, "today": today})


def require_signed_in(actor: Actor) -> None:
    """Return if somebody is signed in: letters and addresses are not for the public. Raises SignInNeeded."""
    if actor.is_anonymous:
        raise SignInNeeded("sign in to write letters to owners")


def to_reader(actor: Actor) -> Actor:
    """The same person with what everybody who signs in may see, and no more."""
    return Actor(actor.person_id, actor.username, actor.department)
