"""Functions over arrays as machine code: loops that say what is done to one feature, as fast as if they were in C.

They are compiled for the types they name when their module is first imported, never while somebody waits for an answer,
and kept beside it or, where nothing can be written there, in the user's cache; where neither can be, each process
compiles them anew. While they run, other threads do, too.

What is kept is held to be right as long as the file of the function is the same. So such a function calls none of
another file, and of constants of other files it takes only those that are the same for ever.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

import numba

log = logging.getLogger(__name__)

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(signature: str) -> Callable[[Function], Function]:
    """A decorator. signature: the types of the result and of the arguments, as Numba writes them."""
    return partial(compile_function, signature)


def compile_function(signature: str, function: Function) -> Function:
    """The function as machine code, which is kept if it can be."""
    try:
        return compile_one(signature, function, is_kept=True)
    except RuntimeError as error:
        log.info("%s is compiled anew at each start: %s", function.__name__, error)
        return compile_one(signature, function, is_kept=False)


def compile_one(signature: str, function: Function, *, is_kept: bool) -> Function:
    """The function as machine code. Raises RuntimeError where it cannot be kept and is to be."""
    # A number by zero is infinite, as it is in arrays.
    return cast(Function, numba.njit(signature, cache=is_kept, nogil=True, error_model="numpy")(function))
