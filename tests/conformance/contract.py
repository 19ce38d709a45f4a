"""schemathesis against the API definition of a served sample, as anybody and as an editor, writes included.

`python -m tests.conformance.contract SCHEMATHESIS [address of a landing page]`: SCHEMATHESIS is the folder of the
environment it is installed in (script/conformance makes it). Held against an answer: a fault of the server, a status,
type, header or body the definition does not tell. Not held: a limit above the most is taken as the most (OGC 17-069r4,
/req/core/fc-limit-response-1), which the definition's "maximum" would have refused; and what no schema can tell (a
cursor of another order, a ring that is not closed), so that whether data are taken is not asked.
"""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from tests.conformance.serving import EDITOR, PASSWORD, serve_sample

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,allow_header_conformance,unsupported_method"
)
# Points and areas, read by anybody, and what belongs to no collection; points and lines, written by the editor.
READ = r"^/($|api|conformance|functions|collections$|processes$|jobs$|collections/(fire_hydrant|works_project))"
WRITTEN = r"^/collections/(fire_hydrant|water_pipe)/items"
EXAMPLES = 20


def main(arguments: list[str]) -> int:
    """Run it twice and print how many requests there were; the exit code, 0 if nothing was found."""
    folder, *given = arguments
    with nullcontext(given[0]) if given else serve_sample() as address:
        codes = [run(Path(folder).absolute(), address, who) for who in ("anybody", "editor")]
    return max(codes)


def run(folder: Path, address: str, who: str) -> int:
    """One run, as anybody or as the editor; its exit code."""
    with tempfile.TemporaryDirectory() as name:
        require_valid(folder, f"{address}/api", Path(name) / "api.json")
        report = Path(name) / "report.ndjson"
        command = [
            folder / "bin" / "schemathesis", "run", f"{address}/api?lang=en", "--no-color", "--seed", "1",
            "--phases", "examples,coverage,fuzzing", "--checks", CHECKS, "--max-examples", EXAMPLES,
            "--include-path-regex", WRITTEN if who == "editor" else READ, "--report-ndjson-path", report,
            "--suppress-health-check", "all", "--continue-on-failure",
        ]  # fmt: skip
        if who == "editor":
            command += ["--auth", f"{EDITOR}:{PASSWORD}"]
        code = subprocess.run([str(each) for each in command], cwd=name).returncode
        tell(who, report)
    return code


def require_valid(folder: Path, address: str, copy: Path) -> None:
    """Return if the definition is OpenAPI 3.0. Raises CalledProcessError, and what is wrong is printed."""
    with urllib.request.urlopen(address) as answer:
        copy.write_bytes(answer.read())
    subprocess.run([folder / "bin" / "python", "-m", "openapi_spec_validator", copy], check=True)


def tell(who: str, report: Path) -> None:
    """Print how many requests there were, by the status they were answered with."""
    statuses: Counter[int] = Counter()
    with report.open(encoding="utf-8") as lines:
        for line in lines:
            statuses.update(find_statuses(json.loads(line)))
    listed = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    print(f"as {who}: {sum(statuses.values())} requests; {listed}")


def find_statuses(part: object) -> list[int]:
    """Every status code of a part of the report."""
    if isinstance(part, list):
        return [code for each in part for code in find_statuses(each)]
    if not isinstance(part, dict):
        return []
    own = [part["status_code"]] if isinstance(part.get("status_code"), int) else []
    return own + [code for each in part.values() for code in find_statuses(each)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
