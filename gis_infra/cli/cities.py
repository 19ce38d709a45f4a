"""What `gis-infra conflicts run` is told of cities and workers; dask itself is loaded only when it is asked for."""

from collections.abc import Callable, Mapping
from typing import Any

import click

from gis_infra.errors import InvalidParameter, SettingError

PACKAGES = ("dask", "distributed", "dask_geopandas")
OPTIONS = (
    click.option("--dask", metavar="ADDRESS", help="Let the workers of this dask scheduler look, as tcp://host:port."),
    click.option(
        "--city",
        "cities",
        multiple=True,
        metavar="NAME=DATABASE_URL",
        help="With --dask: a city to check; may be given again. Default: this one.",
    ),
    click.option(
        "--most",
        type=click.IntRange(1, 10_000_000),
        default=20_000,
        show_default=True,
        help="With --dask: most assets of the part of a city that a worker takes on.",
    ),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def are_asked(told: Mapping[str, Any]) -> bool:
    """Whether workers are to look. told: the options by name. Raises InvalidParameter for cities without workers."""
    if told["cities"] and told["dask"] is None:
        raise InvalidParameter("--city needs --dask, which says whose workers look", where="--city")
    return told["dask"] is not None


def run(told: Mapping[str, Any], rules: tuple[str, ...], others: Mapping[str, object]) -> None:
    """Check the cities, say what became of each, and end with exit code 1 if one could not be checked.

    rules: packs; none: those of the settings. others: options that have no meaning here, by their names.
    Raises InvalidParameter if one of these is given, SettingError where dask is not installed.
    """
    for name, value in others.items():
        if value:
            raise InvalidParameter(f"{name} does not go with --dask: workers look at whole cities", where=name)
    try:
        from gis_infra.cli import conflicts_dask
    except ModuleNotFoundError as error:
        if error.name not in PACKAGES:
            raise
        raise SettingError("--dask needs dask: pip install 'gis-infra[dask]'", where="--dask") from error
    conflicts_dask.run(conflicts_dask.DaskOptions(told["dask"], told["cities"], rules, told["most"]))
