"""An outside background where the operator has set one: shown with its maker's name, and put away by a button."""

import base64
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import Engine

from gis_infra.settings import Settings
from gis_infra.web.app import create_app
from tests.journeys.conftest import serve
from tests.journeys.scene import view

HOST = "https://tiles.example.org"
# One grey pixel.
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
WORDS = {"vi": ("Nền bản đồ ngoài", "Nền: Người làm"), "en": ("Outside background", "Background: Người làm")}


@pytest.fixture(scope="module")
def with_background(quarter: Settings, quarter_engine: Engine) -> Iterator[str]:
    """Where the quarter is served with an outside background."""
    settings = replace(quarter, background=f"{HOST}/{{z}}/{{x}}/{{y}}.png", background_attribution="Người làm")
    yield from serve(create_app(settings, quarter_engine))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_background_is_shown_named_and_put_away(with_background, visit, language):
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body=TILE, content_type="image/png", headers={"Access-Control-Allow-Origin": "*"})

    session = visit()
    session.address, page = with_background, session.page
    page.route(f"{HOST}/**", answer)
    session.open(view(240, 240, 16) + f"&lang={language}")
    button, source = WORDS[language]
    expect(page.locator(".outside-source")).to_have_text(source)
    assert asked
    session.shoot(f"background_{language}")
    page.get_by_role("button", name=button).click()
    expect(page.locator(".outside-source")).to_be_hidden()
    assert "ground=city" in page.url
    asked.clear()
    page.reload()
    session.wait()
    assert asked == []
    # What was asked of that host is what the operator has opened; nothing else left.
    session.complaints[:] = [each for each in session.complaints if HOST not in each]
