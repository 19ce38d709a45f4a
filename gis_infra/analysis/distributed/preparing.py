"""What a worker makes once for many partitions: tables, rules and statements of the layers they have.

Making them takes longer than looking at a small partition. What a process keeps here changes no answer.
"""

from collections.abc import Set
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sqlalchemy.util import LRUCache

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.distributed.source import Work
from gis_infra.analysis.rules.model import RuleBook
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import build_tables

KEPT = 16  # by what is asked and by set of layers
KEPT_STATEMENTS = 1000


@dataclass(frozen=True)
class Prepared:
    """What the engine looks at, as far as some layers go, and the text of statements it has asked."""

    ground: Ground
    statements: LRUCache[Any, Any] = field(default_factory=lambda: LRUCache(KEPT_STATEMENTS), repr=False)


@lru_cache(maxsize=KEPT)
def prepare(work: Work, layers: frozenset[str]) -> Prepared:
    """What is looked at as far as the layers go; no rule finds anything of those left out, so nothing is asked."""
    catalogue = narrow_catalogue(work.catalogue, layers)
    return Prepared(Ground(narrow_book(work.book, layers), catalogue, build_tables(catalogue, work.srid)))


def narrow_catalogue(catalogue: Catalogue, layers: Set[str]) -> Catalogue:
    """The catalogue without other layers."""
    return replace(catalogue, layers={name: each for name, each in catalogue.layers.items() if name in layers})


def narrow_book(book: RuleBook, layers: Set[str]) -> RuleBook:
    """The rules' classes without parts of other layers; the order of the rest stays."""
    classes = {
        name: replace(each, members=tuple(member for member in each.members if member.layer in layers))
        for name, each in book.classes.items()
    }
    return replace(book, classes=classes)
