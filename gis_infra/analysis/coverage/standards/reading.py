"""The folder `layers/coverage/` as one `ServiceBook`: demand.yaml and streets.yaml first, then a service a file."""

from pathlib import Path

from gis_infra.analysis.coverage.standards.demand_file import parse_demand_file
from gis_infra.analysis.coverage.standards.frame import Frame
from gis_infra.analysis.coverage.standards.model import Service, ServiceBook
from gis_infra.analysis.coverage.standards.service_file import Shared, parse_service
from gis_infra.analysis.coverage.standards.street_file import parse_street_file
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.documents import Entry, Notes, Problem, name_file, read_document, require_none

DEMAND_FILE = "demand.yaml"
STREET_FILE = "streets.yaml"


def read_services(folder: Path, catalogue: Catalogue) -> ServiceBook:
    """Every service of `folder`/coverage, in the order of file names.

    folder: the folder of the layer files.
    Raises LayerFileError, whose message lists every problem as "layers/coverage/post_office.yaml:3: ...", one a line.
    """
    room = folder / "coverage"
    problems: list[Problem] = []
    document, frame = open_file(room / DEMAND_FILE, folder, catalogue)
    demands, units = parse_demand_file(document, frame)
    problems += frame.notes.problems
    document, frame = open_file(room / STREET_FILE, folder, catalogue)
    streets = parse_street_file(document, frame)
    problems += frame.notes.problems
    services: dict[str, Service] = {}
    for path in sorted(room.glob("*.yaml")):
        if path.name not in (DEMAND_FILE, STREET_FILE):
            document, frame = open_file(path, folder, catalogue)
            services[path.stem] = parse_service(document, path.stem, Shared(demands, tuple(streets.profiles)), frame)
            problems += frame.notes.problems
    require_none(problems)
    return ServiceBook(services, demands, units, streets)


def open_file(path: Path, folder: Path, catalogue: Catalogue) -> tuple[Entry, Frame]:
    """The document of a file, an empty one with a note if it cannot be read, and the frame to read it in."""
    notes = Notes(name_file(path, folder))
    return read_document(path, notes) or Entry({}, 1, 1), Frame(catalogue, notes)
