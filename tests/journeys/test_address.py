"""The address of the page holds what the register shows: its filters, its order, and the conflict that is open."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.scene import view


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_register_comes_back_with_its_filters_and_its_open_conflict(planner_page, language):
    page = planner_page.open(view(240, 240, 17) + f"&lang={language}&tool=register")
    page.locator("#register-violation").click()
    page.locator("#register-sort").select_option("newest")
    expect(page).to_have_url(re.compile("&reg=severity%3Dviolation%26sort%3Dnewest"))
    page.locator(".conflict").first.click()
    expect(page).to_have_url(re.compile(r"&conflict=\d+"))
    title = page.locator("#entry-title").inner_text()
    page.reload()
    expect(page.locator("#entry-title")).to_have_text(title)
    page.keyboard.press("Escape")
    expect(page.locator("#register-violation")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#register-sort")).to_have_value("newest")
    assert "conflict=" not in page.url
