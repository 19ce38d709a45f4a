"""`gis-infra openapi`: the definition of the OGC API, for programs that are written against it."""

from pathlib import Path

import click
import orjson

from gis_infra.settings import read_settings
from gis_infra.storage.engine import make_engine, parse_url
from gis_infra.web.app import create_app
from gis_infra.web.ogcapi.openapi.definition import render_for_all

NOWHERE = "postgresql+psycopg:///nowhere"  # nothing is asked of a database


@click.command(name="openapi")
@click.argument("layers", nargs=-1)
@click.option("--language", type=click.Choice(["vi", "en"]), default="en", show_default=True, help="Of the titles.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="A file to write to.")
def command(layers: tuple[str, ...], language: str, output: Path | None) -> None:
    """Write the definition of the OGC API as JSON.

    With everything that may be done with LAYERS, by default all; neither a server nor a database is needed.
    """
    document = render(layers, language)
    if output is None:
        click.echo(document.decode())
    else:
        output.write_bytes(document)


def render(layers: tuple[str, ...], language: str) -> bytes:
    """The definition, a line for each member. Raises UnknownLayer."""
    settings = read_settings()
    app = create_app(settings, make_engine(parse_url(NOWHERE)))
    catalogue = app.extensions["gis_infra"].catalogue
    wanted = [catalogue.get_layer(each).id for each in layers] or list(catalogue.layers)
    with app.test_request_context(f"/ogc/api?lang={language}"):
        compact = render_for_all(settings, wanted, language)
    return orjson.dumps(orjson.loads(compact), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
