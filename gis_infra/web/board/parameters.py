"""The parameters of requests for the board, as values."""

import datetime
from collections.abc import Mapping
from typing import Literal

from gis_infra.analysis.cameras import STATES, State
from gis_infra.errors import InvalidParameter
from gis_infra.reports.board.periods import Period, get_last_month, parse_period
from gis_infra.web.analysis.coverage_parameters import require_known
from gis_infra.web.analysis.parameters import parse_whole

Form = Literal["html", "json", "xlsx"]

PAGES: tuple[Form, ...] = ("html", "json")
FILES: tuple[Form, ...] = (*PAGES, "xlsx")
OURS = ("f", "lang")
MOST_OFFSET = 1_000_000


def parse_form(parameters: Mapping[str, str], *others: str, forms: tuple[Form, ...] = PAGES) -> Form:
    """A page, or the other form that `f` says; others: what the request may have besides. Raises InvalidParameter."""
    require_known(parameters, (*OURS, *others))
    asked = parameters.get("f", "html")
    for form in forms:
        if form == asked:
            return form
    raise InvalidParameter(f"f must be {' or '.join(forms)}, got {asked[:40]!r}", where="f")


def parse_state(parameters: Mapping[str, str]) -> State | None:
    """The state of cameras that is asked for, None for all. Raises InvalidParameter."""
    text = parameters.get("state")
    if not text:
        return None
    for state in STATES:
        if state == text:
            return state
    raise InvalidParameter(f"state must be one of {', '.join(STATES)}, got {text[:40]!r}", where="state")


def parse_offset(parameters: Mapping[str, str]) -> int:
    """How many rows to skip. Raises InvalidParameter."""
    offset = parse_whole("offset", parameters.get("offset")) or 0
    if offset > MOST_OFFSET:
        raise InvalidParameter(f"offset is at most {MOST_OFFSET:,}, got {offset}", where="offset")
    return offset


def parse_of(parameters: Mapping[str, str], today: datetime.date) -> Period:
    """The period that is asked for, the month that ended last if none is. Raises InvalidParameter."""
    text = parameters.get("of")
    return parse_period(text, today) if text else get_last_month(today)
