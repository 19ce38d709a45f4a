"""The report of imports as one HTML file to send on: nothing in it is fetched from anywhere, and nothing runs.

Vietnamese with English beside it, or one of the two. Whatever comes from the file is escaped.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from gis_infra.catalogue.definitions import Language, Title
from gis_infra.transfer.reporting.drawing import draw
from gis_infra.transfer.reporting.report import ImportReport, Problems, tell_use
from gis_infra.transfer.reporting.terminal import clean
from gis_infra.transfer.reporting.vietnamese import translate
from gis_infra.transfer.reporting.words import WORDS

TEMPLATES = Path(__file__).parent / "templates"
MOST_ROWS = 200  # told one by one
MOST_EXAMPLES = 3
BESIDE = Markup('{} <span class="en" lang="en">{}</span>')


def render(reports: Sequence[ImportReport], language: Language | None = None) -> str:
    """An HTML document on one import or several. language: one to keep to; None for Vietnamese with English beside."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clean=clean, number=show_number)
    environment.globals.update(
        word=lambda key: show(WORDS[key], language),
        title=partial(show, language=language),
        reason=partial(show_reason, language=language),
        draw=draw,
        tell_use=tell_use,
        most_rows=MOST_ROWS,
        most_examples=MOST_EXAMPLES,
    )
    return environment.get_template("report.html").render(reports=reports, language=language or "vi")


def show(title: Title, language: Language | None) -> str:
    """Words in one language, or Vietnamese with English beside, escaped."""
    if language is not None or title.vi == title.en:
        return clean(title.get_in(language or "vi"))
    return BESIDE.format(clean(title.vi), clean(title.en))


def show_reason(kind: Problems, language: Language | None) -> str:
    """Why rows were rejected; in English where there is no Vietnamese for it."""
    return show(Title(translate(kind.reason) or kind.reason, kind.reason), language)


def show_number(number: int) -> str:
    """A count with narrow spaces between thousands, which both languages read alike."""
    return f"{number:,}".replace(",", "\u202f")
