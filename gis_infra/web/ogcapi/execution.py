"""The request to run a process, as a value. Source: OGC 18-062r2, clause 7.11 and schema execute.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast

import orjson
from flask import request

from gis_infra.errors import InvalidParameter
from gis_infra.processes.definitions import Context, Inputs, Process
from gis_infra.processes.jobs.callbacks import parse_subscriber
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services

Form = Literal["document", "raw"]

FORMS: tuple[Form, ...] = ("document", "raw")
MODES = ("value", "reference")
# What may stand around a value. Source: schema qualifiedInputValue.yaml.
QUALIFIERS = frozenset({"value", "mediaType", "encoding", "schema", "format"})
ASYNC = "respond-async"


@dataclass(frozen=True)
class Execution:
    """What is wanted of a process.

    outputs: their names. by_link: those of them that are answered by a link. form: how they are answered.
    subscriber: addresses that are told what becomes of a job, by event.
    """

    inputs: Inputs
    outputs: tuple[str, ...]
    by_link: tuple[str, ...]
    form: Form
    subscriber: Mapping[str, str]

    @property
    def wanted(self) -> dict[str, Any]:
        """What a job keeps of it besides the inputs."""
        told = {"outputs": list(self.outputs), "form": self.form, "subscriber": dict(self.subscriber)}
        return {**told, **({"by_link": list(self.by_link)} if self.by_link else {})}


def make_context() -> Context:
    """For whom this request runs a process, and on what."""
    services = get_services()
    return Context(services.engine, services.settings, services.catalogue, services.tables, get_actor())


def prefers_job() -> bool:
    """Whether the caller would rather have a job than wait. Source: RFC 7240 clause 4.1."""
    given = ",".join(request.headers.getlist("Prefer"))
    return any(part.split(";")[0].strip().lower() == ASYNC for part in given.split(","))


def read_execution(process: Process) -> Execution:
    """What the body of this request wants of `process`. Raises InvalidParameter, which names the member."""
    body = read_body()
    inputs = require_object(body, "inputs")
    asked = require_object(body, "outputs")
    return Execution(
        {name: unwrap(process, name, value) for name, value in inputs.items()},
        parse_outputs(process, asked),
        tuple(name for name, about in asked.items() if get_mode(name, about) == "reference"),
        parse_form(body.get("response", FORMS[0])),
        parse_subscriber(body.get("subscriber", {}), get_services().settings.callback_hosts),
    )


def read_body() -> Mapping[str, Any]:
    """The JSON object in the body; an empty body is an empty one. Raises InvalidParameter."""
    content = request.get_data()
    try:
        body = orjson.loads(content) if content.strip() else {}
    except orjson.JSONDecodeError as error:
        raise InvalidParameter(f"the body is not JSON: {error.msg} (line {error.lineno})", where="body") from error
    if not isinstance(body, dict):
        raise InvalidParameter('the body must be an object like {"inputs": {...}}', where="body")
    return body


def require_object(body: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    """A member of the body that is an object, empty if it is not there. Raises InvalidParameter."""
    value = body.get(member, {})
    if not isinstance(value, dict):
        raise InvalidParameter(f"{member} must be an object, got {type(value).__name__}", where=member)
    return value


def unwrap(process: Process, name: str, value: Any) -> Any:
    """The value of an input, which may stand in an object with its media type. Raises InvalidParameter for a link.

    An object that is an input itself is taken out of {"value": {...}} too: the standard wants it wrapped, and plain is
    taken as well.
    """
    if not isinstance(value, dict):
        return value
    schema = process.inputs[name].schema if name in process.inputs else {}
    if "href" in value and schema.get("type") != "object":
        raise InvalidParameter(f"{name} must be given by value; links are not followed here", where=name)
    is_wrapped = "value" in value and QUALIFIERS.issuperset(value)
    if is_wrapped and (schema.get("type") != "object" or isinstance(value["value"], dict)):
        return value["value"]
    return value


def parse_outputs(process: Process, asked: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the outputs wanted; all of them if none is named. Raises InvalidParameter."""
    for name, about in asked.items():
        if name not in process.outputs:
            known = ", ".join(process.outputs)
            raise InvalidParameter(f"{process.id} has no output {name[:40]!r}; it has {known}", where="outputs")
        if get_mode(name, about) not in MODES:
            raise InvalidParameter(f"{name}: transmissionMode must be one of {', '.join(MODES)}", where="outputs")
    return tuple(asked) or tuple(process.outputs)


def get_mode(name: str, about: Any) -> str:
    """How an output is wanted: by value unless something else is said. Raises InvalidParameter."""
    if not isinstance(about, dict):
        raise InvalidParameter(f"{name}: an output is asked for by an object", where="outputs")
    return str(about.get("transmissionMode", MODES[0]))


def parse_form(asked: Any) -> Form:
    """How outputs are answered. Raises InvalidParameter."""
    if asked not in FORMS:
        raise InvalidParameter(f"response must be one of {', '.join(FORMS)}, got {str(asked)[:40]!r}", where="response")
    return cast(Form, asked)
