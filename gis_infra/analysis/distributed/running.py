"""One run over several cities at once, each with a register of its own; what befalls one does not befall the others.

Each city has a thread here that holds its transactions and waits; the work is done by the workers of the scheduler.
"""

import datetime
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from distributed import Client
from sqlalchemy import Engine, select

from gis_infra.accounts.actor import Actor
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.distributed.finding import MOST_ASSETS, Workers
from gis_infra.analysis.distributed.scheduler import connected, require_secrecy
from gis_infra.analysis.distributed.source import City
from gis_infra.analysis.rules.model import RuleBook
from gis_infra.analysis.runs.orders import RunOrder, RunReport
from gis_infra.analysis.runs.running import run_conflicts
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import build_tables
from gis_infra.errors import GisInfraError, StorageError
from gis_infra.storage import faults, schema
from gis_infra.storage.engine import make_engine
from gis_infra.storage.tables import CITY

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class CitiesOrder:
    """What is asked of every city: by whom, which packs, as of when.

    keeps_up: whether the packs are all that the registers are kept up with. most: assets of one partition.
    tell: told a city's name, how many of its partitions are done, and how many there are; by several threads.
    """

    actor: Actor
    packs: tuple[str, ...]
    now: datetime.datetime
    tell: Tell
    keeps_up: bool = False
    most: int = MOST_ASSETS


@dataclass(frozen=True)
class Outcome:
    """What became of one city: the report of its run, or why there is none; its register is then as it was."""

    city: str
    report: RunReport | None
    problem: str = ""


@dataclass(frozen=True)
class Hands:
    """What the threads of all cities share."""

    client: Client
    stop: threading.Event
    book: RuleBook
    catalogue: Catalogue


def run_cities(
    address: str, cities: Sequence[City], book: RuleBook, catalogue: Catalogue, order: CitiesOrder
) -> list[Outcome]:
    """What became of each city, in their order.

    address: of the dask scheduler. Interrupted, every city that is not done is left as it was.
    Raises InvalidParameter for an address that is none or that a password must not go to, StorageError when no
    scheduler answers there.
    """
    require_secrecy(address, cities)
    with connected(address) as client, ThreadPoolExecutor(max_workers=len(cities)) as threads:
        hands = Hands(client, threading.Event(), book, catalogue)
        try:
            waiting = [threads.submit(run_city, city, hands, order) for city in cities]
            return [each.result() for each in waiting]
        except BaseException:  # Ctrl-C, too: the pool waits for its threads, and they end only when told to
            hands.stop.set()
            raise


def run_city(city: City, hands: Hands, order: CitiesOrder) -> Outcome:
    """The run of one city; what the program refuses or cannot do becomes its outcome."""
    engine = make_engine(city.url)
    workers = Workers(hands.client, hands.stop, lambda done, of: order.tell(city.name, done, of), order.most)
    ordered = RunOrder(order.actor, order.packs, order.now, keeps_up=order.keeps_up)
    try:
        ground = Ground(hands.book, hands.catalogue, build_tables(hands.catalogue, read_srid(engine)))
        return Outcome(city.name, run_conflicts(engine, ground, ordered, workers.find))
    except GisInfraError as error:
        return Outcome(city.name, None, error.message)
    finally:
        engine.dispose()


def read_srid(engine: Engine) -> int:
    """The coordinate system a city's database was made for. Raises StorageError if it is not one of this program."""
    state = schema.get_state(engine)
    if not state.is_current:
        raise StorageError(
            f"its database is at revision {state.current or 'none'}, and this program needs {state.wanted}: "
            "run `gis-infra database upgrade` there"
        )
    with faults.translated(), engine.connect() as connection:
        srid: int = connection.execute(select(CITY.c.srid)).scalar_one()
        return srid
