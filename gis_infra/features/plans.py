"""How PostgreSQL may go about the short statements of pages and tiles."""

from sqlalchemy import Connection, func, select

# Starting parallel workers or a compiler takes longer than a page or a tile of some milliseconds, and takes the other
# cores from other requests. Measured on two cores: a page of 1,000 in a box 66 ms with a worker, 14 ms without.
PLAIN_PLANS = {"max_parallel_workers_per_gather": "0", "jit": "off"}


def prefer_plain(connection: Connection) -> None:
    """Let the statements of this transaction, from here on, run in one process and uncompiled."""
    connection.execute(select(*(func.set_config(name, value, True) for name, value in PLAIN_PLANS.items())))
