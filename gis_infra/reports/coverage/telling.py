"""What a run of coverage was and what it assumed, in words of both languages."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from gis_infra.analysis.coverage.runs.results import Reason
from gis_infra.analysis.coverage.standards.model import ServiceBook
from gis_infra.catalogue.definitions import Catalogue, Language, Title
from gis_infra.reports.coverage.words import COVERAGE_WORDS
from gis_infra.reports.features import to_titles

Words = dict[str, str]
JULY = 7

# By the part of a what if.
ASSUMED: Mapping[str, Title] = {
    "drawn": Title("vẽ thêm {count} cơ sở", "facilities drawn: {count}"),
    "layers": Title("thêm các đối tượng của lớp {names}", "the rows of {names} counted in"),
    "planned": Title("tính cả cơ sở quy hoạch", "planned facilities counted in"),
    "without": Title("bỏ {count} cơ sở (id {names})", "facilities counted out: {count} (id {names})"),
    "closed": Title("đóng {count} đoạn đường (id {names})", "streets closed: {count} (id {names})"),
    "closing": Title("đóng các đoạn đường cắt qua hình vẽ", "streets closed that cross what was drawn"),
}
MOST_NAMES = 10
# What files say of where a standard comes from in set words.
ORIGINS: Mapping[str, Title] = {
    "none": Title("", ""),
    "not seen": Title("chưa xem văn bản", "text not seen"),
    "from memory": Title("theo trí nhớ", "from memory"),
    "proposal of this program": Title("đề xuất của chương trình này", "proposal of this program"),
    "decision of the city": Title("quyết định của Thành phố", "decision of the city"),
}


def name_by_id(text: str) -> Words:
    """What has no title any more, by its id."""
    return {"vi": text, "en": text}


def name_method(method: str) -> Words:
    """What a method is called."""
    title = COVERAGE_WORDS.get(f"coverage.method.{method}")
    return name_by_id(method) if title is None else to_titles(title)


def name_demand(demand_id: str, book: ServiceBook) -> Words:
    """What a demand is called."""
    demand = book.demands.get(demand_id)
    return name_by_id(demand_id) if demand is None else to_titles(demand.title)


def list_levels(book: ServiceBook, catalogue: Catalogue) -> list[dict[str, Any]]:
    """The levels of units there are, the one that is taken unless another is asked for first."""
    units = book.units
    levels = [units.level, *(each for each in units.levels if each != units.level)]
    return [{"id": each, "title": name_level(each, book, catalogue)} for each in levels]


def name_level(level: str, book: ServiceBook, catalogue: Catalogue) -> Words:
    """What a level of units is called."""
    field = catalogue.get_layer(book.units.member.layer).get_field(book.units.level_field)
    return to_titles(field.codes[level]) if level in field.codes else name_by_id(level)


def name_period(period: str | None, first: datetime.date | None) -> Words | None:
    """What a period is called, by its first day; None for a run that belongs to no series."""
    if period is None or first is None:
        return None
    half = 1 if first.month < JULY else 2
    title = COVERAGE_WORDS[f"coverage.half_year_{half}" if period == "half_year" else f"coverage.{period}"]
    return {name: text.format(month=first.month, year=first.year) for name, text in to_titles(title).items()}


def tell_what_if(what_if: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """What a run assumes, by language; nothing where it assumes nothing."""
    told: dict[str, list[str]] = {"vi": [], "en": []}
    for name, title in ASSUMED.items():
        value = (what_if or {}).get(name)
        if not value:
            continue
        items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        names = ", ".join(name_assumed(each) for each in items[:MOST_NAMES])
        more = "…" if len(items) > MOST_NAMES else ""
        for language, text in to_titles(title).items():
            told[language].append(text.format(count=len(items), names=names + more))
    return told


def name_assumed(item: Any) -> str:
    """One thing assumed: a layer by its id, a row by its number."""
    return str(item.get("layer", "")) if isinstance(item, Mapping) else str(item)


def tell_counts(told: Mapping[str, float]) -> list[dict[str, Any]]:
    """What was found by the way, each count with its words."""
    return [{"key": key, "value": value, "title": name_count(key)} for key, value in told.items()]


def name_count(key: str) -> Words:
    """What a count says; one that has no words yet, as it is called."""
    title = COVERAGE_WORDS.get(f"coverage.told.{key}")
    return name_by_id(key.replace("_", " ")) if title is None else to_titles(title)


def tell_reasons(reasons: Sequence[Reason]) -> dict[str, list[str]]:
    """Why two runs differ, by language."""
    return {language: [each.words[language] for each in reasons] for language in ("vi", "en")}


def tell_origin(said: Mapping[str, Any], language: Language) -> str:
    """Where a standard or a target comes from: source, clause and legal basis, as far as there are any."""
    parts = (say_origin(str(said.get(name, "")), language) for name in ("source", "clause", "legal_basis"))
    return "; ".join(part for part in parts if part)


def say_origin(text: str, language: Language) -> str:
    """A part of an origin, with what its file says in set words as the reader says it; "" for none."""
    for words, title in ORIGINS.items():
        if text == words or text.startswith((f"{words} ", f"{words};", f"{words},")):
            return title.get_in(language) + text[len(words) :]
    return text
