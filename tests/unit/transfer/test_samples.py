"""Which sample files a database still lacks, and what a list of samples must look like."""

from pathlib import Path

import pytest

from gis_infra.errors import InvalidSource
from gis_infra.transfer.samples import SampleFile, choose_missing, read_manifest

TREES = SampleFile(Path("trees.shp"), "tree", 3)
LAKES = SampleFile(Path("lakes.shp"), "water_body", 1)
WELLS = SampleFile(Path("wells.shp"), "water_source", 2)
FILES = (TREES, LAKES, WELLS)


@pytest.mark.parametrize(
    ("batches", "features", "missing"),
    [
        (set(), {"tree": 0, "water_body": 0}, FILES),
        ({("tree", "trees.shp")}, {"tree": 3, "water_body": 0}, (LAKES, WELLS)),
        ({("tree", "trees.shp")}, {"tree": 0}, (LAKES, WELLS)),  # somebody took the trees out again: they stay out
        (set(), {"tree": 1}, ()),
        ({("tree", "trees.shp"), ("building", "ours.shp")}, {"tree": 3, "building": 9}, ()),
        ({("tree", "trees.shp")}, {"tree": 3, "building": 9}, ()),
    ],
)
def test_samples_go_only_into_a_database_that_holds_nothing_else(batches, features, missing):
    assert choose_missing(FILES, batches, features) == missing


def test_an_entry_has_the_options_a_surveyor_would_give(tmp_path):
    (tmp_path / "manifest.yaml").write_text(
        "files:\n"
        "  - {file: a/trees.shp, layer: tree, features: 3}\n"
        "  - {file: b/lakes.shp, layer: water_body, features: 1, crs: 'EPSG:9210', encoding: VNI, map: {TEN: name}}\n"
    )
    assert read_manifest(tmp_path) == (
        SampleFile(tmp_path / "a/trees.shp", "tree", 3),
        SampleFile(tmp_path / "b/lakes.shp", "water_body", 1, "EPSG:9210", "VNI", {"TEN": "name"}),
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read: No such file or directory"),
        ("files: [", "is not as it should be"),
        ("files: 3", "is not as it should be"),
        ("{}", "is not as it should be: 'files'"),
        ("files: [{file: a.shp, features: 1}]", "is not as it should be: 'layer'"),
        ("files: [{file: a.shp, layer: tree, features: many}]", "is not as it should be: invalid literal"),
    ],
)
def test_a_list_that_is_none_is_refused_in_one_line(tmp_path, text, words):
    if text is not None:
        (tmp_path / "manifest.yaml").write_text(text)
    with pytest.raises(InvalidSource, match=words):
        read_manifest(tmp_path)
