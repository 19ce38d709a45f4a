"""The rule files: those of this checkout, and how wrong ones are told."""

import datetime
from textwrap import dedent

import pytest

from gis_infra.analysis.rules.kinds import KINDS
from gis_infra.analysis.rules.model import find_obstacle, is_evaluated, list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.errors import LayerFileError
from gis_infra.settings import ROOT, read_settings

TODAY = datetime.date(2026, 11, 23)
HEAD = """\
title: {vi: Thử, en: Test}
authority: nation
source: a test
legal_basis: none
verified: no
valid_from: 2020-01-01
"""
CLASSES = """\
classes:
  main: {title: {vi: Ống, en: Main}, members: {water_pipe: {}}}
  sewer: {title: {vi: Cống, en: Sewer}, members: {sewer_pipe: {}}}
"""


@pytest.fixture(scope="module")
def catalogue():
    return read_catalogue(ROOT / "layers")


@pytest.fixture(scope="module")
def book(catalogue):
    return read_rules(ROOT / "layers", catalogue)


@pytest.fixture
def read(tmp_path, catalogue):
    """Reads a folder with these classes and one pack."""

    def read_folder(pack, classes=CLASSES):
        folder = tmp_path / "layers" / "rules"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "classes.yaml").write_text(classes, encoding="utf-8")
        (folder / "pack.yaml").write_text(pack, encoding="utf-8")
        return read_rules(tmp_path / "layers", catalogue)

    return read_folder


# QCVN 01:2019/BXD, Bảng 2.31, typed from the source a second time: horizontal and vertical.
TABLE = {
    ("water_main", "water_main"): (0.5, None),
    ("water_main", "foul_sewer"): (1.0, 1.0),
    ("water_main", "storm_drain"): (0.5, 0.5),
    ("water_main", "power_cable"): (0.5, 0.5),
    ("water_main", "telecom_cable"): (0.5, 0.5),
    ("water_main", "drain_channel_or_tunnel"): (1.5, None),
    ("foul_sewer", "foul_sewer"): (0.4, None),
    ("foul_sewer", "storm_drain"): (0.4, 0.4),
    ("foul_sewer", "power_cable"): (0.5, 0.5),
    ("foul_sewer", "telecom_cable"): (0.5, 0.5),
    ("foul_sewer", "drain_channel_or_tunnel"): (1.0, None),
    ("storm_drain", "storm_drain"): (0.4, None),
    ("storm_drain", "power_cable"): (0.5, 0.5),
    ("storm_drain", "telecom_cable"): (0.5, 0.5),
    ("storm_drain", "drain_channel_or_tunnel"): (1.0, None),
    ("power_cable", "power_cable"): (0.1, 0.1),
    ("power_cable", "telecom_cable"): (0.5, 0.5),
    ("power_cable", "drain_channel_or_tunnel"): (2.0, None),
    ("telecom_cable", "telecom_cable"): (None, None),
    ("telecom_cable", "drain_channel_or_tunnel"): (1.0, None),
    ("drain_channel_or_tunnel", "drain_channel_or_tunnel"): (None, None),
}


def test_the_vietnamese_table_is_all_there(book):
    found = {rule.id: rule.required_m for rule in book.packs["qcvn01"].rules}
    for (left, right), metres in TABLE.items():
        for measure, required_m in zip(("horizontal", "vertical"), metres, strict=True):
            assert found.pop(f"qcvn01.{measure}.{left}.{right}", None) == required_m
    assert sorted(found) == [
        "qcvn01.horizontal.domestic_water_foul",
        "qcvn01.horizontal.domestic_water_foul_dn200",
        "qcvn01.horizontal.water_mains_dn300",
        "qcvn01.horizontal.water_mains_dn400",
        "qcvn01.horizontal.water_mains_over_dn1000",
    ]


def test_every_rule_says_where_it_comes_from(book):
    rules = [rule for pack in book.packs.values() for rule in pack.rules]
    assert all(rule.source and rule.clause and rule.legal_basis and rule.title.vi and rule.title.en for rule in rules)
    assert len({rule.id for rule in rules}) == len(rules)


def test_a_number_from_memory_is_never_called_verified(book):
    rules = [rule for pack in book.packs.values() for rule in pack.rules]
    assert [rule.id for rule in rules if rule.verified and "memory" in f"{rule.source} {rule.note}".lower()] == []


def test_the_packs_of_the_settings_are_there_and_hold_today(book):
    rules = list_in_force(book, read_settings({}).rule_packs, TODAY)
    packs = {"qcvn01", "vn_cover", "vn_power", "vn_environment", "works", "overbuild", "data"}
    assert {rule.pack for rule in rules} == packs
    assert {rule.kind for rule in rules} == set(KINDS)
    assert [rule.id for rule in rules if not is_evaluated(book, rule) and rule.measure == "horizontal"] == []


def test_classes_a_city_keeps_no_layer_for_are_kept_and_not_evaluated(book):
    rules = {rule.id: rule for rule in book.packs["snip"].rules}
    assert rules["snip.horizontal.water_main.gas_high_1"].required_m == 2.0
    obstacle = find_obstacle(book, rules["snip.horizontal.water_main.gas_high_1"])
    assert obstacle is not None and obstacle.en == "no layer is kept for: Gas main, high pressure, first category"
    assert is_evaluated(book, rules["snip.horizontal.water_main.water_main"])


def test_a_rule_may_say_again_what_its_pack_says(read):
    pack = HEAD + dedent("""\
        rules:
          one:
            kind: clearance
            measure: horizontal
            title: {vi: Một, en: One}
            left: {class: main, where: {nominal_diameter_mm: {at_least: 200, under: 400}, function: {not: [raw]}}}
            right: sewer
            required_m: 2
            clause: "4"
            verified: yes
            valid_to: 2021-12-31
        """)
    rule = read(pack).packs["pack"].rules[0]
    assert (rule.id, rule.required_m, rule.verified, rule.source) == ("pack.one", 2.0, True, "a test")
    assert rule.is_valid_on(datetime.date(2021, 12, 31)) and not rule.is_valid_on(datetime.date(2022, 1, 1))
    assert [(each.field, each.operator) for each in rule.left.where] == [
        ("nominal_diameter_mm", "at_least"),
        ("nominal_diameter_mm", "under"),
        ("function", "not_in"),
    ]


def rule(text):
    return f"rules:\n  one:\n    title: {{vi: a, en: b}}\n    required_m: 1\n    clause: c\n{text}"


# The lines of HEAD are 1 to 6, a rule's kind stands on line 12.
PAIR = "    kind: clearance\n    measure: horizontal\n"
ENDS = "    left: main\n    right: sewer\n"
COVER = "    kind: cover\n    asset: main\n"
CHECK = "    kind: contradiction\n    asset: main\n"


def narrowed(where):
    """A pair whose left side is narrowed."""
    return rule(f"{PAIR}    left: {{class: main, where: {{{where}}}}}\n    right: sewer\n")


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (rule("    kind: clearence\n"), 12, "kind must be one of clearance, corridor, .* got 'clearence'"),
        (rule(PAIR + "    left: main\n    right: sewr\n"), 15, "there is no class 'sewr' in classes.yaml"),
        (rule(PAIR + "    left: main\n"), 8, "rule 'one' of kind clearance lacks 'right'"),
        (rule(PAIR + ENDS + "    lefty: x\n"), 16, "unknown key 'lefty'; did you mean 'left'?"),
        (narrowed("colour: [red]"), 14, "layer water_pipe has no field 'colour'"),
        (narrowed("function: [hot]"), 14, "'function' cannot be 'hot'; its codes are raw, transmission"),
        (narrowed("material: {over: 3}"), 14, "'material' is code, so it cannot be compared with a number"),
        (narrowed("function: {has: [raw]}"), 14, "'function' is code, so it has no words joined by commas"),
        (narrowed("nominal_diameter_mm: {atleast: 3}"), 14, "unknown key 'atleast'; did you mean 'at_least'"),
        (rule(COVER + "    under: road\n"), 14, "there is no class 'road'"),
        (rule(COVER).replace("1\n", "-1\n"), 10, "required_m must be from 0 to 10000, got -1"),
        (rule(COVER + "    valid_to: 2019-01-01\n"), 14, "valid_to 2019-01-01 is before valid_from 2020-01-01"),
        (rule(COVER + "    valid_to: May\n"), 14, "valid_to must be a day like 2020-07-01, got 'May'"),
        (rule(COVER + "    verified: true\n"), 14, "verified must be one of no, yes, got True"),
        (rule(COVER + "    months: 3\n"), 14, "rule 'one' of kind cover has an unknown key 'months'"),
        (rule("    kind: overbuild\n" + ENDS + "    other_owner: maybe\n"), 15, "other_owner must be one of no, yes"),
        (rule("    kind: moratorium\n" + ENDS + "    months: 0\n"), 15, "months must be a whole number from 1 to 240"),
        (rule("    kind: joint_trench\n" + ENDS), 8, "rule 'one' of kind joint_trench lacks 'days'"),
        (rule("    kind: outside\n    asset: main\n    area: city\n"), 14, "there is no class 'city'"),
        (rule("    kind: outside\n    asset: main\n"), 8, "rule 'one' of kind outside lacks 'area'"),
        (rule("    kind: duplicate\n" + ENDS), 13, "rule 'one' of kind duplicate has an unknown key 'left'"),
        (rule(CHECK + "    check: outer_diameter_mm > colour\n"), 14, "names 'colour', which is not a field"),
        (rule(CHECK + "    check: material = 3\n"), 14, "must compare numbers with numbers or dates with dates"),
        (rule(CHECK + "    check: hot\n"), 14, "must be like 'a < b'"),
        (rule(CHECK + "    check: cover_m > 0\n    unless: {status: [hot]}\n"), 15, "must be one of proposed"),
        (rule(CHECK + "    check: cover_m > 0\n    tolerance: 1\n"), 15, "tolerance goes with = only"),
    ],
)
def test_a_wrong_rule_is_told_by_file_and_line(read, body, line, words):
    with pytest.raises(LayerFileError, match=rf"layers/rules/pack.yaml:{line}: .*{words}"):
        read(HEAD + body)


MATRIX = """\
matrices:
  horizontal:
    kind: clearance
    measure: horizontal
    clause: c
    classes: [main, sewer]
    rows:
      main:  [{}]
      sewer: [{}]
"""


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (("0.5, 1.0", "1.5, 0.4"), "main - sewer is 1.0, but sewer - main is not"),
        (("0.5, 1.0", "~, 0.4"), "main - sewer is 1.0, but sewer - main is not"),
        (("0.5", "1.0, 0.4"), "row 'main' has 1 cells for 2 classes"),
        (("0.5, x", "x, 0.4"), "must be a number, got 'x'"),
    ],
)
def test_a_matrix_must_be_whole_and_symmetric(read, cells, words):
    with pytest.raises(LayerFileError, match=words):
        read(HEAD + MATRIX.format(*cells))


@pytest.mark.parametrize(
    ("classes", "words"),
    [
        ("classes:\n  a: {title: {vi: x, en: y}, members: {gas_pipe: {}}}\n", ":2: there is no layer 'gas_pipe'"),
        (CLASSES + "sizes:\n  water_pipe: {mm: [width]}\n", ":5: layer water_pipe has no field 'width'"),
        (CLASSES + "sizes:\n  water_pipe: {inch: [x]}\n", "unknown key 'inch'"),
        (CLASSES + "windows:\n  works_project: {from: starts_on}\n", "lacks 'to'"),
        (CLASSES + "containers: tunnel\n", "containers must be one of main, sewer, got 'tunnel'"),
        (CLASSES + "buried: [gas_pipe]\n", "there is no layer 'gas_pipe'"),
        (CLASSES + "heights:\n  sewer_pipe: {mm: [height]}\n", ":5: layer sewer_pipe has no field 'height'"),
        (CLASSES + "bores:\n  sewer_pipe: {}\n", ":5: bore of 'sewer_pipe' must be {mm: "),
        (CLASSES + "surfaces:\n  road_segment: {until: moratorium_until}\n", ":5: entry of 'road_segment' lacks 'on'"),
        (CLASSES + "windows:\n  works_project: {from: starts_on, to: ends_on, by: who}\n", "has no field 'who'"),
        (CLASSES + "same:\n  telecom_cable: pipe\n", ":5: layer telecom_cable has no field 'pipe'"),
        ("", "is empty"),
    ],
)
def test_wrong_classes_are_told_by_file_and_line(read, classes, words):
    with pytest.raises(LayerFileError, match=words):
        read(HEAD + "rules: {}\n", classes)


ACCURACY = """\
unrecorded_m: 0.5
largest_m: 3
horizontal: {metres: {a: 0.05}, source: s, verified: no}
vertical: {metres: {a: 0.02}, source: s, verified: yes}
datums: {metres: {ha_tien: 0.1}, source: s, verified: no}
"""


@pytest.fixture
def read_accuracy(tmp_path, catalogue):
    """Reads a folder with these accuracies."""

    def read_folder(text):
        folder = tmp_path / "layers" / "rules"
        folder.mkdir(parents=True)
        (folder / "classes.yaml").write_text(CLASSES, encoding="utf-8")
        (folder / "accuracy.yaml").write_text(text, encoding="utf-8")
        return read_rules(tmp_path / "layers", catalogue)

    return read_folder


def test_accuracies_are_read_with_where_they_come_from(read_accuracy):
    accuracy = read_accuracy(ACCURACY).accuracy
    assert (accuracy.unrecorded_m, accuracy.largest_m, accuracy.datums.metres) == (0.5, 3.0, {"ha_tien": 0.1})
    assert accuracy.horizontal.metres == {"a": 0.05} and not accuracy.horizontal.verified
    assert accuracy.vertical.verified and accuracy.vertical.source == "s"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ACCURACY.replace("{a: 0.05}", "{e: 0.05}"), ":3: horizontal: 'e' is none of the codes a, b1"),
        (ACCURACY.replace("{a: 0.05}", "{a: far}"), ":3: horizontal: a must be a number, got 'far'"),
        (ACCURACY.replace("largest_m: 3", "largest_m: -3"), ":2: largest_m must be from 0 to 1000.0, got -3"),
        (ACCURACY.replace("largest_m: 3\n", ""), "the file lacks 'largest_m'"),
        (ACCURACY.replace("source: s, verified: yes", "verified: yes"), ":4: vertical lacks 'source'"),
        (ACCURACY.replace("{ha_tien: 0.1}", "{msl: 0.1}"), ":5: datums: 'msl' is none of the codes hon_dau"),
    ],
)
def test_wrong_accuracies_are_told_by_file_and_line(read_accuracy, text, words):
    with pytest.raises(LayerFileError, match=f"layers/rules/accuracy.yaml.*{words}"):
        read_accuracy(text)


def test_the_city_compares_levels_of_both_datums(book):
    assert book.accuracy.datums.metres == {"hon_dau": 0.0, "ha_tien": 0.167}
    assert set(book.accuracy.horizontal.metres) == {"a", "b1", "b2", "b3", "b4", "c", "d"}
