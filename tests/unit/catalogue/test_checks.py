"""Checks between attributes, synonyms of codes and units, as layer files have them."""

from fractions import Fraction

import pytest

from gis_infra.catalogue.check_entries import describe
from gis_infra.catalogue.definitions import Term
from gis_infra.catalogue.names import fold
from gis_infra.catalogue.reading import check_folder, read_catalogue
from gis_infra.catalogue.units import ALL_UNITS, get_ratio, list_alike
from gis_infra.errors import InvalidParameter

CHECK = "check: tested_on <= today\n    severity: error"


def test_a_layer_has_the_checks_of_every_layer_and_then_its_own(catalogue):
    texts = [each.text for each in catalogue.get_layer("manhole").checks]
    assert texts[0] == "installed_on <= decommissioned_on"
    assert texts[-1] == "depth_m = cover_level_m - floor_level_m"
    assert [each.text for each in catalogue.get_layer("tree").checks] == texts[: len(texts) - 3]


def test_a_check_has_everything_its_entry_says(catalogue):
    *_, check = catalogue.get_layer("manhole").checks
    assert (check.left, check.comparison) == ((Term("depth_m"),), "=")
    assert check.right == (Term("cover_level_m"), Term("floor_level_m", -1))
    assert (check.unit, check.tolerance, check.severity) == ("m", 0.5, "warning")
    assert check.field_names == ("depth_m", "cover_level_m", "floor_level_m")
    assert describe(check) == "depth_m = cover_level_m - floor_level_m, to 0.5 m"


def test_every_check_of_the_city_is_titled_in_both_languages(catalogue):
    checks = {each.text: each for layer in catalogue.layers.values() for each in layer.checks}
    assert len(checks) >= 20
    assert all(each.title.vi and each.title.en and each.title.vi != each.title.en for each in checks.values())


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("check: tested_on <= now\n    severity: error", "names 'now', which is not a field of the layer"),
        ("check: tested_on < \n    severity: error", "must be like 'a < b'"),
        ("check: tested_on == today\n    severity: error", "must be like 'a < b'"),
        ("check: 1 < 2\n    severity: error", "compares no field"),
        ("check: tested_on + 1 < today\n    severity: error", "a date is compared with one other date or with today"),
        ("check: serial < kind\n    severity: error", "must compare numbers with numbers or dates with dates"),
        ("check: tested_on < fibres\n    severity: error", "must compare numbers with numbers or dates with dates"),
        ("check: length_mm < fibres\n    severity: error", "do not measure the same: length_mm, fibres"),
        ("check: length_mm < today\n    severity: error", "must compare numbers with numbers"),
        ("check: tested_on <= today\n    severity: fatal", "severity must be one of error, warning, got 'fatal'"),
        ("check: tested_on <= today", "a check lacks 'severity'"),
        (f"{CHECK}\n    tolerance: 1", "tolerance goes with = only"),
        (f"{CHECK}\n    unless: {{serial: [a]}}", "unless names 'serial', which is not a code field"),
        (f"{CHECK}\n    unless: {{kind: [round]}}", "unless: kind must be one of straight, branch, got 'round'"),
    ],
)
def test_a_wrong_check_is_told_with_its_line(layer_folder, new, words):
    line = layer_folder.spoil(CHECK, new)
    _, problems = check_folder(layer_folder.folder)
    assert [each for each in problems if words in each.message and line <= each.line <= line + 2], problems


def test_without_a_file_of_checks_a_city_has_those_of_its_layers(layer_folder):
    layer = read_catalogue(layer_folder.folder).get_layer("splice_box")
    assert [each.text for each in layer.checks] == ["tested_on <= today"]


def test_a_code_has_the_synonyms_its_entry_says(layer_folder):
    kind = read_catalogue(layer_folder.folder).get_layer("splice_box").get_field("kind")
    assert kind.code_synonyms == {"branch": ("rẽ nhánh", "chữ Y", "tap")}
    assert list(kind.codes) == ["straight", "branch"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("chữ Y, tap]", "thẳng, Măng xông thẳng]", "synonym 'Măng xông thẳng' of 'branch' already means 'straight'"),
        ("chữ Y, tap]", "STRAIGHT]", "synonym 'STRAIGHT' of 'branch' already means 'straight'"),
        ("chữ Y, tap]", "'--']", "synonym '--' has no letters or digits"),
        ("[rẽ nhánh, chữ Y, tap]", "tap", "synonyms of 'branch' must be a list"),
        ("usual: [150, 800]", "usual: [800, 150]", "usual must be two ordered numbers [a, b] within min and max"),
        ("usual: [150, 800]", "usual: [150, 8000]", "usual must be two ordered numbers"),
        ("usual: [150, 800]", "usual: [150]", "usual must be two ordered numbers"),
    ],
)
def test_a_wrong_synonym_or_usual_range_is_told(layer_folder, old, new, words):
    line = layer_folder.spoil(old, new)
    _, problems = check_folder(layer_folder.folder)
    assert [each for each in problems if words in each.message and each.line == line], problems


def test_no_word_of_the_city_means_two_codes_of_a_field(catalogue):
    for layer in catalogue.layers.values():
        for field in layer.fields:
            meant = {}
            for code, title in field.codes.items():
                for word in {fold(name) for name in (code, title.vi, title.en, *field.code_synonyms.get(code, ()))}:
                    assert meant.setdefault(word, code) == code, (layer.id, field.name, word)


@pytest.mark.parametrize(
    ("unit", "target", "ratio"),
    [
        ("m", "mm", 1000),
        ("in", "mm", Fraction("25.4")),
        ("ft", "in", 12),
        ("ha", "m2", 10_000),
        ("m3/h", "m3/d", 24),
        ("l/s", "m3/d", Fraction("86.4")),
        ("MPa", "bar", 10),
        ("kgf/cm2", "bar", Fraction("0.980665")),
        ("kgf/cm2", "mH2O", 10),
        ("V", "kV", Fraction("0.001")),
        ("MVA", "kVA", 1000),
        ("h", "min", 60),
    ],
)
def test_units_of_one_quantity_turn_into_each_other_exactly(unit, target, ratio):
    assert get_ratio(unit, target) == ratio and get_ratio(target, unit) == 1 / Fraction(ratio)


def test_units_of_two_quantities_do_not():
    with pytest.raises(InvalidParameter, match="kV is a unit of voltage, mm one of length"):
        get_ratio("kV", "mm")
    assert "kV" not in list_alike("mm") and set(list_alike("bar")) == {"bar", "kPa", "MPa", "mH2O", "kgf/cm2"}
    assert all(unit in list_alike(unit) for unit in ALL_UNITS)
