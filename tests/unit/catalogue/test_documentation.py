"""The page of layers. Its freshness is tested with the other generated pages, in tests/house."""

from gis_infra.catalogue import documentation


def test_every_layer_has_a_section_a_link_and_its_fields(catalogue):
    page = documentation.render(catalogue)
    for layer in catalogue.layers.values():
        assert f"\n## {layer.id}\n" in page and f"(#{layer.id})" in page
        assert all(f"| `{field.name}` |" in page for field in layer.fields)


def test_what_may_stand_in_a_field_is_said_in_a_few_words(catalogue):
    pipe = catalogue.get_layer("water_pipe")
    assert (
        documentation.describe_values(pipe.get_field("nominal_diameter_mm"))
        == "integer, mm, 15 … 4 000, usually 40 … 2 400"
    )
    assert documentation.describe_values(pipe.get_field("zone")) == "text, at most 100 characters"
    assert documentation.describe_values(pipe.get_field("created_at")) == "timestamp, kept by the program"
    assert documentation.describe_values(pipe.get_field("lining")).startswith("`none` None · Không; `cement_mortar`")


def test_what_files_write_and_what_must_hold_is_listed(catalogue):
    lines = documentation.render(catalogue).splitlines()
    assert any(line.startswith("* In files, `material`: ") and "`cast_iron` gang, CI," in line for line in lines)
    start = "* Must hold (warning): `invert_up_m >= invert_down_m, unless flow is pressure`. The upstream invert is no"
    assert [line.startswith(start) for line in lines].count(True) == 1
    assert sum("`installed_on <= decommissioned_on`" in line for line in lines) == 1


def test_a_pattern_does_not_break_the_table(catalogue):
    lines = documentation.render(catalogue).splitlines()
    rows = [line.replace("\\|", "") for line in lines if line.startswith("| `")]
    assert len(rows) > 246 and {row.count("|") for row in rows} == {5}
