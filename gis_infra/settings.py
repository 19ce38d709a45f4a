"""The one table of settings, read once and passed on.

Nothing is read from the environment at import; `read_settings` does it when called. `docs/settings.md` is generated
from `SETTINGS`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from gis_infra.errors import SettingError

PACKAGE = Path(__file__).resolve().parent
# What a wheel carries besides the package (setup.py); a checkout has it beside the package and no such folder.
SHIPPED = PACKAGE / "shipped"
# Where migrations and layer files are.
ROOT = SHIPPED if SHIPPED.is_dir() else PACKAGE.parent
HOST = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d{1,5})?")


@dataclass(frozen=True)
class Setting:
    """One row of the table: the variable, its default as text, and what it does."""

    name: str
    default: str
    help: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"GIS_INFRA_{self.name.upper()}"


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "home",
        "var",
        "Folder for all state: the private database, secrets, caches. Relative to the checkout, or where a wheel runs.",
    ),
    Setting("database_url", "", "A PostGIS of the city's own, as postgresql://user@host/name; empty: the private one."),
    Setting("host", "127.0.0.1", "Address the web server listens on."),
    Setting("port", "8000", "Port the web server listens on."),
    Setting("workers", "2", "Web server processes."),
    Setting("public_url", "", "Address clients see, behind a proxy; empty: the one they ask for."),
    Setting(
        "trusted_proxies",
        "",
        "Addresses and networks of proxies whose X-Forwarded-For, -Proto, -Host, -Port and -Prefix are believed, "
        "comma-separated, as 127.0.0.1,10.0.0.0/8; empty: nobody's. Such a proxy must write these headers itself.",
    ),
    Setting("layers", "layers", "Folder of the layer, rule and coverage files. Relative to the checkout."),
    Setting("profiles", "profiles", "Folder of what is known of each department's files. Relative to the checkout."),
    Setting("city_srid", "9210", "EPSG code of the city's metric coordinate system; layers are stored in it."),
    Setting("city_extent", "106.30,10.30,107.60,11.51", "Longitude/latitude box of the city: xmin,ymin,xmax,ymax."),
    Setting("city_name", "Thành phố Hồ Chí Minh", "Name of the city, shown on the map and in the services."),
    Setting("licence_url", "", "Address of the terms on which the city's data may be used; empty: none are told."),
    Setting("licence_title", "", "Name of those terms, for people; empty: their address."),
    Setting("attribution", "", "Whom to name when the city's data are shown; empty: the name of the city."),
    Setting(
        "background",
        "",
        "Address of map tiles of somebody else's that may be shown beneath the city's, as "
        "https://tiles.example.org/{z}/{x}/{y}.png; empty: none, and nothing is asked of any other host.",
    ),
    Setting("background_attribution", "", "Whom to name when those tiles are shown; empty: their host."),
    Setting("tile_cache_mb", "1000", "Most disk space kept tiles take in the home folder, in megabytes; 0: none."),
    Setting("read_limit_s", "20", "Seconds after which a read of the database is given up."),
    Setting("max_page", "10000", "Most features in one answer."),
    Setting("count_limit", "100000", "Matches of a filter are counted up to this number; above it none is told."),
    Setting("export_limit_s", "300", "Seconds the database may take for one file that is downloaded."),
    Setting("export_limit_features", "1000000", "Most features in one file that is downloaded."),
    Setting(
        "rule_packs",
        "qcvn01,vn_cover,vn_power,vn_environment,works,overbuild,data",
        "Rule packs of layers/rules/ in force, comma-separated; of two that speak of a pair the first is heard.",
    ),
    Setting(
        "uploads", "", "Folder of uploaded files, shared by every machine that runs jobs; empty: in the home folder."
    ),
    Setting("upload_limit_mb", "500", "Largest upload, in megabytes (10^6 bytes)."),
    Setting("upload_keep_h", "24", "Hours after which an uploaded file is deleted."),
    Setting("jobs_at_once", "1", "Long jobs run side by side on this machine; 0: none are run here."),
    Setting("job_limit_s", "3600", "Seconds after which a long job is given up."),
    Setting(
        "job_memory_mb", "4000", "Most address space of a process that runs a job or reads an upload, in megabytes."
    ),
    Setting(
        "callback_hosts",
        "",
        "Hosts, or hosts with a port, that jobs may call back when they are done, comma-separated, as "
        "hooks.example.org,10.0.0.5:8080; empty: none.",
    ),
    Setting("job_keep_h", "168", "Hours for which a finished job, its report and its rejected rows are kept."),
)


@dataclass(frozen=True)
class Settings:
    """The settings in force; folders are absolute."""

    home: Path
    database_url: str
    host: str
    port: int
    workers: int
    public_url: str
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    layers: Path
    profiles: Path
    city_srid: int
    city_extent: tuple[float, float, float, float]
    city_name: str
    licence_url: str
    licence_title: str
    attribution: str
    background: str
    background_attribution: str
    tile_cache_mb: int
    read_limit_s: int
    max_page: int
    count_limit: int
    export_limit_s: int
    export_limit_features: int
    rule_packs: tuple[str, ...]
    uploads: Path
    upload_limit_mb: int
    upload_keep_h: int
    jobs_at_once: int
    job_limit_s: int
    job_memory_mb: int
    callback_hosts: tuple[str, ...]
    job_keep_h: int


def find_base() -> Path:
    """The folder that folders among the settings are relative to: the checkout, or of a wheel where it is run.

    Beside an installed package nothing may be written.
    """
    return Path.cwd() if ROOT == SHIPPED else ROOT


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force.

    environment: variables to read instead of the process's own.
    Raises SettingError, which names the variable, for a value that is not allowed.
    """
    source = os.environ if environment is None else environment
    text = {each.name: source.get(each.variable, each.default) for each in SETTINGS}
    base = find_base()
    return Settings(
        home=(base / text["home"]).resolve(),
        database_url=text["database_url"],
        host=text["host"],
        port=parse_whole("port", text["port"], 1, 65535),
        workers=parse_whole("workers", text["workers"], 1, 64),
        public_url=text["public_url"].rstrip("/"),
        trusted_proxies=parse_networks("trusted_proxies", text["trusted_proxies"]),
        layers=((base if "GIS_INFRA_LAYERS" in source else ROOT) / text["layers"]).resolve(),
        profiles=(base / text["profiles"]).resolve(),
        city_srid=parse_whole("city_srid", text["city_srid"], 1024, 999999),
        city_extent=parse_extent(text["city_extent"]),
        city_name=text["city_name"],
        licence_url=parse_address("licence_url", text["licence_url"]),
        licence_title=text["licence_title"].strip() or text["licence_url"],
        attribution=text["attribution"].strip() or text["city_name"],
        tile_cache_mb=parse_whole("tile_cache_mb", text["tile_cache_mb"], 0, 1_000_000),
        background=parse_tiles("background", text["background"]),
        background_attribution=text["background_attribution"].strip() or urlsplit(text["background"]).hostname or "",
        read_limit_s=parse_whole("read_limit_s", text["read_limit_s"], 1, 3600),
        max_page=parse_whole("max_page", text["max_page"], 1, 1_000_000),
        count_limit=parse_whole("count_limit", text["count_limit"], 0, 1_000_000_000),
        export_limit_s=parse_whole("export_limit_s", text["export_limit_s"], 1, 86_400),
        export_limit_features=parse_whole("export_limit_features", text["export_limit_features"], 1, 100_000_000),
        rule_packs=tuple(part.strip() for part in text["rule_packs"].split(",") if part.strip()),
        uploads=(base / text["uploads"] if text["uploads"] else base / text["home"] / "uploads").resolve(),
        upload_limit_mb=parse_whole("upload_limit_mb", text["upload_limit_mb"], 1, 100_000),
        upload_keep_h=parse_whole("upload_keep_h", text["upload_keep_h"], 1, 8760),
        jobs_at_once=parse_whole("jobs_at_once", text["jobs_at_once"], 0, 16),
        job_limit_s=parse_whole("job_limit_s", text["job_limit_s"], 1, 864_000),
        job_memory_mb=parse_whole("job_memory_mb", text["job_memory_mb"], 2000, 1_000_000),
        callback_hosts=parse_hosts("callback_hosts", text["callback_hosts"]),
        job_keep_h=parse_whole("job_keep_h", text["job_keep_h"], 1, 87_600),
    )


def parse_whole(name: str, text: str, low: int, high: int) -> int:
    """A whole number from low to high. Raises SettingError."""
    where = f"GIS_INFRA_{name.upper()}"
    try:
        number = int(text)
    except ValueError:
        raise SettingError(f"{where} must be a whole number, got {text!r}", where=where) from None
    if not low <= number <= high:
        raise SettingError(f"{where} must be from {low} to {high}, got {number}", where=where)
    return number


def parse_address(name: str, text: str) -> str:
    """An http(s) address, or nothing. Raises SettingError."""
    where = f"GIS_INFRA_{name.upper()}"
    if text and not (text.startswith(("http://", "https://")) and text.isprintable() and " " not in text):
        raise SettingError(f"{where} must be an address that begins with https://, got {text!r}", where=where)
    return text


def parse_tiles(name: str, text: str) -> str:
    """An http(s) address of tiles with a place for zoom, column and row each, or nothing. Raises SettingError."""
    address = parse_address(name, text)
    named = all(f"{{{part}}}" in urlsplit(address).path + urlsplit(address).query for part in "zxy")
    # What stands in a policy for browsers must not be able to say anything else there, nor tell a password.
    if address and not (named and HOST.fullmatch(urlsplit(address).netloc)):
        where = f"GIS_INFRA_{name.upper()}"
        raise SettingError(
            f"{where} must be an address with {{z}}, {{x}} and {{y}} in its path, got {text!r}", where=where
        )
    return address


def parse_networks(name: str, text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """IP addresses and networks, comma-separated. Raises SettingError."""
    where = f"GIS_INFRA_{name.upper()}"
    parts = [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tuple(ip_network(part, strict=False) for part in parts)
    except ValueError:
        raise SettingError(
            f"{where} must be IP addresses or networks as 10.0.0.0/8, got {text!r}", where=where
        ) from None


def parse_hosts(name: str, text: str) -> tuple[str, ...]:
    """Host names, each with a port or without, comma-separated. Raises SettingError."""
    where = f"GIS_INFRA_{name.upper()}"
    hosts = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for each in hosts:
        host, _, port = each.partition(":")
        if not host or any(sign in each for sign in "/@*? ") or (":" in each and not port.isdecimal()):
            raise SettingError(f"{where} must be hosts as example.org or example.org:8080, got {each!r}", where=where)
    return hosts


def parse_extent(text: str) -> tuple[float, float, float, float]:
    """Four ordered degrees. Raises SettingError."""
    where = "GIS_INFRA_CITY_EXTENT"
    try:
        xmin, ymin, xmax, ymax = (float(part) for part in text.split(","))
    except ValueError:
        raise SettingError(f"{where} must be four numbers xmin,ymin,xmax,ymax, got {text!r}", where=where) from None
    if not (-180 <= xmin < xmax <= 180 and -90 <= ymin < ymax <= 90):
        raise SettingError(f"{where} must be ordered degrees xmin,ymin,xmax,ymax, got {text!r}", where=where)
    return xmin, ymin, xmax, ymax


def to_environment(settings: Settings) -> dict[str, str]:
    """The variables from which another process reads the same settings."""
    values = {each.variable: getattr(settings, each.name) for each in SETTINGS}
    return {
        name: ",".join(map(str, value)) if isinstance(value, tuple) else str(value) for name, value in values.items()
    }
