"""The keys of a file, owner and asset code, of which each may come but once.

They are kept as two independent 64-bit hashes and the number of the row, 20 bytes for a row however long its code; the
hashes are keyed with a secret of the process's own, so that nobody can prepare codes that collide. They stand in sorted
runs, and a run is merged with the one before it as soon as it is half as long, so that there are never many.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.uint32]
Marks = npt.NDArray[np.bool_]
BETWEEN = "\x00"  # no text of the database holds one, so "a" + "bc" is not "ab" + "c"
HASH_KEY_BYTES = 8  # as hex, the 16 letters the hash function asks for


@dataclass(frozen=True)
class Run:
    """Keys in the order of their first hash: both hashes and the row of each, counted from 1."""

    first: Hashes
    second: Hashes
    rows: Rows

    def take(self, chosen: npt.NDArray[np.intp] | Marks) -> "Run":
        """Some of them."""
        return Run(self.first[chosen], self.second[chosen], self.rows[chosen])

    def find(self, asked: "Run") -> Rows:
        """The row of each key asked for, 0 where it is not here."""
        found = np.zeros(len(asked.first), np.uint32)
        at = np.searchsorted(self.first, asked.first)
        undecided = np.arange(len(asked.first))
        while undecided.size:
            undecided = undecided[at[undecided] < len(self.first)]
            undecided = undecided[self.first[at[undecided]] == asked.first[undecided]]
            same = self.second[at[undecided]] == asked.second[undecided]
            found[undecided[same]] = self.rows[at[undecided[same]]]
            undecided = undecided[~same]  # two keys that share their first hash stand side by side
            at[undecided] += 1
        return found


def merge(one: Run, other: Run) -> Run:
    """The keys of both, in order."""
    first = np.concatenate([one.first, other.first])
    order = np.argsort(first, kind="stable")  # which merges what is sorted already
    both = Run(first, np.concatenate([one.second, other.second]), np.concatenate([one.rows, other.rows]))
    return both.take(order)


def make_hashing() -> Callable[[pa.Array], tuple[Hashes, Hashes]]:
    """A function from texts to two hashes each, which nobody can foretell."""
    return partial(hash_pair, (secrets.token_hex(HASH_KEY_BYTES), secrets.token_hex(HASH_KEY_BYTES)))


def hash_pair(keys: tuple[str, str], texts: pa.Array) -> tuple[Hashes, Hashes]:
    """A hash of each text by each key, which has 16 letters."""
    values = texts.to_numpy(zero_copy_only=False)
    first, second = (pd.util.hash_array(values, hash_key=key, categorize=False) for key in keys)
    return first, second


@dataclass
class Keys:
    """The keys met so far. hash_pair: texts -> two hashes each; made anew for every file."""

    hash_pair: Callable[[pa.Array], tuple[Hashes, Hashes]] = field(default_factory=make_hashing)
    runs: list[Run] = field(default_factory=list)

    def add(self, owners: pa.Array, codes: pa.Array, rows: Rows) -> Rows:
        """Take more keys; for each the row at which it came before, 0 if it is new.

        rows: their numbers, ascending. Neither owners nor codes have nulls.
        """
        asked = Run(*self.hash_pair(join(owners, codes)), rows)
        before = np.zeros(len(rows), np.uint32)
        for run in self.runs:
            before = np.maximum(before, run.find(asked))
        order = np.lexsort((asked.rows, asked.second, asked.first))
        ordered = asked.take(order)
        leader = find_leaders(ordered)
        within = np.zeros(len(rows), np.uint32)
        within[order] = np.where(leader == np.arange(len(rows)), 0, ordered.rows[leader])
        before = np.where(before, before, within)
        self.append(ordered.take(before[order] == 0))
        return before

    def append(self, run: Run) -> None:
        """Put a run beside the others, and merge what became too many."""
        self.runs.append(run)
        while len(self.runs) > 1 and len(self.runs[-2].rows) <= 2 * len(self.runs[-1].rows):
            last = self.runs.pop()
            self.runs.append(merge(self.runs.pop(), last))


def find_leaders(ordered: Run) -> npt.NDArray[np.intp]:
    """For each key in order, where the first one equal to it stands."""
    size = len(ordered.rows)
    starts = np.ones(size, bool)
    starts[1:] = (ordered.first[1:] != ordered.first[:-1]) | (ordered.second[1:] != ordered.second[:-1])
    leaders: npt.NDArray[np.intp] = np.maximum.accumulate(np.where(starts, np.arange(size), 0))
    return leaders


def join(owners: pa.Array, codes: pa.Array) -> pa.Array:
    """Owner and code as one text each, alike only where both are."""
    return pc.binary_join_element_wise(owners, codes, BETWEEN)
