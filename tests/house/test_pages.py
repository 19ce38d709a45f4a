"""The generated pages of docs/ are what the program would write today."""

import pytest

from gis_infra.cli import pages
from gis_infra.settings import ROOT, SETTINGS


@pytest.fixture(scope="module")
def written():
    """Every page, as the program writes it."""
    return pages.render_pages()


@pytest.mark.parametrize("name", ["cli.md", "settings.md", "layers.md"])
def test_a_generated_page_is_fresh(written, name):
    stale = f"docs/{name} is stale; run script/docs"
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == written[name], stale


def test_the_settings_page_names_every_setting():
    page = pages.render_settings()
    assert all(f"`{each.variable}`" in page for each in SETTINGS)
