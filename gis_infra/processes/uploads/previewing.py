"""What is in an upload, found out by a process of its own, once, and kept beside the upload."""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import orjson

from gis_infra.errors import InvalidSource
from gis_infra.processes import limits
from gis_infra.processes.uploads import store
from gis_infra.processes.uploads.store import Upload
from gis_infra.settings import ROOT, Settings
from gis_infra.storage.locks import hold_lock

OUTCOME = "inspection.json"
AT_ONCE = 2  # on one machine
TURN_LIMIT_S = 30.0
READ_LIMIT_S = 60.0
MOST_CPU_S = 120
MOST_MEMORY_MB = 4000
MOST_FILE_MB = 4000


def preview(settings: Settings, upload: Upload, layer_ids: Collection[str]) -> list[dict[str, Any]]:
    """The layers of an upload, each as `inspect` tells of it, with `sample`, its first features as GeoJSON.

    layer_ids: of the layers that may be suggested. Raises InvalidSource if it cannot be read, BusyError when others are
    at it for longer than half a minute.
    """
    known = ",".join(sorted(layer_ids))
    folder = settings.uploads / upload.id
    outcome = read_outcome(folder, known)
    if outcome is None:
        with hold_lock(settings.uploads / f".reading-{uuid.UUID(upload.id).int % AT_ONCE}", TURN_LIMIT_S):
            outcome = read_outcome(folder, known) or find_out(settings, upload, known)
    if "problem" in outcome:
        raise InvalidSource(outcome["problem"], where=outcome["where"])
    layers: list[dict[str, Any]] = outcome["layers"]
    return layers


def read_outcome(folder: Path, known: str) -> dict[str, Any] | None:
    """What was found before, with the same layers to suggest; None if nobody looked yet."""
    try:
        outcome: dict[str, Any] = orjson.loads((folder / OUTCOME).read_bytes())
    except FileNotFoundError:
        return None
    return outcome if outcome["for"] == known else None


def write_outcome(folder: Path, known: str, outcome: Mapping[str, Any]) -> None:
    """Keep what was found, for the next time."""
    # Readers write what orjson does not know, such as numbers of numpy.
    content = orjson.dumps({"for": known, **outcome}, option=orjson.OPT_SERIALIZE_NUMPY, default=str)
    store.write_whole(folder / OUTCOME, content)


def find_out(settings: Settings, upload: Upload, known: str) -> dict[str, Any]:
    """Have a process look into an upload; what it wrote down, or that it broke off."""
    folder = settings.uploads / upload.id
    try:
        code = run_reader(settings, upload, known)
    except subprocess.TimeoutExpired:
        write_outcome(folder, known, tell(f"it takes longer than {READ_LIMIT_S:g} s"))
    else:
        if read_outcome(folder, known) is None:
            write_outcome(folder, known, tell(f"reading it broke off ({explain(code)})"))
    return read_outcome(folder, known) or tell("it was deleted meanwhile")


def run_reader(settings: Settings, upload: Upload, known: str) -> int:
    """Run the process that looks into an upload, to its end; its exit code. Raises subprocess.TimeoutExpired."""
    command = [sys.executable, "-m", "gis_infra.processes.uploads.preview_process", str(os.getpid()), upload.id, known]
    with store.scratch(settings.uploads / upload.id) as folder:
        environment = {**limits.make_environment(settings), "TMPDIR": str(folder)}
        return subprocess.run(  # noqa: S603 - our own program
            command, check=False, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, timeout=READ_LIMIT_S
        ).returncode


def tell(reason: str) -> dict[str, Any]:
    """The outcome of a reading that came to no end."""
    return {"problem": f"the upload cannot be read: {reason}; import it in parts, or mend it first", "where": "upload"}


def explain(code: int) -> str:
    """Why a process ended, in words."""
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"
