"""What is said to a person on the map, refusals and the importer's findings: in the language that `lang` asks for.

Programs, which name no language, get the words as they are. The options of the terminal are left out, for there is
none on a map.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from gis_infra.transfer.reporting.vietnamese import LONGEST, translate
from gis_infra.web.phrases import PHRASES

OPTION = re.compile(r"(?:; |, (?:or|which) |: say |, add )[^;:]*--[a-z][^;]*")
# Members of a document whose values are said, and those that are lists of what is said.
SAID = frozenset({"reason", "lands", "error", "words", "message", "crs_reason", "encoding_reason"})
LISTED = frozenset({"remarks", "notes", "warnings", "doubts"})


@dataclass(frozen=True)
class Told:
    """What is said to a person, and the language it is in."""

    words: str
    language: str


def say(words: str) -> str:
    """Words in the language this request asks for; as they are if it asks for none."""
    return tell(words, request.args.get("lang")).words


def tell(words: str, language: str | None) -> Told:
    """Words in a language, if they are known in it, else in English; as they are if no language is named."""
    if language not in ("vi", "en"):
        return Told(words, "en")
    said = translate_refusal(words) or translate(words) if language == "vi" else None
    return Told(OPTION.sub("", words), "en") if said is None else Told(said, "vi")


def translate_refusal(words: str) -> str | None:
    """What a room of the server refuses, in Vietnamese; None if it is not in its table."""
    if len(words) > LONGEST:
        return None
    for pattern, said in PHRASES.items():
        if match := re.fullmatch(pattern, words, re.DOTALL):
            return match.expand(said)
    return None


def say_all(value: Any) -> Any:
    """A document with all that is said in it in the language this request asks for."""
    if isinstance(value, Mapping):
        return {name: say_member(name, each) for name, each in value.items()}
    return [say_all(each) for each in value] if isinstance(value, list | tuple) else value


def say_member(name: str, value: Any) -> Any:
    """The value of a member of a document, said if the member is one of those."""
    if name in SAID and isinstance(value, str):
        return say(value)
    if name in LISTED and isinstance(value, list | tuple):
        return [say(each) if isinstance(each, str) else say_all(each) for each in value]
    return say_all(value)
