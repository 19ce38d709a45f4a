"""How PostgreSQL may go about the short statements of pages and tiles."""

from sqlalchemy import Connection, func, select

from gis_infra.storage.transactions import require_time

# Starting parallel workers or a compiler takes longer than a page or a tile of some milliseconds, and takes the other
# cores from other requests. Measured on two cores: a page of 1,000 in a box 66 ms with a worker, 14 ms without.
PLAIN_PLANS = {"max_parallel_workers_per_gather": "0", "jit": "off"}


def prefer_plain(connection: Connection) -> None:
    """Let the statements of this transaction, from here on, run in one process and uncompiled.

    Together they may take what is left of its time, so that a request of several statements has one limit.
    Raises BusyError if nothing is left.
    """
    left_s = require_time(connection)
    limits = {} if left_s is None else {"statement_timeout": str(max(1, round(left_s * 1000)))}
    wanted = {**PLAIN_PLANS, **limits}
    connection.execute(select(*(func.set_config(name, value, True) for name, value in wanted.items())))
