"""`gis-infra database`: the private PostGIS and the schema."""

import click
from sqlalchemy import Engine

from gis_infra.errors import SettingError
from gis_infra.settings import Settings, read_settings
from gis_infra.storage import fitness, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine, open_engine, parse_url


@click.group(name="database", help=__doc__)
def command() -> None:
    """The private PostGIS and the schema."""


@command.command("start")
def start() -> None:
    """Start the private database, making it first if need be."""
    cluster = get_private_cluster(read_settings())
    cluster.ensure_running()
    click.echo("started" if cluster.started_here else "runs already")


@command.command("stop")
@click.option("--if-idle", is_flag=True, help="Only if nobody is connected to it.")
def stop(if_idle: bool) -> None:
    """Stop the private database; connections that are open end."""
    cluster = get_private_cluster(read_settings())
    if if_idle:
        click.echo("stopped" if cluster.stop_if_idle() else "left as it is")
    else:
        click.echo("stopped" if cluster.stop() else "was not running")


@command.command("status")
def status() -> None:
    """Say where the database is, whether it runs, and where its schema stands."""
    settings = read_settings()
    engine = find_engine(settings)
    if engine is None:
        click.echo(f"private database in {settings.home}: not running")
        return
    found = fitness.read_fitness(engine)
    state = schema.get_state(engine)
    click.echo(f"address     {render_address(engine)}")
    click.echo(f"PostgreSQL  {found.server_version // 10000}.{found.server_version % 10000}")
    click.echo(f"PostGIS     {found.postgis or 'not installed'}")
    click.echo(f"schema      {render_state(state)}")


@command.command("upgrade")
def upgrade() -> None:
    """Bring the schema up to date."""
    settings = read_settings()
    engine = open_engine(settings)
    fitness.require_usable(engine)
    before = schema.upgrade(engine, settings.city_srid)
    click.echo(f"at {before.wanted} already" if before.is_current else f"upgraded to {before.wanted}")


@command.command("url")
def url() -> None:
    """Print the address for psql, ogr2ogr and QGIS, without a password; the private database is started first."""
    click.echo(render_address(open_engine(read_settings())))


def get_private_cluster(settings: Settings) -> PrivateCluster:
    """The private cluster. Raises SettingError if a database of somebody else's is used instead."""
    if settings.database_url:
        where = "GIS_INFRA_DATABASE_URL"
        raise SettingError(f"{where} is set: that database is not ours to start or stop", where=where)
    return PrivateCluster(settings.home)


def find_engine(settings: Settings) -> Engine | None:
    """An engine for the database in use, None if that is the private one and it does not run."""
    if settings.database_url:
        return make_engine(parse_url(settings.database_url))
    address = PrivateCluster(settings.home).find_url()
    return make_engine(address) if address is not None else None


def render_address(engine: Engine) -> str:
    """The address as PostgreSQL's own programs take it, with *** for a password."""
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=True)


def render_state(state: schema.SchemaState) -> str:
    """Where the schema stands, in words."""
    if state.is_current:
        return f"{state.current}, current"
    return f"{state.current or 'none'}, needs {state.wanted}: run `gis-infra database upgrade`"
