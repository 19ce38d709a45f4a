"""Where a partition of a city is read, and by which rules it is checked: what travels from the client to a worker."""

import datetime
import re
from dataclasses import dataclass, field

from sqlalchemy import URL

from gis_infra.analysis.distributed.halos import Halos
from gis_infra.analysis.rules.model import Rule, RuleBook
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.errors import InvalidParameter, SettingError
from gis_infra.storage.engine import parse_url

CITY = re.compile(r"(?P<name>[\w .-]{1,60})=(?P<url>.+)")
WHERE = "--city"


@dataclass(frozen=True)
class City:
    """A city and the address of its database, which is never shown: it may hold a password."""

    name: str
    url: URL = field(repr=False)


@dataclass(frozen=True)
class Snapshot:
    """One moment of a city's database; it can be seen as long as the transaction lasts that told its id."""

    url: str = field(repr=False)
    id: str


@dataclass(frozen=True)
class Work:
    """What every partition of one city's run has in common.

    asked: the same for all runs, of whatever city, that look at the same layers by the same rules; what was prepared
    for one does for another. run: names the run. program: version that must check it.
    """

    asked: str
    run: str = field(compare=False)
    program: str = field(compare=False)
    snapshot: Snapshot = field(compare=False)
    srid: int = field(compare=False)
    catalogue: Catalogue = field(compare=False)
    book: RuleBook = field(compare=False)
    rules: tuple[Rule, ...] = field(compare=False)
    halos: Halos = field(compare=False)
    limit: datetime.timedelta = field(compare=False)

    def __dask_tokenize__(self) -> str:
        """What dask names the results by."""
        return self.run


def parse_city(text: str) -> City:
    """A city as the command line names it: NAME=DATABASE_URL.

    Raises InvalidParameter, which never repeats the text: the address may hold a password.
    """
    found = CITY.fullmatch(text)
    if found is None:
        raise InvalidParameter("a city is NAME=DATABASE_URL, as Huế=postgresql://user@host/name", where=WHERE)
    try:
        return City(found["name"].strip(), parse_url(found["url"]))
    except SettingError:
        words = f"the database of {found['name'].strip()!r} is not an address like postgresql://user@host/name"
        raise InvalidParameter(words, where=WHERE) from None
