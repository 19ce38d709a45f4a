"""The map in a headless browser over a full database: when it stands, and how it moves.

    python -m benchmarks.map [--rows 1000000] [--times 3]

Sewers of `rows` pieces in a city 20 km wide, a public layer that is on from the start; one server process; Chromium
drawing in software, its cache empty each time. Told are: the milliseconds from asking for the page until the layers in
view are drawn (median), the longest task of the page while it is panned and zoomed, and the bytes of the scripts and
style sheets it fetches, as they are sent. Needs the built map, Chromium and the playwright package of the tests.
"""

import argparse
import statistics
import sys
import time

from playwright.sync_api import Browser, Page, Response, sync_playwright
from sqlalchemy import URL, text

from benchmarks.common.servers import running, start_one
from gis_infra.settings import read_settings
from gis_infra.storage import databases, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine
from gis_infra.web.viewer import bundle

DATABASE = "gis_infra_bench_map"
PORT = 8493
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
WINDOW = {"width": 1280, "height": 800}
DRAW_LIMIT_MS, REST_MS = 120_000, 1500
MOVES = ("ArrowRight", "ArrowDown", "+", "ArrowLeft", "+", "ArrowUp", "-", "-")
LINES = """
INSERT INTO infra.sewer_pipe (geom, asset_code, system, nominal_diameter_mm)
SELECT st_setsrid(st_makeline(ARRAY[st_makepoint(x, y), st_makepoint(x + 20, y + 13), st_makepoint(x + 45, y + 11)]),
                  9210), 'S' || number, 'combined', 300 + number % 5 * 100
FROM (SELECT number, 593000 + random() * 20000 AS x, 1181500 + random() * 20000 AS y
      FROM generate_series(1, :rows) AS number) AS places
"""
# Noted before any script of the page runs, by the browser itself.
WATCH = """
window.longestTask = 0;
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) window.longestTask = Math.max(window.longestTask, duration);
}).observe({ type: "longtask", buffered: true });
"""
FORGET = "window.longestTask = 0"
DRAWN = '.stage[aria-busy="false"]'


def main() -> None:
    """Fill a database, serve it, open the map, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    if bundle.find_bundle(bundle.FOLDER) is None:
        sys.exit("the map is not built: npm ci && npm run build in gis_infra/web/viewer/frontend")
    url = databases.create(PrivateCluster(read_settings().home).ensure_running(), DATABASE)
    try:
        fill(url, asked.rows)
        with running(start_one(url, PORT), PORT, "/healthz"):
            look(asked.times)
    finally:
        databases.drop(PrivateCluster(read_settings().home).ensure_running(), DATABASE)


def fill(url: URL, rows: int) -> None:
    """The sewers of the city."""
    engine = make_engine(url)
    schema.upgrade(engine, 9210)
    with engine.begin() as connection:
        connection.execute(text(LINES), {"rows": rows})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE infra.sewer_pipe"))
    engine.dispose()


def look(times: int) -> None:
    """Open the map a few times, move about in it once, and print what that took."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        # The first look makes the tiles; those after it find them kept, as all but the first reader of a day do.
        first_ms = open_once(browser)
        again_ms = [open_once(browser) for _ in range(times)]
        print(f"map drawn, tiles made anew {first_ms:8.0f} ms")
        print(f"map drawn, tiles kept      {statistics.median(again_ms):8.0f} ms   goal: 1500 or less")
        move(browser)
        browser.close()


def open_page(browser: Browser) -> Page:
    """A page of an empty cache that notes its long tasks."""
    page = browser.new_context(viewport=WINDOW, reduced_motion="reduce").new_page()
    page.add_init_script(WATCH)
    return page


def open_once(browser: Browser) -> float:
    """Milliseconds until the map is drawn."""
    page = open_page(browser)
    begun = time.perf_counter()
    page.goto(f"http://127.0.0.1:{PORT}/")
    page.wait_for_selector(DRAWN, timeout=DRAW_LIMIT_MS)
    taken = (time.perf_counter() - begun) * 1000
    page.context.close()
    return taken


def move(browser: Browser) -> None:
    """Pan and zoom, and print the longest task, and what scripts and style sheets weigh."""
    page = open_page(browser)
    sizes: dict[str, int] = {}
    page.on("response", lambda response: note(response, sizes))
    page.goto(f"http://127.0.0.1:{PORT}/")
    page.wait_for_selector(DRAWN, timeout=DRAW_LIMIT_MS)
    page.evaluate(FORGET)
    page.focus("canvas.maplibregl-canvas")
    for key in MOVES:
        page.keyboard.press(key)
        page.wait_for_timeout(REST_MS)
    page.wait_for_selector(DRAWN, timeout=DRAW_LIMIT_MS)
    code = sum(size for address, size in sizes.items() if address.endswith((".js", ".css")))
    print(f"longest task while moving  {page.evaluate('window.longestTask'):8.0f} ms   goal: 200 or less")
    print(f"scripts and style sheets   {code / 1000:8.0f} kB   goal: 450 or less")
    page.context.close()


def note(response: Response, sizes: dict[str, int]) -> None:
    """Keep how many bytes an answer had as it was sent."""
    sizes[response.url] = int(response.headers.get("content-length", 0))


if __name__ == "__main__":
    main()
