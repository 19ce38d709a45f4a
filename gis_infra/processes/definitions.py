"""What a process is: a long job with described inputs and outputs, run for somebody."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue, Title
from gis_infra.catalogue.tables import LayerTables
from gis_infra.settings import Settings

Inputs = Mapping[str, Any]
Outputs = dict[str, Any]


@dataclass(frozen=True)
class Context:
    """For whom a process runs, and on what."""

    engine: Engine
    settings: Settings
    catalogue: Catalogue
    tables: LayerTables
    actor: Actor


@dataclass(frozen=True)
class Parameter:
    """One input or output: its title and its JSON Schema."""

    title: Title
    schema: Mapping[str, Any]
    required: bool = False


@dataclass(frozen=True)
class Process:
    """A long job. `function` takes inputs that fit their schemas, and returns what JSON can hold."""

    id: str
    title: Title
    description: Title
    inputs: Mapping[str, Parameter]
    outputs: Mapping[str, Parameter]
    function: Callable[[Inputs, Context], Outputs]


def read_clock() -> datetime.datetime:
    """This moment in the machine's time zone; which rules are in force goes by its day."""
    return datetime.datetime.now().astimezone()
