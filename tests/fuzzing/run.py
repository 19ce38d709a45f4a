"""Import thousands of damaged files and hold the importer to its word. `script/fuzz` runs it; the tests run a few.

Of each case: an answer in time, by an error of ours or a report; memory within bounds; and in the layer exactly what
the report says, its tally included. A broken case is kept, to be looked at.
"""

import argparse
import multiprocessing
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from sqlalchemy import Engine, text

from gis_infra.settings import read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine
from tests.fuzzing.damage import Parts, make_case, make_seeds
from tests.fuzzing.worker import work

MOST_SECONDS = 10
MOST_MB = 1024
START_SECONDS = 120
LAYERS = {"pipes": "water_pipe", "hydrants": "fire_hydrant", "houses": "building"}
DATABASE = "gis_infra_fuzz"


@dataclass
class Worker:
    """The process that imports, started again when it died."""

    url: str
    process: multiprocessing.process.BaseProcess | None = None
    pipe: multiprocessing.connection.Connection | None = None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, self.url), daemon=True)
        self.process.start()
        theirs.close()
        if not self.pipe.poll(START_SECONDS) or self.pipe.recv() != "ready":
            raise RuntimeError("the worker does not start")

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None

    def ask(self, case: tuple[Path, str, bool]) -> tuple[str, str, float, int]:
        """What came of a case; "hung" or "died" if nothing came."""
        if self.process is None:
            self.start()
        assert self.pipe is not None
        self.pipe.send(case)
        try:
            if self.pipe.poll(MOST_SECONDS):
                kind, words, peak_mb, added = self.pipe.recv()
                return kind, words, peak_mb, added
            found = "hung"
        except (EOFError, ConnectionResetError):
            found = "died"
        self.stop()
        return found, "", 0.0, 0


@dataclass
class Outcome:
    """What many cases came to. faults: what broke the importer's word, with the case's number."""

    kinds: Counter[str] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    peak_mb: float = 0.0
    faults: list[str] = field(default_factory=list)


def run(engine: Engine, url: str, numbers: range, kept: Path | None = None) -> Outcome:
    """Try the cases of these numbers. kept: folder to which broken cases are copied."""
    outcome, worker = Outcome(), Worker(url)
    with tempfile.TemporaryDirectory() as folder:
        seeds = make_seeds(Path(folder))
        try:
            for number in numbers:
                try_one(engine, worker, number, seeds, outcome, kept)
        finally:
            worker.stop()
    return outcome


def try_one(
    engine: Engine, worker: Worker, number: int, seeds: dict[str, Parts], outcome: Outcome, kept: Path | None
) -> None:
    """One case: damage by its number, import, look."""
    random = Random(number)
    name, parts = make_case(random, seeds)
    layer_id = LAYERS[name.removesuffix("_zip")]
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), name.removesuffix("_zip"), parts)
        before = count(engine, layer_id)
        kind, words, peak_mb, added = worker.ask((path, layer_id, random.random() < 0.2))
        fault = judge(kind, words, peak_mb, count(engine, layer_id) - before - added)
        if fault is not None:
            outcome.faults.append(f"case {number} ({name}): {fault}")
            if kept is not None:
                shutil.copytree(folder, kept / str(number), dirs_exist_ok=True)
    empty(engine, layer_id)
    outcome.kinds[kind] += 1
    outcome.words[words[:60]] += kind == "refused"
    outcome.peak_mb = max(outcome.peak_mb, peak_mb)


def write(folder: Path, name: str, parts: Parts) -> Path:
    """The parts as files; the path an import is given, there or not."""
    for suffix, content in parts.items():
        (folder / f"{name}{suffix}").write_bytes(content)
    return folder / f"{name}{'.zip' if '.zip' in parts else '.shp'}"


def judge(kind: str, words: str, peak_mb: float, surplus: int) -> str | None:
    """What is wrong with the answer, None if nothing. surplus: rows in the layer beyond those reported."""
    if kind in {"hung", "died", "raised"}:
        return f"{kind} {words}"
    if peak_mb > MOST_MB:
        return f"took {peak_mb:,.0f} MB"
    if surplus:
        return f"{surplus:+} rows in the layer beyond those reported"
    return "a refusal without words" if kind == "refused" and not words.strip() else None


def count(engine: Engine, layer_id: str) -> int:
    """The rows of a layer; -1,000,000 off if its tally says otherwise."""
    with engine.connect() as connection:
        rows = connection.execute(text(f"SELECT count(*) FROM infra.{layer_id}")).scalar_one()  # one of LAYERS
        tally = "SELECT coalesce(sum(features), 0) FROM gis.layer_tally WHERE layer = :layer"
        told = connection.execute(text(tally), {"layer": layer_id}).scalar_one()
    return int(rows) if rows == told else int(rows) - 1_000_000


def empty(engine: Engine, layer_id: str) -> None:
    """Take out what a case brought in."""
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM infra.{layer_id} WHERE owner = 'Fuzz'"))  # one of LAYERS


def main() -> None:
    """Run the cases asked for and print what they came to; exit code 1 if one broke the importer's word."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="number of the first case; a case is its number")
    parser.add_argument("--keep", type=Path, help="folder for broken cases")
    options = parser.parse_args()
    settings = read_settings()
    server = PrivateCluster(settings.home).ensure_running()
    url = databases.create(server, DATABASE)
    try:
        engine = make_engine(url)
        schema.upgrade(engine, settings.city_srid)
        numbers = range(options.first, options.first + options.cases)
        outcome = run(engine, url.render_as_string(hide_password=False), numbers, options.keep)
        engine.dispose()
    finally:
        databases.drop(server, DATABASE)
    print(f"{options.cases:,} cases: {dict(outcome.kinds)}; peak {outcome.peak_mb:,.0f} MB")
    for words, times in outcome.words.most_common(25):
        print(f"{times:6} × {words}")
    print("\n".join(outcome.faults) or "no fault")
    sys.exit(1 if outcome.faults else 0)


if __name__ == "__main__":
    main()
