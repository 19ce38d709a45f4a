"""Profiles: which entry is for a file, what wins, and what is told of a file that is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.errors import InvalidParameter, LayerFileError, MissingError
from gis_infra.settings import ROOT
from gis_infra.transfer.mapping.profile_reading import list_profiles, read_profile
from gis_infra.transfer.mapping.profile_writing import write_profile
from gis_infra.transfer.mapping.profiles import Profile, ProfileEntry, find_entry, merge, to_reading
from gis_infra.transfer.request import Reading

PIPES = ProfileEntry(
    source="ong_*",
    layer="water_pipe",
    crs="EPSG:5899",
    swap_xy=True,
    encoding="TCVN3",
    encodings={"GHI_CHU": "VNI"},
    mapping={"DK": "nominal_diameter_mm", "STT": "", "VL": "material"},
    units={"DK": "cm"},
    codes={"VL": {"1": "steel", "?": ""}},
)
VALVES = ProfileEntry(source="van", layer="water_valve")
PROFILE = Profile("cho_lon", "Cấp nước Chợ Lớn", "cap_nuoc", "Công ty Cấp nước", (PIPES, VALVES))


@pytest.fixture(scope="module")
def layers():
    return read_catalogue(ROOT / "layers")


@pytest.mark.parametrize(
    ("source_layer", "entry"),
    [
        ("ong_2024", PIPES),
        ("Ống 2024", PIPES),
        ("ONG-CAP-NUOC.shp", PIPES),
        ("2024/quy1/ong_q1.shp", PIPES),
        ("giao_nop.gpkg:ong_q1", PIPES),
        ("van", VALVES),
        ("van_2024", None),
        ("duong_ong", None),
        ("", None),
    ],
)
def test_the_entry_of_a_file_is_found_by_its_name_without_marks(source_layer, entry):
    assert find_entry(PROFILE, source_layer) is entry


def test_an_entry_is_said_whole_and_its_columns_may_be_missing():
    reading = to_reading(PIPES)
    assert (reading.crs, reading.swap_xy, reading.encoding) == ("EPSG:5899", True, "TCVN3")
    assert reading.mapping == PIPES.mapping and reading.units == {"DK": "cm"}
    assert reading.remembered == {"DK", "STT", "VL", "GHI_CHU"}


def test_what_is_said_wins_over_what_a_profile_knows():
    said = Reading(mapping={"dk": "outer_diameter_mm"}, units={"DK": "m"}, codes={"vl": {"2": "hdpe"}}, encoding="VNI")
    merged = merge(to_reading(PIPES), said)
    assert merged.mapping == {"STT": "", "VL": "material", "dk": "outer_diameter_mm"}
    assert merged.units == {"DK": "m"}
    assert merged.codes == {"vl": {"1": "steel", "?": "", "2": "hdpe"}}
    assert (merged.encoding, merged.encodings, merged.crs, merged.swap_xy) == ("VNI", {}, "EPSG:5899", True)
    assert merged.remembered == {"STT", "GHI_CHU"}


def test_a_field_that_is_said_is_taken_from_the_column_the_profile_had_for_it():
    merged = merge(to_reading(PIPES), Reading(mapping={"D2": "nominal_diameter_mm"}))
    assert merged.mapping == {"DK": "", "STT": "", "VL": "material", "D2": "nominal_diameter_mm"}


def test_a_coordinate_system_that_is_said_brings_its_own_order_of_axes():
    assert merge(to_reading(PIPES), Reading(crs="EPSG:9210")).swap_xy is False
    assert merge(to_reading(PIPES), Reading(crs="EPSG:9210", swap_xy=True)).swap_xy is True


def test_a_profile_is_read_as_it_was_written(tmp_path, layers):
    path = write_profile(tmp_path / "profiles", PROFILE)
    assert path == tmp_path / "profiles" / "cho_lon.yaml"
    assert read_profile(tmp_path / "profiles", "cho_lon", layers) == PROFILE
    assert list_profiles(tmp_path / "profiles") == ("cho_lon",)
    assert [each.name for each in (tmp_path / "profiles").iterdir()] == ["cho_lon.yaml"]


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1).filter(
    lambda text: text == text.strip()
)


@settings(max_examples=60, deadline=None)
@given(
    mapping=st.dictionaries(WORDS, st.sampled_from(["", "material", "street"]), max_size=2).filter(
        lambda found: len({*found.values()} - {""}) == len([name for name in found.values() if name])
    ),
    values=st.dictionaries(WORDS, st.sampled_from(["", "steel"]), max_size=3),
    owner=WORDS,
)
def test_any_words_come_back_from_the_file_to_the_letter(tmp_path_factory, layers, mapping, values, owner):
    codes = {"Vật liệu #": values} if values else {}
    entry = ProfileEntry("ống: *", "water_pipe", mapping=mapping, codes=codes)
    folder = tmp_path_factory.mktemp("profiles")
    profile = Profile("x", owner=owner, entries=(entry,))
    write_profile(folder, profile)
    assert read_profile(folder, "x", layers) == profile


def test_comments_stay_when_a_profile_is_written_again(tmp_path, layers):
    path = tmp_path / "x.yaml"
    path.write_text(
        "# ours since 2019\nowner: A  # until the merger\nfiles:\n  # pipes\n  - source: ong_*\n    layer: water_pipe\n"
        "    map:\n      DK: nominal_diameter_mm  # in cm!\n    units: {DK: cm}\n"
        "  - source: van\n    layer: water_valve\n",
        encoding="utf-8",
    )
    known = read_profile(tmp_path, "x", layers)
    pipes, _ = known.entries
    more = ProfileEntry("ong_*", "water_pipe", crs="EPSG:9210", mapping={**pipes.mapping, "VL": "material"}, units={})
    write_profile(tmp_path, Profile("x", owner="B", entries=(more, ProfileEntry("tru", "fire_hydrant"))))
    text = path.read_text(encoding="utf-8")
    assert all(words in text for words in ("# ours since 2019", "# until the merger", "# pipes", "# in cm!"))
    assert "owner: B" in text and "VL: material" in text and "van" not in text and "units" not in text
    assert [each.source for each in read_profile(tmp_path, "x", layers).entries] == ["ong_*", "tru"]


def test_a_profile_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    write_profile(tmp_path, PROFILE)
    before = (tmp_path / "cho_lon.yaml").read_bytes()

    def fail(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_profile(tmp_path, Profile("cho_lon"))
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("cho_lon.yaml", before)]


WRONG = [
    ("owner: A", "ower: A", 1, "unknown key 'ower'; did you mean 'owner'?"),
    ("layer: water_pipe", "layer: water_pip", 4, "there is no layer 'water_pip'; did you mean 'water_pipe'?"),
    ("crs: EPSG:9210", "crs: EPSG:1", 5, "'EPSG:1'"),
    ("swap_xy: false", "swap_xy: maybe", 6, "swap_xy must be true or false"),
    ("encoding: TCVN3", "encoding: klingon", 7, "klingon"),
    ("DK: nominal_diameter_mm", "DK: nominal_diameter", 9, "no field 'nominal_diameter' to fill; it has nominal_d"),
    ("DK: nominal_diameter_mm", "DK: import_id", 9, "import_id is kept by the program"),
    ("VL: material", "VL: nominal_diameter_mm", 10, "two columns are mapped to nominal_diameter_mm"),
    (
        "units: {DK: cm}",
        "units: {DK: kV}",
        11,
        "DK goes to a field in mm, and cannot be in 'kV'; allowed are mm, cm, m",
    ),
    ("units: {DK: cm}", "units: {X: smoot}", 11, "'smoot' is no unit known here"),
    ("codes: {VL: {1: steel}}", "codes: {VL: {1: stel}}", 12, "material has no code 'stel'; it has steel"),
    ("  - source: ong", "  - sauce: ong", 3, "a file lacks 'source'"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "words"), WRONG, ids=[wrong for _, wrong, _, _ in WRONG])
def test_a_wrong_entry_is_told_by_file_and_line(tmp_path, layers, right, wrong, line, words):
    text = (
        "owner: A\nfiles:\n  - source: ong\n    layer: water_pipe\n    crs: EPSG:9210\n    swap_xy: false\n"
        "    encoding: TCVN3\n    map:\n      DK: nominal_diameter_mm\n      VL: material\n    units: {DK: cm}\n"
        "    codes: {VL: {1: steel}}\n"
    )
    assert text.count(right) == 1
    (tmp_path / "x.yaml").write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(LayerFileError) as caught:
        read_profile(tmp_path, "x", layers)
    lines = caught.value.message.splitlines()
    assert any(each.startswith(f"{tmp_path.name}/x.yaml:{line}: ") and words in each for each in lines), lines


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("cholon", MissingError, "there is no profile 'cholon'; there is cho_lon, van"),
        ("../etc", InvalidParameter, "a profile's name is letters a to z"),
        ("", InvalidParameter, "a profile's name"),
        ("Chợ Lớn", InvalidParameter, "a profile's name"),
    ],
)
def test_a_profile_that_is_not_there_is_refused_with_those_that_are(tmp_path, layers, name, error, words):
    for known in ("van", "cho_lon"):
        write_profile(tmp_path, Profile(known))
    with pytest.raises(error, match=words):
        read_profile(tmp_path, name, layers)
