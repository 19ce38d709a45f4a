"""Reports and letters as HTML to print: one file that fetches nothing and runs nothing. Whatever is told is escaped."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gis_infra.catalogue.definitions import Catalogue, Language
from gis_infra.reports import numbers
from gis_infra.reports.clocks import CITY_TIME
from gis_infra.reports.words import WORDS

TEMPLATES = Path(__file__).parent / "templates"


def render_page(name: str, catalogue: Catalogue, language: Language, values: Mapping[str, Any]) -> str:
    """The page of a template, with the words of one language."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    speech = Speech(language, catalogue)
    environment.filters.update(
        metres=speech.show_metres,
        day=show_day,
        number=speech.show_number,
        share=speech.show_share,
        area=speech.show_area,
    )
    environment.globals.update(word=speech.word, title=speech.show_title, layer=speech.show_layer, language=language)
    return environment.get_template(name).render(**values)


class Speech:
    """Words, titles and numbers in one language."""

    def __init__(self, language: Language, catalogue: Catalogue) -> None:
        self.language = language
        self.catalogue = catalogue

    def word(self, key: str, **values: object) -> str:
        """The words of that key, with values put in their places."""
        return WORDS[key].get_in(self.language).format(**values)

    def show_title(self, titles: Mapping[str, str]) -> str:
        """A title of the JSON form, {vi, en}."""
        return titles[self.language]

    def show_layer(self, layer_id: str) -> str:
        """The title of a layer."""
        return self.catalogue.get_layer(layer_id).title.get_in(self.language)

    def show_metres(self, value: float | None) -> str:
        """A length in metres to the centimetre, or that it is not known; Vietnamese writes a decimal comma."""
        if value is None:
            return self.word("unknown")
        text = f"{value:.2f}"
        return f"{text.replace('.', ',') if self.language == 'vi' else text} m"

    def show_number(self, value: float | None, decimals: int = 0) -> str:
        """A number with marks at its thousands, "–" for none."""
        return numbers.show_number(value, self.language, decimals)

    def show_length(self, length_m: float | None) -> str:
        """A length of a network, "–" for none."""
        return numbers.show_length(length_m, self.language)

    def show_share(self, share: float | None) -> str:
        """A share as per cent, "–" for none."""
        return numbers.show_share(share, self.language)

    def show_area(self, area_m2: float | None) -> str:
        """An area in the unit that suits it, "–" for none."""
        return numbers.show_area(area_m2, self.language)


def show_day(value: str | datetime.date | None) -> str:
    """A day or moment as day/month/year, and the time where there is one, by the clocks of the city; "" for none.

    ISO text is read.
    """
    if not value:
        return ""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value) if "T" in value else datetime.date.fromisoformat(value)
    if isinstance(value, datetime.datetime):
        return f"{value.astimezone(CITY_TIME):%d/%m/%Y %H:%M}"
    return f"{value:%d/%m/%Y}"
