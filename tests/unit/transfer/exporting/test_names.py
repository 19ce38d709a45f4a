"""Column names of a shapefile: ten letters, each once, and each understood by the importer."""

import pytest

from gis_infra.catalogue.reading import read_catalogue
from gis_infra.settings import ROOT
from gis_infra.transfer.exporting.names import shorten
from gis_infra.transfer.mapping.columns import map_columns
from gis_infra.transfer.request import Reading

LAYERS = sorted(read_catalogue(ROOT / "layers").layers)


@pytest.mark.parametrize("layer_id", LAYERS)
def test_an_import_takes_every_short_name_back_into_its_own_field(layers, layer_id):
    layer = layers[layer_id]
    names = [each.name for each in layer.fields if not each.system]
    short = shorten(layer, names)
    mapped = map_columns(layer, tuple(short.values()), Reading())
    assert {each.column: each.field.name for each in mapped.taken} == {short[name]: name for name in names}
    assert not any(each.unit for each in mapped.taken if each.unit != each.field.unit)


@pytest.mark.parametrize("layer_id", LAYERS)
def test_names_have_ten_letters_at_most_and_come_once(layers, layer_id):
    names = ["id", *(each.name for each in layers[layer_id].fields)]
    short = list(shorten(layers[layer_id], names).values())
    assert len({name.casefold() for name in short}) == len(names)
    assert all(0 < len(name) <= 10 and name.isascii() for name in short)


def test_a_short_name_stays_and_a_long_one_keeps_its_beginning(layers):
    short = shorten(layers["water_pipe"], ["material", "nominal_diameter_mm"])
    assert short == {"material": "material", "nominal_diameter_mm": "nominal_di"}


def test_names_that_begin_alike_are_told_apart_by_what_files_call_them(layers):
    short = shorten(layers["water_pipe"], ["vertical_position", "vertical_datum", "vertical_accuracy_m"])
    assert len(set(short.values())) == 3
    known = {alias.lower() for name in short for alias in layers["water_pipe"].get_field(name).aliases}
    assert set(short.values()) <= known | {"vertical_p", "vertical_d", "vertical_a"}


def test_the_program_s_own_columns_are_nobody_s_on_the_way_back(layers):
    layer = layers["water_pipe"]
    short = shorten(layer, [each.name for each in layer.fields])
    back = map_columns(layer, tuple(short.values()), Reading())
    kept = {short[each.name] for each in layer.fields if each.system}
    assert kept <= set(back.kept)
