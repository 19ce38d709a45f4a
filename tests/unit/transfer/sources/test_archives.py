"""Zip archives: their names, what is in them, and what they may not do."""

import struct
import unicodedata
import zipfile
import zlib

import pytest

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources import archives
from gis_infra.transfer.sources.opening import list_layers, open_sources
from tests.sources import cut, encode, put, write_unicode, write_zip, zip_files, zip_shapefile

CENTRAL = b"PK\x01\x02"


def pack(pipes, name="pipes"):
    """The parts of a shapefile by name."""
    return {f"{name}{part.suffix}": part.read_bytes() for part in pipes.parent.glob(f"{pipes.stem}.*")}


def test_a_shapefile_in_an_archive_is_read_like_itself(tmp_path, pipes, read):
    archive = zip_shapefile(tmp_path / "survey.zip", pipes, "pipes")
    source, rows, shapes = read(archive)
    assert (rows, shapes) == read(pipes)[1:]
    assert (source.name, source.layer) == ("survey.zip/pipes.shp", "pipes")
    assert not source.path.exists()


def test_layers_in_folders_are_named_by_them(tmp_path, pipes, look):
    members = {**pack(pipes, "north/pipes"), **pack(pipes, "south/pipes"), "readme.md": b"x"}
    archive = write_zip(tmp_path / "survey.zip", members)
    assert list_layers(archive) == ("north/pipes", "south/pipes")
    assert look(archive, "south/pipes").name == "survey.zip/south/pipes.shp"


def test_parts_are_found_whatever_the_case_of_their_names(tmp_path, pipes, look):
    members = {name.upper() if ".shp" not in name else name: content for name, content in pack(pipes).items()}
    archive = write_zip(tmp_path / "survey.ZIP", members)
    assert look(archive).count == 2
    assert look(archive).wkt.startswith("PROJCS")


def test_of_names_that_differ_by_case_the_same_belong_together(tmp_path, pipes, look):
    members = {**pack(pipes, "a/Pipes"), **pack(pipes, "a/PIPES")}
    del members["a/PIPES.prj"]
    archive = write_zip(tmp_path / "survey.zip", members)
    assert list_layers(archive) == ("a/PIPES", "a/Pipes")
    members["a/PIPES.prj"] = b"other"
    archive = write_zip(tmp_path / "survey.zip", members)
    assert (look(archive, "a/PIPES").wkt, look(archive, "a/Pipes").wkt[:6]) == ("other", "PROJCS")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Ống cấp nước".encode(), "Ống cấp nước"),
        (unicodedata.normalize("NFD", "Ống").encode(), "Ống"),
        (encode("ống cấp nước", "CP1258"), "ống cấp nước"),
        (b"caf\x82 R\x81ckert", "café Rückert"),
        (b"xa\\dia chinh\\thua", "xa/dia chinh/thua"),
        (b"./thua", "thua"),
    ],
)
def test_a_name_whose_encoding_is_not_said_is_read(tmp_path, pipes, raw, shown):
    members = {raw + name[5:].encode(): content for name, content in pack(pipes).items()}
    assert list_layers(write_zip(tmp_path / "survey.zip", members)) == (shown,)


def test_a_name_given_in_unicode_beside_the_mojibake_is_taken():
    raw, name = b"\xc7\xcdng", "Ống nước"
    body = b"\x01" + struct.pack("<I", zlib.crc32(raw)) + name.encode()
    info = zipfile.ZipInfo(raw.decode("cp437"))
    info.extra = struct.pack("<HH", 0x0001, 2) + b"zz" + struct.pack("<HH", 0x7075, len(body)) + body
    assert archives.read_name(info) == name
    info.extra = struct.pack("<HH", 0x7075, len(body)) + b"\x01\0\0\0\0" + name.encode()
    assert archives.read_name(info) == raw.decode("cp437")


def test_members_without_a_name_and_folders_are_no_files(tmp_path, pipes):
    archive = write_zip(tmp_path / "survey.zip", {**pack(pipes), "folder.shp/": b"", b"\x00\x00": b""})
    assert list_layers(archive) == ("pipes",)


def test_an_archive_in_an_archive_is_a_folder(tmp_path, pipes, look):
    inner = zip_shapefile(tmp_path / "north.zip", pipes, "sub/pipes")
    outer = zip_files(tmp_path / "all.zip", {"2024/north.zip": inner})
    assert list_layers(outer) == ("2024/north.zip/sub/pipes",)
    assert look(outer).name == "all.zip/2024/north.zip/sub/pipes.shp"


def test_a_geopackage_in_an_archive_has_its_layers(tmp_path, look):
    for layer in ("one", "two"):
        write_unicode(tmp_path / "x.gpkg", {"A": [layer]}, [None], layer=layer)
    archive = zip_files(tmp_path / "x.zip", {"in/x.gpkg": tmp_path / "x.gpkg"})
    assert list_layers(archive) == ("in/x:one", "in/x:two")
    assert look(archive, "in/x:two").count == 1


def test_what_programs_leave_lying_about_is_no_layer(tmp_path, pipes):
    members = {**pack(pipes), **pack(pipes, "__MACOSX/._pipes"), **pack(pipes, ".trash/old")}
    assert list_layers(write_zip(tmp_path / "survey.zip", members)) == ("pipes",)


def test_what_is_left_out_is_told_with_the_reason(tmp_path, pipes):
    members = {**pack(pipes), "plan.dwg": b"x", "rest.dbf": b"x", "meta.json": b'{"a": 1}', "notes.txt": b"some words"}
    with open_sources(write_zip(tmp_path / "survey.zip", members)) as sources:
        assert sources.left_out == (
            "plan.dwg: .dwg is not read here, save it as DXF",
            "rest.dbf: there is no rest.shp beside it",
            "meta.json: is not GeoJSON",
            "notes.txt: has no column of coordinates or shapes",
        )


@pytest.mark.parametrize(
    "name", ["../pipes.shp", "a/../../pipes.shp", "/etc/pipes.shp", "..\\pipes.shp", "C:\\pipes.shp"]
)
def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path, name):
    archive = write_zip(tmp_path / "evil.zip", {"fine.txt": b"x", name: b"x"})
    with pytest.raises(InvalidSource, match=r"evil.zip holds .* a name that leads out of the archive"):
        list_layers(archive)


def test_a_link_is_refused(tmp_path):
    info = zipfile.ZipInfo("pipes.shp")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(InvalidSource, match=r"evil.zip holds a link, 'pipes.shp'; put the file itself"):
        list_layers(tmp_path / "evil.zip")


def spoil_content(path):
    put(path, path.read_bytes().index(b"{stored"), b"[")


def encrypt(path):
    put(path, path.read_bytes().index(CENTRAL) + 8, b"\x01")


def pack_strangely(path):
    put(path, path.read_bytes().index(CENTRAL) + 10, b"\x63")


def claim_size(path):
    put(path, path.read_bytes().index(CENTRAL) + 24, b"\xff\xff\xff\xfe")
    put(path, path.read_bytes().rindex(CENTRAL) + 24, b"\xff\xff\xff\xfe")


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (lambda path: cut(path, 30), r"survey.zip is not a zip archive, or its end is missing; ask for it again"),
        (lambda path: path.write_bytes(b"Rar!" * 50), r"survey.zip is not a zip archive"),
        (
            lambda path: put(path, path.read_bytes().index(CENTRAL), b"x"),
            r"survey.zip is not a zip archive, or is damaged",
        ),
        (encrypt, r"survey.zip is encrypted \('pipes.\w+'\); unpack it with its password first"),
        (claim_size, r"survey.zip unpacks to [0-9,]{13,} bytes; 4,294,967,296 are read in all, so unpack it first"),
    ],
)
def test_an_archive_that_cannot_be_unpacked_is_refused(tmp_path, pipes, harm, words):
    archive = write_zip(tmp_path / "survey.zip", pack(pipes))
    harm(archive)
    with pytest.raises(InvalidSource, match=words):
        list_layers(archive)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (spoil_content, r"survey.zip is not a zip archive, or is damaged: Bad CRC-32 for file"),
        (pack_strangely, r"survey.zip is packed in a way not read here .*; unpack it and zip it again"),
    ],
)
def test_a_member_that_cannot_be_unpacked_is_refused(tmp_path, look, harm, words):
    with zipfile.ZipFile(tmp_path / "survey.zip", "w") as archive:
        archive.writestr("trụ.gpkg", b"{stored as it is}")
    harm(tmp_path / "survey.zip")
    with pytest.raises(InvalidSource, match=words):
        list_layers(tmp_path / "survey.zip")
        look(tmp_path / "survey.zip")


def test_an_archive_of_too_many_files_is_refused_before_they_are_listed(tmp_path, monkeypatch):
    archive = write_zip(tmp_path / "many.zip", {f"{number}": b"" for number in range(10_001)})
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(InvalidSource, match=r"many.zip holds 10,001 files; 10,000 are read, so unpack it and name"):
        list_layers(archive)


def write_large(path, members, told, comment=b""):
    """A large archive of empty members; told: where its end says that the record of its end is, None for the truth."""
    directory = (struct.pack("<4s42x", CENTRAL)) * members
    record = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, members, members, len(directory), 0)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, len(directory) if told is None else told, 1)
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0, 0, 0, 0, len(comment))
    path.write_bytes(directory + record + locator + end + comment)
    return path


@pytest.mark.parametrize(
    ("told", "comment", "words"),
    [
        (None, b"", "holds 10,001 files"),
        (None, b"\0" * 65_535, "holds 10,001 files"),
        (int.from_bytes(b"PK\x06\x06", "little"), b"\0" * 40, "is not where its end says"),
    ],
)
def test_the_number_of_files_in_a_large_archive_is_not_hidden(tmp_path, told, comment, words):
    archive = write_large(tmp_path / "survey.zip", 10_001, told, comment)
    with pytest.raises(InvalidSource, match=words):
        archives.require_small_directory("survey.zip", archive)


def test_archives_in_an_archive_share_one_budget(tmp_path):
    inner = write_zip(tmp_path / "inner.zip", {f"{number}": b"" for number in range(6_000)})
    outer = zip_files(tmp_path / "outer.zip", {"a.zip": inner, "b.zip": inner})
    with pytest.raises(InvalidSource, match=r"outer.zip/b.zip brings the files to more than 10,000"):
        list_layers(outer)


def test_an_archive_nested_too_deep_is_refused(tmp_path, pipes):
    path = zip_shapefile(tmp_path / "0.zip", pipes, "pipes")
    for number in (1, 2):
        path = zip_files(tmp_path / f"{number}.zip", {"in.zip": path})
    with pytest.raises(InvalidSource, match=r"2.zip/in.zip/in.zip is an archive in an archive in an archive"):
        list_layers(path)


def test_an_archive_that_unpacks_to_many_times_its_size_is_refused(tmp_path):
    archive = write_zip(tmp_path / "bomb.zip", {"x.dbf": bytes(1 << 20)})
    at = archive.read_bytes().index(CENTRAL)
    put(archive, at + 24, struct.pack("<I", 300 << 20))
    with pytest.raises(
        InvalidSource, match=r"bomb.zip unpacks to 314,572,800 bytes, [0-9,]+ times its size; 300 times"
    ):
        list_layers(archive)
