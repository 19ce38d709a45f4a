"""Commands that can be stopped half way: SIGTERM ends them as Ctrl-C does, by KeyboardInterrupt.

So what is under way is undone and its temporary files are put away. While that happens further signals are not heard.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130  # the exit code shells know for a command that was ended by Ctrl-C
HEARD = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stoppable() -> Iterator[None]:
    """Run a block that the first SIGINT or SIGTERM ends with KeyboardInterrupt; in the main thread only."""
    before = {number: signal.signal(number, interrupt) for number in HEARD}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt(number: int, frame: FrameType | None) -> None:
    """End what is under way. Raises KeyboardInterrupt."""
    for each in HEARD:
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt
