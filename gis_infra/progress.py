"""Who is told how far a long piece of work is; all that takes long is given one."""

from collections.abc import Callable

# Told how many of how many steps are done; it raises if the work is to end.
Progress = Callable[[int, int], None]


def tell_nobody(done: int, total: int) -> None:
    """Tell nobody how far it is."""
