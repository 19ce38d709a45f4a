"""The list of processes, and the one way to run one; the command line and the web both come through here."""

from collections.abc import Mapping

from gis_infra.errors import InvalidParameter, UnknownProcess
from gis_infra.processes import conflicts, coverage, importing, undoing, works_check
from gis_infra.processes.definitions import Context, Inputs, Outputs, Process
from gis_infra.processes.fitting import require_fit


def list_processes() -> Mapping[str, Process]:
    """Every process by its id."""
    rooms = (conflicts, coverage, importing, undoing, works_check)
    return {each.id: each for each in (room.PROCESS for room in rooms)}


def get_process(process_id: str) -> Process:
    """The process with that id. Raises UnknownProcess, which lists what there is."""
    processes = list_processes()
    if process_id not in processes:
        known = ", ".join(processes)
        raise UnknownProcess(f"there is no process {process_id!r}; there are {known}", where=process_id)
    return processes[process_id]


def run(process_id: str, inputs: Inputs, context: Context) -> Outputs:
    """The outputs of a process.

    Raises UnknownProcess, InvalidParameter for inputs that do not fit, and what the process raises itself.
    """
    process = get_process(process_id)
    require_inputs(process, inputs)
    return process.function(inputs, context)


def require_inputs(process: Process, inputs: Inputs) -> None:
    """Return if every input is known, given where it must be, and fits its schema. Raises InvalidParameter."""
    for name in inputs:
        if name not in process.inputs:
            known = ", ".join(process.inputs)
            raise InvalidParameter(f"{process.id} has no input {name!r}; it has {known}", where=name)
    for name, parameter in process.inputs.items():
        if name not in inputs:
            if parameter.required:
                raise InvalidParameter(f"{process.id} needs the input {name!r}", where=name)
            continue
        require_fit(name, inputs[name], parameter.schema)
