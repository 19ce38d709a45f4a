"""The official suite of OGC API - Features against a served sample: fetched from Maven Central, run by Java.

`python -m tests.conformance.official [address of a landing page]`; without one a sample of its own is served. Exit code
0 if nothing failed, 1 if something did, 3 if the suite cannot be had.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from gis_infra.settings import read_settings
from tests.conformance.serving import serve_sample

SUITE = "ets-ogcapi-features10"
VERSION = "1.9"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.0:copy"
CANNOT_BE_HAD = 3
PREPARATIONS = "is-config"  # marks methods that set tests up and are none


@dataclass(frozen=True)
class Outcome:
    """What became of one test: PASS, FAIL or SKIP, and why."""

    name: str
    status: str
    reason: str


class NotToBeHad(Exception):
    """The suite, or what runs it, is not here and cannot be fetched."""


def main(arguments: list[str]) -> int:
    """Run the suite and print what it found; the exit code."""
    try:
        jar = fetch(read_settings().home / "conformance")
    except NotToBeHad as error:
        print(f"{SUITE} {VERSION} cannot be had: {error}", file=sys.stderr)
        return CANNOT_BE_HAD
    with nullcontext(arguments[0]) if arguments else serve_sample() as address:
        outcomes = run(jar, address)
    return tell(outcomes)


def fetch(folder: Path) -> Path:
    """The suite with all it needs in one file, kept in `folder`. Raises NotToBeHad."""
    jar = folder / f"{SUITE}-{VERSION}-aio.jar"
    if jar.exists():
        return jar
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise NotToBeHad(f"there is no {program} (sudo apt-get install default-jre-headless maven)")
    folder.mkdir(parents=True, exist_ok=True)
    artifact = f"-Dartifact=org.opengis.cite:{SUITE}:{VERSION}:jar:aio"
    command = ["mvn", "-q", "-B", "-U", COPY, artifact, f"-DoutputDirectory={folder}", "-Dmdep.stripClassifier=false"]
    told = subprocess.run(command, capture_output=True, text=True)
    if not jar.exists():
        raise NotToBeHad(find_reason(told.stdout + told.stderr))
    return jar


def find_reason(output: str) -> str:
    """Why Maven did not fetch it, in its own words."""
    found = re.search(r"(Could not|Unable to) .*?(?= -> |\n|$)", output)
    return found[0] if found else "Maven did not say why"


def run(jar: Path, address: str) -> list[Outcome]:
    """What became of every test, asked of every collection."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        properties = folder / "properties.xml"
        entries = {"iut": f"{address.rstrip('/')}/", "noofcollections": "-1"}
        listed = "".join(f'<entry key="{key}">{escape(value)}</entry>' for key, value in entries.items())
        properties.write_text(f'<properties version="1.0">{listed}</properties>', encoding="utf-8")
        subprocess.run(["java", "-jar", jar, "-o", folder, properties], check=True, stdout=subprocess.DEVNULL)
        (found,) = folder.rglob("testng-results.xml")
        return read_outcomes(found.read_bytes())


def read_outcomes(results: bytes) -> list[Outcome]:
    """What became of every test, from TestNG's report."""
    methods = etree.fromstring(results).iter("test-method")
    return [
        Outcome(each.get("name", ""), each.get("status", ""), " ".join(each.findtext(".//message", "").split()))
        for each in methods
        if each.get(PREPARATIONS) != "true"
    ]


def tell(outcomes: Iterable[Outcome]) -> int:
    """Print how many passed, failed and were skipped, each of the latter with its reason; the exit code."""
    counted = Counter((each.name, each.status, each.reason) for each in outcomes if each.status != "PASS")
    totals = Counter(each.status for each in outcomes)
    print(f"{SUITE} {VERSION}: {totals['PASS']} passed, {totals['FAIL']} failed, {totals['SKIP']} skipped")
    for (name, status, reason), times in sorted(counted.items(), key=lambda each: (each[0][1], each[0][0])):
        print(f"{status} {name} ({times}): {reason[:300]}")
    return 1 if totals["FAIL"] or not totals["PASS"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
