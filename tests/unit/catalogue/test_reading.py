"""Layer files: what is right is read, what is wrong is named by file and line."""

import pytest

from gis_infra.catalogue.definitions import Licence, Title
from gis_infra.catalogue.reading import check_folder, read_catalogue
from gis_infra.errors import LayerFileError, OurError


def test_the_example_of_the_readme_is_a_layer(layer_folder):
    layer = read_catalogue(layer_folder.folder).get_layer("splice_box")
    assert (layer.sector, layer.geometry, layer.access, layer.label) == ("telecom", "Point", "shared", "asset_code")
    assert layer.title == Title(vi="Măng xông quang", en="Splice box")
    assert [field.name for field in layer.own_fields] == ["kind", "fibres", "length_mm", "serial", "tested_on"]
    assert layer.source_file == "layers/telecom/splice_box.yaml"


def test_a_field_has_everything_its_entry_says(layer_folder):
    layer = read_catalogue(layer_folder.folder).get_layer("splice_box")
    length = layer.get_field("length_mm")
    assert (length.type, length.unit, length.minimum, length.maximum) == ("number", "mm", 50, 2000)
    assert length.aliases == ("CHIEU_DAI", "DAI", "LENGTH")
    assert layer.get_field("serial").pattern == "^[A-Z]{2}[0-9]{4,8}$"
    assert list(layer.get_field("kind").codes) == ["straight", "branch"]


def test_own_fields_come_before_universal_ones_and_those_in_their_order(layer_folder):
    names = [field.name for field in read_catalogue(layer_folder.folder).get_layer("splice_box").fields]
    assert names[:5] == ["kind", "fibres", "length_mm", "serial", "tested_on"]
    assert names[5:9] == ["asset_code", "name", "owner", "operator"]
    assert names[-4:] == ["import_id", "source_srid", "created_at", "updated_at"]


def test_a_layer_may_have_a_licence_and_an_attribution_of_its_own(layer_folder):
    own = (
        'access: shared\nlicence: {url: "https://a.vn/terms", title: Terms}\nattribution: {vi: Sở A, en: Department A}'
    )
    layer_folder.spoil("access: shared", own)
    layer = read_catalogue(layer_folder.folder).get_layer("splice_box")
    assert (layer.licence, layer.attribution) == (Licence("https://a.vn/terms", "Terms"), Title("Sở A", "Department A"))


def test_a_layer_adds_aliases_to_universal_fields(layer_folder):
    aliases = read_catalogue(layer_folder.folder).get_layer("splice_box").get_field("asset_code").aliases
    assert "MA_TS" in aliases and "MA_MANG_XONG" in aliases


def test_an_alias_of_an_own_field_is_taken_from_the_universal_one(layer_folder):
    layer_folder.spoil("aliases: [CHIEU_DAI, DAI, LENGTH]", "aliases: [DO_SAU]")
    layer = read_catalogue(layer_folder.folder).get_layer("splice_box")
    assert "DO_SAU" not in layer.get_field("cover_m").aliases and "DOSAU" in layer.get_field("cover_m").aliases


WRONG = [
    ("access: shared", "acces: shared", 0, "unknown key 'acces'; did you mean 'access'?"),
    ("access: shared\n", "", None, "the layer lacks 'access'"),
    ("access: shared", "access: secret", 0, "access must be one of public, shared, restricted, got 'secret'"),
    ("geometry: Point", "geometry: point", 0, "geometry must be one of Point"),
    ("id: splice_box", "id: splice", 0, "id must be 'splice_box', the name of the file, got 'splice'"),
    ("sector: telecom", "sector: water", 0, "sector must be 'telecom', the name of the folder, got 'water'"),
    ("label: asset_code", "label: colour", 0, "label names 'colour', which is not a field of the layer"),
    ("outer_size_mm: length_mm", "outer_size_mm: width", 0, "outer_size_mm names 'width', which is not a field"),
    ("outer_size_mm: length_mm", "outer_size_mm: serial", 0, "outer_size_mm must name a number field in mm"),
    ("outer_size_mm: length_mm", "outer_size_mm: fibres", 0, "outer_size_mm must name a number field in mm"),
    ("{vi: Loại, en: Kind}", "{en: Kind}", 0, "field 'kind': title lacks 'vi'"),
    ("{vi: Loại, en: Kind}", "{vi: '', en: Kind}", 0, "title.vi must be text, got ''"),
    ("{vi: Loại, en: Kind}", "{vi: Loại, kiểu, en: Kind}", 0, "title has an unknown key 'kiểu'"),
    ("{vi: Măng xông thẳng, en: Straight}", "{vi: Măng xông thẳng}", 0, "code 'straight' lacks 'en'"),
    ("      straight: {", "      Straight: {", 0, "code 'Straight' must be lower-case words"),
    ("max: 1000\n", "max: 1\n", 0, "field 'fibres': max 1 must be above min 1"),
    ("min: 50\n", "min: fifty\n", 0, "field 'length_mm': min must be a number, got 'fifty'"),
    ("max: 1000\n", "max: 1000.5\n", 0, "max of an integer must be whole"),
    ("max: 2000\n", "max: .inf\n", 0, ".inf is not a plain decimal number"),
    ("unit: mm", "unit: millimetres", 0, "unit must be one of mm, cm"),
    ("type: date", "type: date\n    unit: mm", 1, "'unit' does not apply to type date"),
    ("type: date", "type: day", 0, "type must be one of text"),
    ("type: date", "typ: date", 0, "field 'tested_on' has an unknown key 'typ'; did you mean 'type'?"),
    ("max_length: 20\n", "max_length: 0\n", 0, "max_length must be a whole number from 1"),
    ("^[A-Z]{2}[0-9]{4,8}$", "^[A-Z$", 0, "pattern is not a regular expression"),
    ("^[A-Z]{2}[0-9]{4,8}$", "'[A-Z]+'", 0, "pattern must stand between ^ and $"),
    ("aliases: [SO_SOI, SOSOI]", "aliases: [LOAI]", 0, "alias 'LOAI' of 'fibres' already names 'kind'"),
    ("aliases: [SO_SOI, SOSOI]", "aliases: [Số sợi, SO_SOI]", 0, "alias 'SO_SOI' of 'fibres' already names 'fibres'"),
    ("aliases: [SO_SOI, SOSOI]", "aliases: ['--']", 0, "alias '--' has no letters or digits"),
    ("aliases: [SO_SOI, SOSOI]", "aliases: SO_SOI", 0, "aliases must be a list"),
    ("MA_MX, ", "GHI_CHU, ", 0, "alias 'GHI_CHU' of 'asset_code' already names 'remarks'"),
    ("asset_code: [MA_MX", "code: [MA_MX", 0, "universal_aliases has an unknown key 'code'"),
    ("  fibres:", "  remarks:", 0, "field 'remarks' is universal"),
    ("  fibres:", "  order:", 0, "field 'order' is a reserved word of SQL"),
    ("  fibres:", "  limit:", 0, "field 'limit'"),
    ("  fibres:", "  geometry:", 0, "field 'geometry' is a name the services use"),
    ("  fibres:", "  Fibres:", 0, "field 'Fibres' must be lower-case words joined by _"),
    ("  fibres:", "  kind:", 0, "'kind' is given twice"),
    ("  fibres:", f"  {'f' * 33}:", 0, "at most 32 characters"),
    ('color: "#9fb8a4"', "color: green", 0, 'must be a colour "#rrggbb"'),
    ('color: "#9fb8a4"', 'color: "#1f9d3a"', 4, "colour of 'straight' must differ from color"),
    ("color_by: kind", "color_by: fibres", 0, "color_by must name a code field, got 'fibres'"),
    ("    color_by: kind\n", "", 0, "color_by and colors go together"),
    ('branch: "#6b8e23"', 'loop: "#6b8e23"', 0, "colors has an unknown key 'loop'"),
    ("radius: 3", "radius: -1", 0, "radius must be from 0 to 20, got -1"),
    ("radius: 3", "width: 3", 0, "style: point has an unknown key 'width'"),
    ("  point:", "  line:", 0, "style has an unknown key 'line'"),
    ("min_zoom: 16", "min_zoom: 16\n  max_zoom: 15", 1, "max_zoom must be above min_zoom"),
    ("order: 82", "order: high", 0, "order must be a whole number from 0 to 1000"),
    ("order: 82", "order: [", 1, "is not YAML"),
    ("access: shared", "access: shared\nlicence: CC0", 1, "licence must be a mapping"),
    ("access: shared", "access: shared\nlicence: {url: CC0, title: CC0}", 1, "licence.url must be an address"),
    ("access: shared", "access: shared\nattribution: {vi: Sở}", 1, "attribution lacks 'en'"),
    ("id: splice_box", "id: &a splice_box", 0, "anchors and aliases are not allowed"),
    ("id: splice_box", "id: splice_box\n\tx: 1", 1, "is not YAML"),
]


@pytest.mark.parametrize(("old", "new", "further", "words"), WRONG, ids=[f"{new!r}"[:40] for _, new, _, _ in WRONG])
def test_a_wrong_layer_file_is_named_by_line_and_reason(layer_folder, old, new, further, words):
    line = layer_folder.spoil(old, new)
    _, problems = check_folder(layer_folder.folder)
    found = [problem for problem in problems if words in problem.message]
    assert found, "\n".join(str(problem) for problem in problems)
    assert found[0].file == "layers/telecom/splice_box.yaml"
    assert further is None or found[0].line == line + further


def test_every_problem_is_told_at_once_in_the_order_of_lines(layer_folder):
    layer_folder.layer.write_text("id: x\nsector: telecom\ngeometry: Circle\ncolour: red\n", encoding="utf-8")
    with pytest.raises(LayerFileError) as refused:
        read_catalogue(layer_folder.folder)
    lines = refused.value.message.splitlines()
    assert lines[0] == "layers/telecom/splice_box.yaml:1: id must be 'splice_box', the name of the file, got 'x'"
    assert lines[-1].startswith("layers/telecom/splice_box.yaml:4: the layer has an unknown key 'colour'")
    assert refused.value.where == "layers/telecom/splice_box.yaml:1" and isinstance(refused.value, OurError)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"# nothing\n", "is empty"),
        (b"- a\n- b\n", "the layer must be a mapping of keys to values, got a list"),
        (b"id: caf\xe9\n", "is not UTF-8 text"),
        (b"id: \x00\n", "is not YAML"),
        (b"a: 1\n---\nb: 2\n", "is not YAML"),
        (b"[" * 50, "is not YAML"),
        (b"[" * 5000 + b"]" * 5000, "is nested too deeply"),
    ],
)
def test_a_file_that_is_no_layer_at_all_is_refused_in_words(layer_folder, content, words):
    layer_folder.layer.write_bytes(content)
    _, problems = check_folder(layer_folder.folder)
    assert any(words in problem.message for problem in problems), problems


def test_a_folder_that_is_no_sector_is_named(layer_folder):
    (layer_folder.folder / "gas").mkdir()
    _, (problem,) = check_folder(layer_folder.folder)
    assert str(problem).startswith("layers/gas:1: unknown sector 'gas'; sectors.yaml has power, telecom")


def test_a_file_nobody_would_read_is_named(layer_folder):
    (layer_folder.folder / "telecom" / "mast.yml").write_text("id: mast\n", encoding="utf-8")
    _, (problem,) = check_folder(layer_folder.folder)
    assert str(problem) == "layers/telecom/mast.yml:1: is not read; a layer file ends in .yaml"


def test_one_layer_in_two_sectors_is_named(layer_folder):
    (layer_folder.folder / "power").mkdir()
    text = layer_folder.example.replace("sector: telecom", "sector: power")
    (layer_folder.folder / "power" / "splice_box.yaml").write_text(text, encoding="utf-8")
    _, (problem,) = check_folder(layer_folder.folder)
    assert problem.message == "layer 'splice_box' is already in layers/power/splice_box.yaml"


def test_a_folder_without_layers_is_not_a_city(tmp_path):
    _, problems = check_folder(tmp_path)
    assert [problem.message for problem in problems] == ["cannot be read: No such file or directory"] * 2
