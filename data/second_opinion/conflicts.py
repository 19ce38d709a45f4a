"""Every finding of every kind, as the plain oracle of the tests sees it: nothing of the program's analysis is in it."""

import datetime
from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from second_opinion.rows import Finding, Row
from tests.database.oracle.assets import Asset
from tests.database.oracle.book import Book, Rule
from tests.database.oracle.city import City

LAYERS = Path(__file__).resolve().parents[2] / "layers"
# Those in force where nobody sets others.
PACKS = ("qcvn01", "vn_cover", "vn_power", "vn_environment", "works", "overbuild", "data")
DAY = datetime.date(2026, 11, 23)


@cache
def read_rules() -> tuple[Book, tuple[Rule, ...]]:
    """The rule files and the rules in force, read once."""
    book = Book(LAYERS)
    return book, tuple(book.read_rules(PACKS, DAY))


def find_conflicts(rows: Iterable[Row], about: Collection[str] = ()) -> list[Finding]:
    """Everything that is not clear, ordered by rule and codes; of one layer the earlier row is the left side.

    about: codes; if there are any, only what is found about these.
    """
    book, rules = read_rules()
    assets = [Asset(row.layer, number, row.geometry, row.values) for number, row in enumerate(rows)]
    codes = {(asset.layer, asset.id): str(asset.values["asset_code"]) for asset in assets}

    def name(side: tuple[str, int]) -> tuple[str, str]:
        return side[0], codes[side]

    city = City(book, assets, rules, DAY)
    findings = city.find_about(each for each in assets if codes[each.key] in about) if about else city.find()
    found = [
        Finding(each.rule, name(each.left), name(each.right) if each.right else None, each.required,
                each.distance, each.severity)
        for each in findings
    ]  # fmt: skip
    return sorted(found, key=make_order)


def make_order(each: Finding) -> Any:
    """What findings are sorted by."""
    return each.rule, each.left, each.right or ("", ""), each.distance_m is None, each.distance_m or 0.0
