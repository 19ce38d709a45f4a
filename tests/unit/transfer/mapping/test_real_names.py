"""Names of columns as departments and surveyors write them, and what they must and must not lead to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.catalogue.names import fold
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import ROOT
from gis_infra.transfer.mapping.columns import map_columns
from gis_infra.transfer.mapping.knowing import know_by_likeness, list_known_names
from gis_infra.transfer.mapping.likeness import measure_likeness
from gis_infra.transfer.request import Reading

CATALOGUE = read_catalogue(ROOT / "layers")

# layer, column -> field, unit its numbers are in (None: the field's)
RIGHT = """
water_pipe  DUONG_KINH    nominal_diameter_mm -
water_pipe  DUONGKINH     nominal_diameter_mm -
water_pipe  DuongKinh     nominal_diameter_mm -
water_pipe  D             nominal_diameter_mm -
water_pipe  DK_MM         nominal_diameter_mm -
water_pipe  DKMM          nominal_diameter_mm -
water_pipe  DK(mm)        nominal_diameter_mm -
water_pipe  DUONG_KINH_CM nominal_diameter_mm cm
water_pipe  DUONGKINH_M   nominal_diameter_mm m
water_pipe  D_INCH        nominal_diameter_mm in
water_pipe  DK_INCH       nominal_diameter_mm in
water_pipe  DUONGG_KINH   nominal_diameter_mm -
water_pipe  DUOGN_KINH    nominal_diameter_mm -
water_pipe  DIAMETRE      nominal_diameter_mm -
water_pipe  DIAMETERS     nominal_diameter_mm -
water_pipe  nominal_di    nominal_diameter_mm -
water_pipe  outer_diam    outer_diameter_mm   -
water_pipe  DK_NGOAI_CM   outer_diameter_mm   cm
water_pipe  VATLIEU       material            -
water_pipe  VATLIEU_ONG   material            -
water_pipe  VAT_LIEU_ONG  material            -
water_pipe  MATERIALS     material            -
water_pipe  TEN_DUONG_    street              -
water_pipe  TENDUONG      street              -
water_pipe  STREETNAME    street              -
water_pipe  DO_SAU_CM     cover_m             cm
water_pipe  DOSAU         cover_m             -
water_pipe  AP_LUC_MH2O   pressure_bar        mH2O
water_pipe  AP_LUC_KPA    pressure_bar        kPa
water_pipe  ApSuat(MPa)   pressure_bar        MPa
water_pipe  SURVEYED_B    surveyor            -
water_pipe  NGAYLAPDAT    installed_on        -
water_pipe  SURVEYORS     surveyor            -
sewer_pipe  CD_DAY_DAU    invert_up_m         -
sewer_pipe  BE_RONG_M     width_mm            m
sewer_pipe  B_M           -                   -
sewer_pipe  WIDTH_CM      width_mm            cm
sewer_pipe  VATLIEU_CONG  material            -
sewer_pipe  CAO_DO_DAU_CM invert_up_m         cm
manhole     CHIEU_SAU_HO_GA depth_m           -
manhole     KICH_THUOC_CM size_mm             cm
manhole     CAO_DO_DAY_HG -                   -
road_segment TEN_DUONG    name                -
road_segment BE_RONG      width_m             -
power_cable_underground DIEN_AP_V voltage_kv  V
power_cable_underground DIENAP_KV voltage_kv  -
distribution_transformer CONG_SUAT_MVA rating_kva MVA
power_pole  CHIEU_CAO_COT height_m            -
tree        CHIEU_CAO_CAY height_m            -
tree        CHU_VI_MM     girth_cm            mm
land_parcel SOHIEUTOBA    map_sheet           -
land_parcel SOTHUTU001    parcel_number       -
land_parcel DIEN_TICH_HA  area_m2             ha
fire_hydrant LUU_LUONG_M3H flow_lps           m3/h
drainage_catchment DIEN_TICH_M2 area_ha       m2
admin_unit  DAN_SO        population          -
building    CHIEU_CAO_NHA height_m            -
telecom_cable SO_SOI      pair_count          -
"""

# layer, column: what is near a name, or looks like one, and is another thing
NEAR_MISSES = """
water_pipe LENGTH
water_pipe SHAPE_LENG
water_pipe Shape_Length
water_pipe CHIEU_DAI
water_pipe CHIEUDAI
water_pipe L_M
water_pipe DUONG_KINH_TRONG
water_pipe DK_TRONG
water_pipe DUONG_KINH_KV
water_pipe DUONG_KINH1
water_pipe DUONG_KINH_2
water_pipe DIAMETER2
water_pipe TEN_DUON_1
water_pipe DO_DOC
water_pipe GID
water_pipe OBJECTID
water_pipe FID_1
water_pipe STT
water_pipe X
water_pipe Y
water_pipe TOA_DO_X
water_pipe PHUONG
water_pipe QUAN
water_pipe MA_DUONG
water_pipe DUONG_ONG
water_pipe NAM
water_pipe SL
water_pipe MATE
water_pipe MATRIX
water_pipe LINK
water_pipe PIPE
water_pipe VAN
water_pipe COVERT
water_pipe PRESS
water_pipe STREAM
water_pipe DATUM
water_pipe DIACHI
water_pipe DIA_CHI
sewer_pipe CAO_DO_DAI
sewer_pipe CAO_DO
sewer_pipe CD
sewer_pipe CHIEU_DAI
sewer_pipe MA_ONG
sewer_pipe TEN_MUONG
sewer_pipe LOAI_BONG
sewer_pipe LENGTH
manhole CHIEU_DAI
manhole SO_HO
manhole MA_HO
manhole LENGTH
tree DUONG_KINH
tree LOAI_CAP
tree MA_CAP
road_segment LENGTH
road_segment CHIEU_DAI
building NGAY_THAM
land_parcel LOAI_DAY
telecom_cable LOAI_CAY
telecom_cable LENGTH
fire_hydrant PLANT_ID
flood_spot LOAI_NAP
public_camera CAMERAMAN
"""


def map_one(layer, column):
    return map_columns(CATALOGUE.get_layer(layer), (column,), Reading()).columns[0]


@pytest.mark.parametrize("line", [line for line in RIGHT.strip().splitlines() if line.split()[2] != "-"])
def test_a_name_as_people_write_it_leads_to_its_field(line):
    layer, column, field, unit = line.split()
    found = map_one(layer, column)
    assert found.field is not None, f"{column} is {found.reason}"
    assert (found.field.name, found.unit or "-") == (field, unit), found.reason


@pytest.mark.parametrize("line", NEAR_MISSES.strip().splitlines())
def test_what_is_only_near_a_name_leads_to_nothing(line):
    layer, column = line.split()
    found = map_one(layer, column)
    assert found.field is None, f"{column} went to {found.field.name} {found.reason}"


@pytest.mark.parametrize(
    ("layer", "column", "reason"),
    [
        ("water_pipe", "DIAMETRE", "by likeness to DIAMETER (88%)"),
        ("water_pipe", "DUONG_KINH_CM", "by name and unit"),
        ("water_pipe", "DK_MM", "by name and unit"),
        ("water_pipe", "VAT_LIEU_ONG", "by name without 'ong'"),
        ("land_parcel", "SOHIEUTOBA", "by alias"),
        ("water_pipe", "nominal_di", "by name cut to ten letters"),
        ("water_pipe", "nominal__1", "by name cut to ten letters and numbered"),
        ("water_pipe", "GID", "kept as it is"),
    ],
)
def test_how_a_column_is_known_is_said(layer, column, reason):
    assert map_one(layer, column).reason == reason


def test_a_name_that_could_be_two_fields_is_kept_and_both_are_named():
    found = map_one("sewer_pipe", "invert_dow")
    assert found.field is not None and found.field.name == "invert_down_m"
    found = map_one("admin_unit", "valid_____")
    assert found.field is None


def test_a_vietnamese_name_cut_to_ten_bytes_is_not_taken_for_a_shorter_one():
    # "Đường" may be the street, or all that is left of "Đường kính danh nghĩa".
    found = map_one("water_pipe", "Đường")
    assert found.field is None and "it could be street or nominal_diameter_mm or outer_diameter_mm" in found.reason
    assert map_one("water_pipe", "Đường kính").field.name == "nominal_diameter_mm"


def test_a_column_whose_best_field_is_taken_is_not_passed_on_to_the_next_best():
    layer = CATALOGUE.get_layer("water_pipe")
    found = map_columns(layer, ("DIAMETER", "DIAMETRE"), Reading())
    assert [each.field and each.field.name for each in found.columns] == ["nominal_diameter_mm", None]


@pytest.mark.parametrize("layer", CATALOGUE.layers.values(), ids=lambda layer: layer.id)
def test_no_name_known_to_another_layer_is_likened_to_a_field_that_does_not_have_it(layer):
    # Names that belong to fields elsewhere are the most natural near misses there are.
    owners = {}
    for each in CATALOGUE.layers.values():
        for field in each.fields:
            for name in (field.name, *field.aliases):
                owners.setdefault(name, set()).add(field.name)
    allowed = {("OPERATORS", "operator"), ("carriers", "carrier")}  # one letter more: several of the same
    known = list_known_names(layer)
    for name, fields in owners.items():
        if fold(name) not in known.by_key:
            found = {each.field.name for each in know_by_likeness(name, known)}
            assert len(found) != 1 or found <= fields or (name, *found) in allowed, name


@given(st.text("ADGHIKNOU_", max_size=3), st.sampled_from(["DUONG_KINH", "VAT_LIEU", "MA", "DN"]))
def test_names_of_fewer_than_four_letters_are_never_likened(short, known):
    assert measure_likeness(short, known) == 0.0


@settings(max_examples=200, deadline=None)
@given(st.text("ACDEGHIKLMNOTUVY_0123", max_size=14), st.sampled_from(["DUONG_KINH_NGOAI", "CAO_DO_DAY", "DIAMETER"]))
def test_likeness_is_never_more_than_the_share_of_letters_that_stay(column, known):
    likeness = measure_likeness(column, known)
    slips = count_slips(fold(column), fold(known))
    assert likeness <= 1 - slips / max(len(fold(column)), len(fold(known))) + 1e-9
    assert likeness == 0.0 or slips <= 2


def count_slips(one, other):
    """The least number of letters to add, drop, change or swap with the next: a slow table."""
    table = {}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            steps = [max(i, j)] if not min(i, j) else []
            if i and j:
                steps += [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (one[i - 1] != other[j - 1])]
            if i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                steps.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(steps)
    return table[len(one), len(other)]
