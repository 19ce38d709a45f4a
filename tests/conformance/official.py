"""The official suites against a served sample: fetched from Maven Central, run by Java.

`python -m tests.conformance.official SUITE [ADDRESS]`, SUITE one of `SUITES`; ADDRESS is that of a landing page, or for
the suites of the WFS that of the WFS; without one a sample of its own is served. Exit code 0 if nothing failed, 1 if
something did, 3 if the suite cannot be had.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from lxml import etree

from gis_infra.settings import read_settings
from tests.conformance.having import NotToBeHad
from tests.conformance.serving import EDITOR, PASSWORD, serve_home, serve_sample
from tests.conformance.wfs import java, relay, sample, schemas

COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.0:copy"
CANNOT_BE_HAD = 3
PREPARATIONS = "is-config"  # marks methods that set tests up and are none
ANSWER_LIMIT_S = 60
ECHO = Path(__file__).parent / "echo"
MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
LONLAT = "urn:ogc:def:crs:EPSG::4326"


@dataclass(frozen=True)
class Suite:
    """One official suite.

    artifact, version: of group org.opengis.cite, with all it needs. serve: a sample for it, and its address. list_runs:
    what it is told, one mapping for each run. more: artifacts that stand before it. list_of: another
    artifact, of which one file alone does, by name. takes_folder: whether it can be
    told where to write; else it writes to the home folder. old_java: whether it is of the time of Java 8.
    """

    artifact: str
    version: str
    main: str
    serve: Callable[[], AbstractContextManager[str]]
    list_runs: Callable[[str], list[Mapping[str, str]]]
    more: tuple[str, ...] = ()
    list_of: tuple[str, str] | None = None
    takes_folder: bool = True
    old_java: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one test: PASS, FAIL or SKIP, and why."""

    name: str
    status: str
    reason: str


@contextmanager
def serve_small_city() -> Iterator[str]:
    """The address of a WFS over the small city, in which everybody may edit everything."""
    with serve_home("*", sample.load, **sample.VARIABLES) as port, relay.sign_in(port, EDITOR, PASSWORD) as signed_in:
        yield f"http://127.0.0.1:{signed_in}/wfs"


@contextmanager
def serve_with_echo() -> Iterator[str]:
    """The address of the landing page of a sample whose server has the process `echo`, asked as somebody signed in."""
    given = {"PYTHONPATH": str(ECHO)}
    with serve_home("sector:water", **given) as port, relay.sign_in(port, EDITOR, PASSWORD) as signed_in:
        yield f"http://127.0.0.1:{signed_in}/ogc"


def list_processes_runs(address: str) -> list[Mapping[str, str]]:
    """One run, which describes every process and runs `echo`."""
    told = {"iut": address.rstrip("/"), "echoprocessid": "echo", "testallprocesses": "true", "processtestlimit": "20"}
    return [{**told, "noofcollections": "-1", "uselocalschema": "true"}]


def list_features_runs(address: str) -> list[Mapping[str, str]]:
    """One run, asked of every collection."""
    return [{"iut": f"{address.rstrip('/')}/", "noofcollections": "-1"}]


def list_tiles_runs(address: str) -> list[Mapping[str, str]]:
    """One run, on tiles of the hydrants in the middle of the city."""
    template = (
        f"{address.rstrip('/')}/collections/fire_hydrant/tiles/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}"
    )
    told = {"iut": f"{address.rstrip('/')}/", "noofcollections": "-1", "tilematrixsetdefinitionuri": MATRIX_SET_URI}
    corners = {"mintilerow": "7698", "maxtilerow": "7699", "mintilecol": "13047", "maxtilecol": "13048"}
    return [{**told, "urltemplatefortiles": template, "tilematrix": "14", **corners}]


def list_wfs_runs(address: str) -> list[Mapping[str, str]]:
    """One run; the suite finds in the capabilities what it may ask."""
    return [{"wfs": f"{address}?service=WFS&version=2.0.0&request=GetCapabilities"}]


def list_gml_runs(address: str) -> list[Mapping[str, str]]:
    """The schema of all feature types, and the features of each type that has some, in latitude and longitude."""
    ask = f"{address}?service=WFS&version=2.0.0&request="
    names = [str(each.text) for each in read(f"{ask}GetCapabilities").iterfind(".//{*}FeatureType/{*}Name")]
    filled = [
        name for name in names if read(f"{ask}GetFeature&resultType=hits&typeNames={name}").get("numberMatched") != "0"
    ]
    asked = ["DescribeFeatureType", *(f"GetFeature&typeNames={name}&srsName={LONLAT}" for name in filled)]
    return [{"gml": ask + each} for each in asked]


def read(address: str) -> etree._Element:
    """The document at an address."""
    with urllib.request.urlopen(address, timeout=ANSWER_LIMIT_S) as answer:
        return etree.fromstring(answer.read())


SCHEMAS = "org.jvnet.ogc:ogc-schemas:2.6.1:jar"
JAXB = (
    "javax.xml.bind:jaxb-api:2.3.1:jar",
    "com.sun.xml.bind:jaxb-impl:2.3.9:jar",
    "com.sun.xml.bind:jaxb-core:2.3.0.1:jar",
    "javax.activation:activation:1.1.1:jar",
)
# The database of coordinate systems, and the list of methods: the copies packed with the suite of GML cannot be read.
METHODS = (
    "org.apache.sis.core:sis-referencing:1.3:jar",
    "META-INF/services/org.opengis.referencing.operation.OperationMethod",
)
SYSTEMS = (
    "org.apache.sis.non-free:sis-embedded-data:1.3:jar",
    "org.apache.derby:derby:10.14.2.0:jar",
)
# The suite takes a type of properties out of a set that goes by the addresses of objects, so that every run would ask
# other things; with one number for all, the set is in the order in which it was filled.
SAME_ORDER = ["-XX:+UnlockExperimentalVMOptions", "-XX:hashCode=2"]
SUITES: Mapping[str, Suite] = {
    "ogcapi-features": Suite(
        "ets-ogcapi-features10",
        "1.9",
        "org.opengis.cite.ogcapifeatures10.TestNGController",
        serve_sample,
        list_features_runs,
    ),
    # Where it is not to be had, tests/conformance/test_tiles.py asks what it asks.
    "ogcapi-tiles": Suite(
        "ets-ogcapi-tiles10",
        "1.2",
        "org.opengis.cite.ogcapitiles10.TestNGController",
        serve_sample,
        list_tiles_runs,
    ),
    # Not on Maven Central so far: its authors give out source and a Docker image. Looked for at each run all the same.
    "ogcapi-processes": Suite(
        "ets-ogcapi-processes10",
        "1.3",
        "org.opengis.cite.ogcapiprocesses10.TestNGController",
        serve_with_echo,
        list_processes_runs,
    ),
    "wfs20": Suite(
        "ets-wfs20",
        "1.25",
        "org.opengis.cite.iso19142.TestNGController",
        serve_small_city,
        list_wfs_runs,
        more=(SCHEMAS, *JAXB),
        old_java=True,
    ),
    "gml32": Suite(
        "ets-gml32",
        "1.33",
        "org.opengis.cite.iso19136.TestNGController",
        serve_small_city,
        list_gml_runs,
        more=(*SYSTEMS, SCHEMAS),
        list_of=METHODS,
        takes_folder=False,
    ),
}


def main(arguments: list[str]) -> int:
    """Run the suite and print what it found; the exit code."""
    name, *given = arguments
    suite = SUITES[name]
    folder = read_settings().home / "conformance"
    try:
        whole = f"org.opengis.cite:{suite.artifact}:{suite.version}:jar:aio"
        jars = [fetch(each, folder) for each in (*suite.more, whole)]
        if suite.list_of is not None:
            artifact, name = suite.list_of
            # Kept apart: the manifest of the database asks for every other part of its library that lies beside it.
            jars = [java.extract(fetch(artifact, folder / "apart"), name, folder / "extracted"), *jars]
        with (
            nullcontext(given[0]) if given else suite.serve() as address,
            schemas.serve([each for each in jars if each.is_file()]) as options,
        ):
            if suite.old_java:
                options += [*SAME_ORDER, *java.make_patch(folder / "patch")]
                jars = [java.mend(jars[-1], folder / "mended"), *jars]
            outcomes = [each for told in suite.list_runs(address) for each in run(suite, jars, options, told)]
    except NotToBeHad as error:
        print(f"{suite.artifact} {suite.version} cannot be had: {error}", file=sys.stderr)
        return CANNOT_BE_HAD
    print(f"{suite.artifact} {suite.version}:", end=" ")
    return tell(outcomes)


def fetch(artifact: str, folder: Path) -> Path:
    """The file of an artifact, group:name:version:jar[:classifier], kept in `folder`. Raises NotToBeHad."""
    _, name, version, _, *classifier = artifact.split(":")
    jar = folder / f"{'-'.join((name, version, *classifier))}.jar"
    if jar.exists():
        return jar
    for program in ("java", "mvn"):
        if shutil.which(program) is None:
            raise NotToBeHad(f"there is no {program} (sudo apt-get install default-jdk-headless maven)")
    folder.mkdir(parents=True, exist_ok=True)
    options = [f"-Dartifact={artifact}", f"-DoutputDirectory={folder}", "-Dmdep.stripClassifier=false"]
    told = subprocess.run(["mvn", "-q", "-B", "-U", COPY, *options], capture_output=True, text=True)
    if not jar.exists():
        raise NotToBeHad(find_reason(told.stdout + told.stderr))
    return jar


def find_reason(output: str) -> str:
    """Why Maven did not fetch it, in its own words."""
    found = re.search(r"(Could not|Unable to) .*?(?= -> |\n|$)", output)
    return found[0] if found else "Maven did not say why"


def run(suite: Suite, jars: list[Path], options: list[str], told: Mapping[str, str]) -> list[Outcome]:
    """What became of every test of one run, in a Java with those options."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        properties = folder / "properties.xml"
        listed = "".join(f'<entry key="{key}">{escape(value)}</entry>' for key, value in told.items())
        properties.write_text(f'<properties version="1.0">{listed}</properties>', encoding="utf-8")
        # What it makes for itself in its home, such as a database of coordinate systems, takes a minute and is kept.
        home, arguments = (jars[0].parent, ["-o", folder]) if suite.takes_folder else (folder, [])
        path = ":".join(str(each) for each in jars)
        command = ["java", f"-Duser.home={home}", *options, "-cp", path, suite.main, *arguments, properties]
        log = folder / "log"
        with log.open("wb") as file:
            ended = subprocess.run(command, check=False, stdout=file, stderr=file, cwd=folder)
        found = list(folder.rglob("testng-results.xml"))
        if ended.returncode or not found:
            raise RuntimeError(f"the suite ended with {ended.returncode}: {log.read_text(errors='replace')[-2000:]}")
        return read_outcomes(found[0].read_bytes())


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
    print(f"{totals['PASS']} passed, {totals['FAIL']} failed, {totals['SKIP']} skipped")
    for (name, status, reason), times in sorted(counted.items(), key=lambda each: (each[0][1], each[0][0])):
        print(f"{status} {name} ({times}): {reason[:300]}")
    return 1 if totals["FAIL"] or not totals["PASS"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
