"""Values as people of either language write them: numbers, dates, moments, truths, codes and long texts. Pure.

The map's own `format.ts` follows the same rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gis_infra.catalogue.definitions import Field, Language, Title
from gis_infra.catalogue.units import UNITS
from gis_infra.reports.clocks import CITY_TIME

CUT = 80  # characters of a text in a table; the feature's own page has all of it
MOST_TEXT = 20_000  # characters of a text on any page
ELLIPSIS = "…"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
YES_NO: Mapping[bool, Title] = {True: Title("Có", "Yes"), False: Title("Không", "No")}


@dataclass(frozen=True)
class Shown:
    """One value as it is shown.

    code: the stored code, where `text` is what it means. moment: the value for machines, where it is a date or a time.
    is_number: whether it lines up to the right. is_cut: whether there is more of it than is shown.
    """

    text: str
    code: str = ""
    moment: str = ""
    is_number: bool = False
    is_cut: bool = False


NOTHING = Shown("")


def show_in_table(field: Field, value: Any, language: Language) -> Shown:
    """A field's value as it stands in a column, whose head tells the unit; a long text is cut."""
    if isinstance(value, int | float) and not isinstance(value, bool) and field.unit is not None:
        return Shown(format_number(value, language), is_number=True)
    return show(field, value, language, CUT)


def show(field: Field, value: Any, language: Language, most: int = MOST_TEXT) -> Shown:
    """A field's value for people, with its unit; `NOTHING` for none. most: characters of text, at which it is cut."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return Shown(YES_NO[value].get_in(language))
    if isinstance(value, datetime):
        return Shown(format_moment(value, language), moment=value.isoformat())
    if isinstance(value, date):
        return Shown(format_date(value, language), moment=value.isoformat())
    if isinstance(value, int | float):
        return Shown(format_measure(field, value, language), is_number=True)
    return show_text(field, str(value), language, most)


def show_text(field: Field, text: str, language: Language, most: int) -> Shown:
    """A text, cut where it is long; of a code, what it means."""
    if text in field.codes:
        return Shown(field.codes[text].get_in(language), code=text)
    return Shown(cut(text, most), is_cut=len(text) > most)


def cut(text: str, most: int) -> str:
    """The text, or its first `most` characters and a sign that there is more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def format_measure(field: Field, value: float, language: Language) -> str:
    """A number with the field's unit; one without a unit may be a year or a number of a house, and is not grouped."""
    if field.unit is None:
        plain = f"{value:.10g}" if isinstance(value, float) else str(value)
        return plain.replace(".", ",") if language == "vi" else plain
    return f"{format_number(value, language)}\u00a0{UNITS[field.unit].symbol}"


def format_number(value: float, language: Language, most_digits: int = 3) -> str:
    """A number in groups of three digits, with at most `most_digits` decimals: 1.250,5 or, in English, 1,250.5."""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.{most_digits}f}".rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text


def format_date(day: date, language: Language) -> str:
    """A day: 20/05/2012 in Vietnamese, 20 May 2012 in English."""
    if language == "vi":
        return f"{day.day:02}/{day.month:02}/{day.year}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_moment(moment: datetime, language: Language) -> str:
    """A day and the time on it, by the clocks of the city; a moment without a zone is taken as it stands."""
    here = moment if moment.tzinfo is None else move_to_city(moment)
    return f"{format_date(here, language)} {here.hour:02}:{here.minute:02}"


def move_to_city(moment: datetime) -> datetime:
    """The moment by the city's clocks; as it is where that falls out of the years there are."""
    try:
        return moment.astimezone(CITY_TIME)
    except OverflowError:
        return moment


def get_unit(field: Field) -> str:
    """The sign of the field's unit, empty for none."""
    return "" if field.unit is None else UNITS[field.unit].symbol
