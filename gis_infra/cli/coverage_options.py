"""The options of commands that run coverage otherwise than its standard says, and the inputs they come to."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import orjson

from gis_infra.analysis.coverage.runs.orders import SOURCES
from gis_infra.analysis.coverage.standards.kinds import METHODS
from gis_infra.errors import InvalidParameter

Command = Callable[..., None]
Options = Mapping[str, Any]
LARGEST_FILE = 16 * 1024 * 1024

RUN_OPTIONS = (
    click.option("--demand", help="Whom it is to reach, by its id in demand.yaml."),
    click.option("--method", type=click.Choice(METHODS), help="How the reach is measured."),
    click.option("--distance", "distance_m", type=float, metavar="METRES", help="How far a facility reaches."),
    click.option("--minutes", type=float, help="How far a facility reaches along streets, as a time."),
    click.option("--day", metavar="YYYY-MM-DD", help="Administrative units of this day; default: today's."),
    click.option("--level", help="Level of the units; default: that of demand.yaml."),
    click.option("--title", help="What the run is to be called."),
)
WHAT_IF_OPTIONS = (
    click.option(
        "--add", type=click.Path(path_type=Path), help="Facilities counted in: a GeoJSON file, longitude/latitude."
    ),
    click.option("--add-layer", multiple=True, metavar="LAYER", help="All rows of a layer counted in."),
    click.option("--planned", is_flag=True, help="Planned facilities of the service's own layer counted in."),
    click.option("--without", multiple=True, type=int, metavar="ID", help="A facility counted out."),
    click.option("--closed", multiple=True, type=int, metavar="ID", help="A street that is closed."),
    click.option(
        "--closing", type=click.Path(path_type=Path), help="Streets closed that cross this shape: a GeoJSON file."
    ),
)
SITE_OPTIONS = (
    click.option("--n", "number", type=click.IntRange(1, 100), default=5, show_default=True, help="How many sites."),
    click.option("--from", "source", type=click.Choice(SOURCES), default="nodes", show_default=True),
    click.option("--point", "points", multiple=True, metavar="LON,LAT", help="A candidate, for --from given."),
    click.option("--spacing", "spacing_m", type=float, metavar="METRES", help="Of the grid, for --from grid."),
    click.option("--layer", help="The layer whose rows are candidates, for --from layer."),
)


def take(options: Sequence[Callable[[Any], Any]]) -> Callable[[Command], Command]:
    """A decorator that gives a command these options, in this order."""

    def decorate(command: Command) -> Command:
        """The command with the options."""
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def make_inputs(service: str, options: Options) -> dict[str, Any]:
    """The inputs of a run that the options of `RUN_OPTIONS` ask for."""
    names = ("demand", "method", "distance_m", "minutes", "day", "level", "title")
    return {"service": service, **{name: options[name] for name in names if options[name] is not None}}


def make_what_if(options: Options) -> dict[str, Any]:
    """What the options of `WHAT_IF_OPTIONS` assume. Raises InvalidParameter where they assume nothing."""
    asked: dict[str, Any] = {}
    if options["add"] is not None:
        asked["add"] = to_collection(read_json(options["add"]))
    if options["closing"] is not None:
        asked["closing"] = to_geometry(read_json(options["closing"]))
    for name in ("add_layer", "without", "closed"):
        if options[name]:
            asked[name] = list(options[name])
    if options["planned"]:
        asked["planned"] = True
    if not asked:
        raise InvalidParameter("say what is assumed: --add, --add-layer, --planned, --without, --closed or --closing")
    return asked


def make_sites(options: Options) -> dict[str, Any]:
    """The search that the options of `SITE_OPTIONS` ask for. Raises InvalidParameter."""
    asked: dict[str, Any] = {"n": options["number"], "from": options["source"]}
    if options["points"]:
        asked["points"] = [parse_point(each) for each in options["points"]]
    for name in ("spacing_m", "layer"):
        if options[name] is not None:
            asked[name] = options[name]
    return asked


def parse_point(text: str) -> list[float]:
    """A point written as longitude,latitude. Raises InvalidParameter."""
    try:
        longitude, latitude = (float(each) for each in text.split(","))
    except ValueError:
        raise InvalidParameter(f"a point is longitude,latitude, got {text!r}", where="--point") from None
    return [longitude, latitude]


def read_json(path: Path) -> Any:
    """The JSON document of a file. Raises InvalidParameter if it cannot be read or is too large."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InvalidParameter(f"{path} is larger than {LARGEST_FILE >> 20} MB", where=str(path))
        return orjson.loads(path.read_bytes())
    except OSError as error:
        raise InvalidParameter(f"{path} cannot be read: {error.strerror}", where=str(path)) from error
    except orjson.JSONDecodeError as error:
        raise InvalidParameter(f"{path} is not JSON: {error.msg} (line {error.lineno})", where=str(path)) from error


def to_collection(document: Any) -> Any:
    """A FeatureCollection of what may be one, a Feature or a geometry."""
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "FeatureCollection":
        return document
    feature = document if kind == "Feature" else {"type": "Feature", "geometry": document, "properties": {}}
    return {"type": "FeatureCollection", "features": [feature]}


def to_geometry(document: Any) -> Any:
    """The one geometry of a document. Raises InvalidParameter if there are several."""
    features = to_collection(document).get("features")
    if not isinstance(features, list) or len(features) != 1 or not isinstance(features[0], dict):
        raise InvalidParameter("give one line or area that closes streets", where="--closing")
    return features[0].get("geometry")
