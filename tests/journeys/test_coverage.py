"""Coverage: who has a hydrant near, by ward, and where nobody has."""

from playwright.sync_api import expect


def test_wards_are_shaded_and_gaps_are_listed(map_page):
    page = map_page.open("#tool=coverage")
    page.get_by_label("Dịch vụ", exact=True).select_option("fire_hydrant")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.locator("tbody tr").first).to_contain_text("Phường Ỷ Yên")  # the hydrants are all in the other ward
    expect(page.locator("tbody tr").first).to_contain_text("0%")
    expect(page.locator(".scale li")).to_have_count(6)
    expect(page.locator(".gaps li").first).to_contain_text("người")
    map_page.expect_drawn(wards=2)
    assert "service=fire_hydrant" in page.url
    map_page.shoot("coverage_vi")


def test_the_figures_of_the_city_are_those_of_the_quarter(map_page):
    page = map_page.open("#tool=coverage&service=fire_hydrant&lang=en")
    # 15 blocks of 16 houses; a hydrant stands at each end of the westernmost streets and reaches 150 m.
    served = page.locator("tbody tr").nth(1).locator("td").nth(1)
    expect(served).to_be_visible()
    by_people = page.get_by_role("button", name="Population")
    by_houses = page.get_by_role("button", name="Buildings")
    # Five people in every house: the shares are the same.
    assert by_people.locator("b").inner_text() == by_houses.locator("b").inner_text()
    by_houses.click()
    expect(by_houses).to_have_attribute("aria-pressed", "true")
    map_page.shoot("coverage_en")


def test_a_gap_is_shown_on_the_map_when_asked_for(map_page):
    page = map_page.open("#tool=coverage&service=fire_hydrant")
    page.get_by_role("button", name="Vùng trống 1", exact=True).click()
    map_page.expect_drawn(highlight=1)


def test_a_service_never_computed_says_how_to_compute_it(map_page):
    page = map_page.open("#tool=coverage")
    page.get_by_label("Dịch vụ", exact=True).select_option("post_office")
    expect(page.locator(".panel")).to_contain_text("gis-infra coverage run post_office")
    map_page.expect_drawn(wards=0, gaps=0)
