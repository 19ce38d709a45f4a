"""How a process deals with its memory: what stays is not looked through, what one answer gave back serves the next.

The C library hands freed memory back to the system at once where it was a large piece, and takes it anew for the next
page, whose every 4 kB the system then clears first: of a page of 1,000 features, 1.2 MB, that took this process a third
of its time.
"""

import ctypes
import gc

# Source: mallopt(3), malloc.h of glibc.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
MEGABYTE = 1024 * 1024
# As much as the library lets a piece be that comes from the memory a process holds; a page passes through some 6 MB.
LARGEST_PIECE = 32 * MEGABYTE
MOST_KEPT = 16 * MEGABYTE
# Places a process takes memory from; each keeps as much. The interpreter runs one thread at a time, so few will do.
PLACES = 2


def keep_freed() -> bool:
    """Keep up to `MOST_KEPT` of freed memory in each place; false where the C library knows no such thing."""
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    options = {M_MMAP_THRESHOLD: LARGEST_PIECE, M_TRIM_THRESHOLD: MOST_KEPT, M_ARENA_MAX: PLACES}
    taken = [set_option(name, value) for name, value in options.items()]
    return all(taken)


def set_apart() -> None:
    """Let the interpreter's search for garbage pass over all there is by now.

    It stops the process to look through every object: the 170 ms that took, after some 200 short pages each time, were
    a quarter of what these cost.
    """
    gc.collect()
    gc.freeze()
