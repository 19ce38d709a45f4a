"""The language of an answer: `lang=` in the address, else what the browser prefers, else Vietnamese.

The map and what belongs to it do not ask the browser: most in the city were never told what their owners speak.
"""

from flask import request

from gis_infra.catalogue.definitions import Language

LANGUAGES = ("vi", "en")


def choose_language() -> Language:
    """The language of this request's answer; an unknown `lang` counts as none."""
    asked = request.args.get("lang", "")
    if asked not in LANGUAGES:
        asked = request.accept_languages.best_match(LANGUAGES, default="vi")
    return "en" if asked == "en" else "vi"


def choose_page_language() -> Language:
    """The language of a page beside the map, which opens in Vietnamese where its address says nothing."""
    return "en" if request.args.get("lang") == "en" else "vi"
