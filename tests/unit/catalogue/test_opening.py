"""Layers read as they are asked for."""

import pytest

from gis_infra.catalogue.opening import open_catalogue
from gis_infra.catalogue.reading import read_catalogue
from gis_infra.errors import LayerFileError, UnknownLayer
from gis_infra.settings import read_settings


def test_the_same_layers_come_out_in_the_same_order():
    folder = read_settings({}).layers
    assert list(open_catalogue(folder).layers.items()) == list(read_catalogue(folder).layers.items())
    assert open_catalogue(folder).sectors == read_catalogue(folder).sectors


def test_only_the_layer_asked_for_is_read_and_but_once(layer_folder):
    (layer_folder.folder / "telecom" / "spoilt.yaml").write_text("id: [", encoding="utf-8")
    catalogue = open_catalogue(layer_folder.folder)
    layer = catalogue.get_layer("splice_box")
    assert layer.source_file == "layers/telecom/splice_box.yaml"
    assert catalogue.get_layer("splice_box") is layer
    assert "spoilt" in catalogue.layers


def test_a_fault_of_a_layer_is_told_when_it_is_asked_for(layer_folder):
    (layer_folder.folder / "telecom" / "spoilt.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(LayerFileError, match=r"layers/telecom/spoilt\.yaml:"):
        open_catalogue(layer_folder.folder).get_layer("spoilt")


def test_a_fault_in_what_all_layers_share_is_told_at_once(layer_folder):
    (layer_folder.folder / "sectors.yaml").write_text("telecom: 5", encoding="utf-8")
    with pytest.raises(LayerFileError, match=r"layers/sectors\.yaml:1: "):
        open_catalogue(layer_folder.folder)


def test_a_layer_that_is_not_there_is_unknown(layer_folder):
    with pytest.raises(UnknownLayer, match="'nothing'"):
        open_catalogue(layer_folder.folder).get_layer("nothing")
