"""Adds the process `echo`, which the official suite of Processes asks for, to every Python process of one run.

Python imports a module of this name at its start if it finds one; `tests.conformance.official` puts this folder before
all others for the server it starts, and for nobody else. The program itself has no such process.
"""

from collections.abc import Mapping

from gis_infra.catalogue.definitions import Title
from gis_infra.processes import registry
from gis_infra.processes.definitions import Context, Inputs, Outputs, Parameter, Process

WITHOUT_ECHO = registry.list_processes
TEXT = Parameter(Title(vi="Chữ", en="Text"), {"type": "string", "maxLength": 1000})


def run(inputs: Inputs, context: Context) -> Outputs:
    """The text of the inputs."""
    return {"text": inputs.get("text", "")}


ECHO = Process(
    id="echo",
    title=Title(vi="Nhắc lại", en="Echo"),
    description=Title(vi="Trả lại chữ đã gửi", en="Gives back the text it is given"),
    inputs={"text": TEXT},
    outputs={"text": TEXT},
    function=run,
    pace="short",
)


def list_processes() -> Mapping[str, Process]:
    """Every process of the program, and this one."""
    return {**WITHOUT_ECHO(), ECHO.id: ECHO}


registry.list_processes = list_processes
