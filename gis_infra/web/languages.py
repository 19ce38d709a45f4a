"""The language of an answer: `lang=` in the address, else what the browser prefers, else Vietnamese."""

from flask import request

from gis_infra.catalogue.definitions import Language

LANGUAGES = ("vi", "en")


def choose_language() -> Language:
    """The language of this request's answer; an unknown `lang` counts as none."""
    asked = request.args.get("lang", "")
    if asked not in LANGUAGES:
        asked = request.accept_languages.best_match(LANGUAGES, default="vi")
    return "en" if asked == "en" else "vi"
