"""What is said of a file on the command line, from options that are repeated: NAME=value and the like."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from gis_infra.errors import GisInfraError, InvalidParameter
from gis_infra.transfer.request import Reading


def parse_reading(options: Mapping[str, Any]) -> Reading:
    """What is said of how a file is to be read.

    options: as click hands them over, by the names the import command gives them. Raises InvalidParameter.
    """
    encoding, encodings = parse_encodings(options["encoding"])
    return Reading(
        crs=options["crs"],
        swap_xy=options["swap_xy"],
        accept_guess=options["accept_guess"],
        encoding=encoding,
        encodings=encodings,
        mapping=parse_pairs(options["mapping"], "map", "COLUMN=field"),
        units=parse_pairs(options["units"], "unit", "COLUMN=unit"),
        codes=parse_codes(options["codes"]),
        bare_geometry=options["bare_geometry"],
    )


def parse_pairs(texts: Sequence[str], name: str, form: str) -> dict[str, str]:
    """Column -> value of each COLUMN=value. name: of the option. Raises InvalidParameter for what is no pair."""
    pairs: dict[str, str] = {}
    for text in texts:
        column, sign, value = text.partition("=")
        if not sign or not column:
            raise InvalidParameter(f"--{name} takes {form}, got {text!r}", where=name)
        if pairs.setdefault(column, value) != value:
            raise InvalidParameter(f"--{name} says two things of {column}: {pairs[column]!r} and {value!r}", where=name)
    return pairs


def parse_encodings(texts: Sequence[str]) -> tuple[str | None, dict[str, str]]:
    """The encoding of all text, and column -> encoding of those said to differ. Raises InvalidParameter."""
    everywhere = [text for text in texts if "=" not in text]
    if len(everywhere) > 1:
        message = f"--encoding names one encoding for all text, got {' and '.join(everywhere)}; or COLUMN=NAME"
        raise InvalidParameter(message, where="encoding")
    columns = parse_pairs([text for text in texts if "=" in text], "encoding", "NAME or COLUMN=NAME")
    return (everywhere[0] if everywhere else None), columns


def parse_codes(texts: Sequence[str]) -> dict[str, dict[str, str]]:
    """Column -> value -> code of each COLUMN:VALUE=code. Raises InvalidParameter."""
    codes: dict[str, dict[str, str]] = {}
    for text in texts:
        before, sign, code = text.rpartition("=")  # a value may have one, a code has none
        column, colon, value = before.partition(":")
        if not sign or not colon or not column:
            raise InvalidParameter(f"--code takes COLUMN:VALUE=code, got {text!r}", where="code")
        codes.setdefault(column, {})[value] = code
    return codes


@contextmanager
def options_named(command: click.Command) -> Iterator[None]:
    """Run a block; what a refusal says of a parameter is said of the option, as it is typed: "--crs", not "crs"."""
    names = {name for each in command.params for name in each.opts}
    try:
        yield
    except GisInfraError as error:
        if f"--{error.where}" in names:
            error.where = f"--{error.where}"
        raise
