"""Measuring lines, areas and places, and the coordinates under the pointer in the city's grid, in both languages."""

import re

import pytest
from playwright.sync_api import expect
from pyproj import Geod

from tests.journeys.conftest import DESKTOP, FRAME_MS, PHONE, Session
from tests.journeys.scene import ORIGIN, lonlat, view
from tests.journeys.test_pages import expect_true, find_faults

CORNERS = ((0, 0), (240, 0), (240, 120))
WORDS = {"vi": ("Dài", "Diện tích", "Tọa độ"), "en": ("Length", "Area", "Place")}
IS_DRAWING = "document.querySelector('.maplibregl-canvas').style.cursor === 'crosshair'"
COUNT_RULER = "window.gisInfraMap.queryRenderedFeatures().filter((each) => each.source === 'ruler').length"


def draw(session: Session, places: tuple[tuple[float, float], ...]) -> None:
    """Click places one after the other, and end with Enter."""
    expect_true(session.page, IS_DRAWING)
    for place in places:
        session.page.mouse.move(*session.find_pixel(*lonlat(*place)))
        session.page.wait_for_timeout(FRAME_MS)  # the corner goes where the pointer was seen last
        session.click_map(*lonlat(*place))
        session.page.wait_for_timeout(4 * FRAME_MS)  # two clicks sooner would be one double click
    session.page.keyboard.press("Enter")
    # Kept in the address once it is whole, not while it is drawn.
    expect(session.page).to_have_url(re.compile("&ruler=[LA]"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_line_and_an_area_are_measured_on_the_ellipsoid(visit, language):
    session = visit(DESKTOP)
    page = session.open(view(120, 60, 17) + f"&lang={language}")
    length, area, _ = WORDS[language]
    page.locator("#tool-measure").click()
    expect(page.locator("#measure-length")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#measure-length")).to_contain_text(length)
    session.wait()
    draw(session, CORNERS)
    geod = Geod(ellps="WGS84")
    line = [lonlat(*place) for place in CORNERS]
    expected = geod.line_length(*zip(*line, strict=True))
    # A pixel is 0.6 m wide at this scale.
    figures = page.locator(".measured .figure")
    expect(figures).to_have_count(2)
    assert read_number(figures.nth(0).inner_text(), language) == pytest.approx(expected, abs=4)
    assert "&ruler=L." in page.url
    session.shoot(f"measure_length_{language}")
    page.get_by_role("button", name=area, exact=True).click()
    expect(figures).to_have_count(0)
    session.wait()
    draw(session, CORNERS)
    expect(figures).to_have_count(2)
    area_m2 = abs(geod.polygon_area_perimeter(*zip(*line, strict=True))[0])
    assert read_number(figures.nth(0).inner_text(), language) == pytest.approx(area_m2, rel=0.03)
    assert find_faults(page) == []
    session.shoot(f"measure_area_{language}")


def read_number(text: str, language: str) -> float:
    """A figure with its unit, in metres or square metres."""
    number, unit = text.split("\u00a0" if "\u00a0" in text else " ")
    plain = number.replace(".", "").replace(",", ".") if language == "vi" else number.replace(",", "")
    return float(plain) * {"m": 1, "km": 1000, "m²": 1, "ha": 10_000, "km²": 1_000_000}[unit]


def test_what_is_measured_shows_while_it_is_drawn_and_escape_starts_over(visit):
    session = visit(DESKTOP)
    page = session.open(view(120, 60, 17) + "&tool=measure")
    expect_true(page, IS_DRAWING)
    session.click_map(*lonlat(20, 20))
    for east in (100, 180, 220):
        page.wait_for_timeout(FRAME_MS)
        page.mouse.move(*session.find_pixel(*lonlat(east, 20)))
    figure = page.locator(".measured .figure").first
    expect(figure).to_be_visible()
    page.wait_for_timeout(2 * FRAME_MS)
    assert read_number(figure.inner_text(), "vi") == pytest.approx(200, abs=5)
    assert "ruler=" not in page.url, "what is only begun is not kept"
    page.keyboard.press("Escape")
    expect(page.locator(".measured .figure")).to_have_count(0)
    expect(page.locator(".panel")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_hidden()


@pytest.mark.parametrize(
    ("language", "pattern"),
    [("vi", r"X 1\.191\.5\d\d,\d\d Y 603\.0\d\d,\d\d"), ("en", r"E 603,0\d\d\.\d\d N 1,191,5\d\d\.\d\d")],
)
def test_the_pointer_is_told_in_the_citys_grid_and_in_degrees(map_page, language, pattern):
    page = map_page.open(view(60, 60, 19) + f"&lang={language}")
    page.mouse.move(*map_page.find_pixel(*lonlat(60, 60)))
    words = page.locator(".pointer")
    expect(words).to_contain_text(re.compile(pattern))
    _, latitude = lonlat(60, 60)
    expect(words).to_contain_text(f"{latitude:.5f}"[:-1])
    numbers = re.findall(r"[\d.,]+", words.inner_text())[:2]
    plain = [each.replace(".", "").replace(",", ".") if language == "vi" else each.replace(",", "") for each in numbers]
    found = sorted(map(float, plain))
    assert found == pytest.approx([ORIGIN[0] + 60, ORIGIN[1] + 60], abs=0.2)


def test_a_place_is_taken_and_comes_back_by_its_link_and_by_the_search_box(map_page):
    page = map_page.open(view(60, 60, 19) + "&tool=measure")
    page.locator("#measure-place").click()
    map_page.click_map(*lonlat(70, 50))
    figures = page.locator(".measured .figure")
    expect(figures).to_have_count(2)
    told = figures.nth(0).inner_text()
    page.reload()
    map_page.wait()
    expect(figures.nth(0)).to_have_text(told)
    expect_true(page, f"{COUNT_RULER} > 0")
    page.locator("#search").fill(told)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("&found="))
    map_page.wait()
    center = page.evaluate("window.gisInfraMap.getCenter().toArray()")
    assert center == pytest.approx(lonlat(70, 50), abs=3e-6)


def test_the_keyboard_alone_takes_the_place_at_the_centre(map_page):
    page = map_page.open(view(60, 60, 19) + "&tool=measure")
    page.locator("#measure-place").focus()
    page.keyboard.press("Enter")
    page.locator("canvas.maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".measured .figure").first).to_contain_text("603.060")


def test_on_a_phone_the_tool_is_on_the_map(visit):
    session = visit(PHONE, dark=True)
    page = session.open(view(60, 60, 18))
    page.locator("#tool-measure").click()
    page.locator("#measure-place").click()
    # Lower than the search box, higher than the panel.
    session.click_map(*lonlat(60, 60))
    expect(page.locator(".measured .figure")).to_have_count(2)
    assert find_faults(page) == []
    session.shoot("measure_phone_dark")
