"""What the map's page is told to load, out of the manifest the build leaves."""

import json

from gis_infra.web.viewer.bundle import MANIFEST, find_bundle

CHUNKS = {
    "_shared.js": {"file": "shared-1.js"},
    "_map.js": {
        "file": "map-2.js",
        "imports": ["_shared.js"],
        "css": ["map-2.css"],
        "assets": ["worker-3.js", "a.png"],
    },
    "src/main.ts": {
        "file": "main-4.js",
        "imports": ["_map.js", "_shared.js"],
        "dynamicImports": ["src/later.ts"],
        "css": ["main-4.css"],
    },
    "src/later.ts": {"file": "later-5.js", "imports": ["_map.js"]},
}


def test_a_page_is_told_of_what_its_script_imports_and_of_its_worker(tmp_path):
    (tmp_path / MANIFEST).write_text(json.dumps(CHUNKS))
    found = find_bundle(tmp_path, "src/main.ts")
    assert found.script == "main-4.js"
    assert found.modules == ("shared-1.js", "map-2.js")  # not what is imported later, nor the script itself
    assert found.styles == ("map-2.css", "main-4.css")
    assert found.workers == ("worker-3.js",)


def test_what_was_not_built_is_not_found(tmp_path):
    assert find_bundle(tmp_path) is None
    (tmp_path / MANIFEST).write_text("{}")
    assert find_bundle(tmp_path) is None
