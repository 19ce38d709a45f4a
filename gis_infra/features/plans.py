"""How PostgreSQL may go about the short statements of pages and tiles."""

from collections.abc import Mapping

from sqlalchemy import Connection

from gis_infra.storage.transactions import LIMIT, PARAMETERS, require_time, set_parameters

# Starting parallel workers or a compiler takes longer than a page or a tile of some milliseconds, and takes the other
# cores from other requests. Measured on two cores: a page of 1,000 in a box 66 ms with a worker, 14 ms without.
PLAIN_PLANS = {"max_parallel_workers_per_gather": "0", "jit": "off"}
JUST_BEGUN = 0.9


def prefer_plain(connection: Connection) -> None:
    """Let the statements of this transaction, from here on, run in one process and uncompiled.

    Together they may take what is left of its time, so that a request of several statements has one limit. Nothing is
    said anew to a transaction that was begun with PLAIN_PLANS just now. Raises BusyError if nothing is left.
    """
    left_s = require_time(connection)
    if left_s is not None and is_begun_so(connection, left_s):
        return
    limits = {} if left_s is None else {"statement_timeout": to_milliseconds(left_s)}
    prefer(connection, {**PLAIN_PLANS, **limits})


def prefer(connection: Connection, wanted: Mapping[str, str]) -> None:
    """Give settings of the database these values for the rest of the transaction."""
    set_parameters(connection, wanted)


def is_begun_so(connection: Connection, left_s: float) -> bool:
    """Whether the transaction was begun with PLAIN_PLANS, and with a time limit that is still about what is left."""
    known = connection.get_execution_options()
    set_already = known.get(PARAMETERS, {}).items()
    return bool(PLAIN_PLANS.items() <= set_already and left_s > JUST_BEGUN * known[LIMIT])


def to_milliseconds(seconds: float) -> str:
    """A time limit as the database takes it; never none."""
    return str(max(1, round(seconds * 1000)))
