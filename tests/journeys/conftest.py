"""A served quarter, and a browser that tells what went wrong in it.

The quarter of `scene` stands in a database of its own; the server is the real application in a thread; the browser is
Debian's Chromium, drawing WebGL in software. Every page that a journey opens is held to three things when the journey
ends: no request left the host, nothing was refused by the content security policy, and the console is clean.
"""

import os
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, StorageState, sync_playwright
from sqlalchemy import URL, Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from gis_infra.accounts import people
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.tables import LayerTables
from gis_infra.settings import Settings
from gis_infra.storage.engine import make_engine, parse_url
from gis_infra.web.app import create_app
from gis_infra.web.viewer import bundle
from tests.conftest import make_settings
from tests.journeys import scene
from tests.tiles import quieten

CHROMIUM = Path("/usr/bin/chromium")
SCREENSHOTS = Path(__file__).parent / "screenshots"
ARGUMENTS = (
    "--no-sandbox",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# What drawing in software makes the driver say; it says nothing about the page.
DRIVER_NOISE = ("GL Driver Message", "GPU stall due to ReadPixels")
PLANNER = ("lan", "mot-mat-khau-dai-12")
EDITOR = ("ngan", "mot-mat-khau-dai-34")  # answers for the water pipes
DESKTOP = (1440, 900)
SMALL = (1000, 640)  # fewer pixels, for journeys nobody looks at: drawing in software takes its time
PHONE = (390, 844)
SLOWEST_MS = 20_000
FRAME_MS = 100

# These walk one panel through in every detail, which takes half an hour: each day the first walk of a file is taken;
# `script/journeys` takes all.
DETAILED = frozenset(
    f"test_{each}.py"
    for each in ("address", "background", "board", "coverage", "coverage_panel", "edit", "facts", "find", "import",
                 "layers", "map", "measure", "open_in_qgis", "pages", "print", "query", "register", "works",
                 "works_kept")
)  # fmt: skip
EVERY_WALK = "GIS_INFRA_EVERY_WALK"  # set by script/journeys


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the detailed walks to `script/journeys`, but for the first of each file."""
    if os.environ.get(EVERY_WALK):
        return
    kept, left, met = [], [], set[Path]()
    for item in items:
        is_further = item.path in met
        is_detailed = item.path.name in DETAILED and item.path.parent == Path(__file__).parent
        met.add(item.path)
        (left if is_detailed and is_further else kept).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


# A feature on the edge of two tiles is in both: what identifies it tells that it is one.
COUNT_DRAWN = """(layer) => new Set(
    window.gisInfraMap.queryRenderedFeatures().filter((each) => each.source === layer).map(
        ({ id, properties }) => id ?? properties.code ?? `${properties.right_layer}.${properties.right_id}`
    )
).size"""


@dataclass
class Session:
    """One open page, and everything it complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, view: str = "") -> Page:
        """The page of the map at a view (the part after #), once everything in sight is drawn."""
        self.page.goto("about:blank")  # from the map itself, a new view would be a step within the page
        self.page.goto(f"{self.address}/{view}")
        self.wait()
        return self.page

    def wait(self) -> None:
        """Return when the map has drawn all it means to."""
        self.page.wait_for_selector('.stage[aria-busy="false"]', timeout=SLOWEST_MS)

    def expect_drawn(self, **counts: int) -> None:
        """Fail unless the map comes to show just so many different features of each layer named."""
        self.page.wait_for_timeout(FRAME_MS)  # what was just asked for is not under way before the next frame
        for _ in range(SLOWEST_MS // FRAME_MS):
            self.wait()
            drawn = {layer_id: self.count_drawn(layer_id) for layer_id in counts}
            if drawn == counts:
                return
            self.page.wait_for_timeout(FRAME_MS)
        assert drawn == counts

    def count_drawn(self, layer_id: str) -> int:
        """How many different features of a layer the map shows now."""
        return int(self.page.evaluate(COUNT_DRAWN, layer_id))

    def click_map(self, longitude: float, latitude: float) -> None:
        """Click the map at a place."""
        x, y = self.find_pixel(longitude, latitude)
        self.page.mouse.click(x, y)

    def find_pixel(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where on the screen a place is drawn."""
        place = self.page.evaluate("(at) => window.gisInfraMap.project(at)", [longitude, latitude])
        box = self.page.locator("canvas.maplibregl-canvas").bounding_box()
        assert box is not None
        return box["x"] + place["x"], box["y"] + place["y"]

    def shoot(self, name: str) -> None:
        """Keep a picture for people to look at, on a laptop's screen unless this is a phone.

        Only when every walk is taken: nothing is asked of it, and to draw each once more in software takes its time.
        """
        if not os.environ.get(EVERY_WALK):
            return
        if self.page.viewport_size == {"width": SMALL[0], "height": SMALL[1]}:
            self.page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
            self.page.wait_for_timeout(FRAME_MS)
            self.wait()
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


class QuietHandler(WSGIRequestHandler):
    """A request handler that does not print a line a request."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def quarter(copy_database: Callable[[str], URL], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a database of its own, with the schema in it."""
    return make_settings(copy_database("journeys"), tmp_path_factory.mktemp("journeys"))


@pytest.fixture(scope="session")
def quarter_engine(quarter: Settings, catalogue: Catalogue, tables: LayerTables) -> Iterator[Engine]:
    """The quarter built and analysed, a planner who may see all of it and an editor of its water pipes."""
    engine = make_engine(parse_url(quarter.database_url))
    with engine.begin() as connection:
        scene.build(connection, tables)
        people.add_department(connection, "qhkt", "Sở Quy hoạch Kiến trúc", "Planning department")
        people.add_person(connection, PLANNER[0], "Trần Thị Lan", "qhkt", PLANNER[1])
        people.add_person(connection, EDITOR[0], "Trần Thị Ngân", "qhkt", EDITOR[1])
        people.grant_to_person(connection, PLANNER[0], "viewer", "*", catalogue)
        people.grant_to_person(connection, EDITOR[0], "viewer", "*", catalogue)
        people.grant_to_person(connection, EDITOR[0], "editor", "water_pipe", catalogue)
    scene.analyse(engine, quarter, catalogue, tables)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def address(quarter: Settings, quarter_engine: Engine) -> Iterator[str]:
    """Where the quarter is served."""
    if bundle.find_bundle(bundle.FOLDER) is None:
        pytest.skip("the map is not built: npm ci && npm run build in gis_infra/web/viewer/frontend")
    yield from serve(create_app(quarter, quarter_engine))


def serve(app: Flask) -> Iterator[str]:
    """The address of an application served until the caller is done."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    quieten(app)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, once for all journeys."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, address: str) -> StorageState:
    """The cookies of the planner, who has signed in by the form."""
    return sign_in(browser, address, PLANNER)


@pytest.fixture(scope="session")
def signed_in_editor(browser: Browser, address: str) -> StorageState:
    """The cookies of the editor."""
    return sign_in(browser, address, EDITOR)


def sign_in(browser: Browser, address: str, person: tuple[str, str]) -> StorageState:
    """The cookies of a person, a user name and a password, who signs in by the form."""
    page = browser.new_page()
    page.goto(f"{address}/sign-in")
    page.fill('input[name="username"]', person[0])
    page.fill('input[name="password"]', person[1])
    page.click("form button")
    page.wait_for_url(re.compile("/(#.*)?$"))
    state = page.context.storage_state()
    page.context.close()
    return state


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Session]]:
    """Opens pages; at the end of the journey none of them may have complained."""
    sessions: list[Session] = []

    def start(
        size: tuple[int, int] = SMALL, *, dark: bool = False, touch: bool = False, state: StorageState | None = None
    ) -> Session:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=touch,
            is_mobile=touch,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            storage_state=state,
        )
        session = Session(context.new_page(), address)
        listen(session)
        sessions.append(session)
        return session

    yield start
    for session in sessions:
        session.page.context.close()
    assert [complaint for session in sessions for complaint in session.complaints] == []


def listen(session: Session) -> None:
    """Note whatever a clean page would not do."""
    page, complaints = session.page, session.complaints
    page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
    page.on("console", lambda message: note_console(session, message))
    page.on("requestfailed", lambda request: note_failure(session, request.url, request.failure))
    page.on("request", lambda request: note_request(session, request.url))


def note_console(session: Session, message: ConsoleMessage) -> None:
    """Note a warning or an error and where it came from; a violated content security policy is told here too."""
    if message.type in {"warning", "error"} and not any(noise in message.text for noise in DRIVER_NOISE):
        session.complaints.append(f"console {message.type}: {message.text} {message.location['url']}")


def note_failure(session: Session, url: str, failure: str | None) -> None:
    """Note a request that failed, but not one the page itself gave up."""
    if failure != "net::ERR_ABORTED":
        session.complaints.append(f"failed: {url} {failure}")


def note_request(session: Session, url: str) -> None:
    """Note a request to anywhere but the host."""
    if not url.startswith((f"{session.address}/", "blob:", "data:")):
        session.complaints.append(f"left the host: {url}")


@pytest.fixture
def map_page(visit: Callable[..., Session]) -> Session:
    """A page in a small window, nobody signed in."""
    return visit()


@pytest.fixture
def planner_page(visit: Callable[..., Session], signed_in: StorageState) -> Session:
    """A page in a small window, the planner signed in."""
    return visit(state=signed_in)


@pytest.fixture
def editor_page(visit: Callable[..., Session], signed_in_editor: StorageState) -> Session:
    """A page in a small window, the editor of water pipes signed in."""
    return visit(state=signed_in_editor)
