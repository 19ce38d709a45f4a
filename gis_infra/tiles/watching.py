"""The state of what a layer shows, read anew for whoever asks, but once for all who ask at the same time.

An answer is never older than its question: who comes while another's look is under way does not take what that one sees
but waits for the next look, with everybody else who came meanwhile. So tiles that are kept cost a busy process few
looks, and are right all the same.
"""

import threading
from collections.abc import Callable

from gis_infra.features.state import LayerState


class Watch:
    """Looks at one layer's state; safe to use from several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._begun = 0
        self._seen = 0  # the latest look that came to an end
        self._is_looking = False
        self._state = LayerState(0, None)

    def look(self, read: Callable[[], LayerState]) -> LayerState:
        """The state as `read` tells it in a call that begins after this one, here or in another thread.

        Raises what `read` does, if it is called here.
        """
        with self._changed:
            wanted = self._begun + 1
            while self._is_looking and self._seen < wanted:
                self._changed.wait()
            if self._seen >= wanted:
                return self._state
            self._begun += 1
            self._is_looking, number = True, self._begun
        return self._lead(read, number)

    def _lead(self, read: Callable[[], LayerState], number: int) -> LayerState:
        found: LayerState | None = None
        try:
            found = read()
            return found
        finally:
            with self._changed:
                self._is_looking = False
                if found is not None:
                    self._seen, self._state = number, found
                self._changed.notify_all()
