"""What a process is: a long job with described inputs and outputs, run for somebody."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Engine

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue, Title
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import NotPermitted, SignInNeeded
from gis_infra.progress import Progress, tell_nobody
from gis_infra.reports.clocks import CITY_TIME
from gis_infra.settings import Settings

Inputs = Mapping[str, Any]
Outputs = dict[str, Any]
Pace = Literal["short", "long"]


@dataclass(frozen=True)
class Context:
    """For whom a process runs, and on what.

    progress: told how many of how many are done; it raises if the process is to end. folder: where files that the
    process makes for its caller are kept until the job expires, None if there is no job.
    """

    engine: Engine
    settings: Settings
    catalogue: Catalogue
    tables: LayerTables
    actor: Actor
    progress: Progress = tell_nobody
    folder: Path | None = None


def no_objection(inputs: Inputs, context: Context) -> None:
    """Nothing stands against running a process."""


@dataclass(frozen=True)
class Parameter:
    """One input or output: its title and its JSON Schema."""

    title: Title
    schema: Mapping[str, Any]
    required: bool = False


@dataclass(frozen=True)
class Process:
    """What can be run. `function` takes inputs that fit their schemas, and returns what JSON can hold.

    check: raises what can be told before a job waits in the queue: who may not, what is not there. pace: a short one is
    answered at once, or by a job if that is preferred; a long one is always a job.
    """

    id: str
    title: Title
    description: Title
    inputs: Mapping[str, Parameter]
    outputs: Mapping[str, Parameter]
    function: Callable[[Inputs, Context], Outputs]
    check: Callable[[Inputs, Context], None] = no_objection
    pace: Pace = "long"


def require_admin(actor: Actor, what: str) -> None:
    """Return if an actor administers the city. Raises SignInNeeded, NotPermitted, which say what they may not do."""
    if actor.is_anonymous:
        raise SignInNeeded(f"sign in to {what}")
    if not actor.is_admin():
        raise NotPermitted(f"only an administrator may {what}")


def read_clock() -> datetime.datetime:
    """This moment by the city's clocks; which rules are in force, and which units there are, goes by its day."""
    return datetime.datetime.now(CITY_TIME)
