"""A drawing (.dxf) made ready so that its text comes as bytes; its layers are a column, as is the text it holds.

GDAL reads all text by the code page the drawing names, also in drawings since 2007, whose text is UTF-8. In the copy
the code page is 1252, which GDAL takes as ISO-8859-1 and so keeps every byte. Letters written as \\U+1EA1 stand there
as UTF-8. Source: AutoCAD DXF Reference, group codes of HEADER.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.declarations import Declared
from gis_infra.transfer.sources.staging import Part, Parts, Staged, link, read_head, require_no_lure, require_room
from gis_infra.transfer.text.encodings import find_name

BINARY = b"AutoCAD Binary DXF"
BEGINNING = re.compile(rb"\s*(999\s*\n[^\n]*\n\s*)*0\s*\n\s*SECTION", re.IGNORECASE)
END = re.compile(rb"(^|\n)[ \t]*0[ \t]*\r?\n[ \t]*EOF\s*\x00*\x1a?\s*$")
GROUPS = re.compile(rb"(?:[ \t]*\d{1,4}[ \t]*\r?\n[^\n]*\n)*+")
INSERT = re.compile(rb"\nM?INSERT[ \t]*\r?\n((?:[ \t]*0*[1-9]\d{0,3}[ \t]*\r?\n[^\n]*\n)*+)")
COPIES = re.compile(rb"(?:^|\n)[ \t]*0*(7[01])[ \t]*\r?\n[ \t]*(\d{1,9})")
MOST_INSERT_BYTES = 1 << 12
MOST_COPIES = 10_000
END_BYTES = 256
VERSION = re.compile(rb"\$ACADVER\s+1\s+(AC\d+)")
CODE_PAGE = re.compile(rb"(\$DWGCODEPAGE\s+3[ \t]*\r?\n[ \t]*)([^\r\n]*)")
KEEPING = b"ANSI_1252"
FIRST_UNICODE = b"AC1021"  # AutoCAD 2007
ESCAPE = re.compile(rb"\\[Uu]\+([0-9A-Fa-f]{4})")
SIGNS = {b"%%c": "Ø", b"%%d": "°", b"%%p": "±"}
WORDS = {b"%%c": b"phi ", b"%%d": b" deg", b"%%p": b"+-"}
SIGN = re.compile(rb"%%[cCdDpP]")
CURVE = re.compile(rb"^[ \t]*(ARC|CIRCLE|ELLIPSE|SPLINE)[ \t]*\r?$", re.MULTILINE)
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class Writing:
    """How the text of a drawing is written.

    encoding: Python's name of it, None if it is bytes of whatever encoding. is_latin: it is UTF-8, and every letter is
    below U+0100, as when bytes of a Vietnamese font were taken for letters. has_codes: letters or signs are written as
    codes. has_curves: there are arcs, circles or splines.
    """

    code_page: str
    encoding: str | None
    is_latin: bool
    has_codes: bool
    has_curves: bool


def stage(parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
    """The drawing in a folder, under the name "data"; `bare_geometry` changes nothing.

    Raises InvalidSource if it is no drawing in text form; OurError without room on disk.
    """
    head = read_head(parts.main)
    require_drawing(parts.main, head)
    writing = study(parts.main, head)
    target = folder / "data.dxf"
    write_keeping(parts.main, writing, target)
    # Once more: codes of letters, such as \U+003C, have become letters.
    require_no_lure(parts.main, read_head(Part(parts.main.name, target)))
    return Staged(target, (parts.main.path,), tell(parts.main, writing), declared=tell_declared(writing))


def require_drawing(dxf: Part, head: bytes) -> None:
    """Return if a file begins as a drawing in text form does. Raises InvalidSource."""
    require_no_lure(dxf, head)
    if head.startswith(BINARY):
        raise InvalidSource(f"{dxf.name} is a binary drawing; save it as DXF in ASCII form", where=dxf.name)
    if BEGINNING.match(head) is None:
        raise InvalidSource(f"{dxf.name} is not a drawing: it does not begin with a section", where=dxf.name)
    # GDAL never comes to an end with a drawing that breaks off, or goes astray, in a line of several points.
    with dxf.path.open("rb") as file:
        file.seek(max(dxf.size - END_BYTES, 0))
        if END.search(file.read()) is None:
            message = f"{dxf.name} is cut off: it does not end with EOF, as drawings do; ask for it again"
            raise InvalidSource(message, where=dxf.name)
    require_groups(dxf)


def require_groups(dxf: Part) -> None:
    """Return if a drawing is pairs of lines to its end, a code and a value. Raises InvalidSource, naming the line."""
    left, before, lines = b"", b"", 0
    for chunk in read_lines(dxf.path):
        text = left + chunk
        pairs = GROUPS.match(text)
        end = pairs.end() if pairs is not None else 0
        lines += text.count(b"\n", 0, end)
        left = text[end:]
        if left.count(b"\n") > 1 or b"\x00" in text[:end]:
            message = f"{dxf.name} is damaged at line {lines + 1:,}: a code of digits is expected there"
            raise InvalidSource(f"{message}; open the drawing and save it again", where=dxf.name)
        require_few_copies(dxf, before + text)
        before = text[-MOST_INSERT_BYTES:]


def require_few_copies(dxf: Part, text: bytes) -> None:
    """Return if no block is set in rows and columns without measure: two numbers can ask for a thousand million.

    Raises InvalidSource.
    """
    for insert in INSERT.findall(text):
        counts = dict(COPIES.findall(insert))
        copies = int(counts.get(b"70", 1)) * int(counts.get(b"71", 1))
        if copies > MOST_COPIES:
            message = f"{dxf.name} sets a block {copies:,} times in rows and columns; {MOST_COPIES:,} are read"
            raise InvalidSource(f"{message}; explode it in the drawing", where=dxf.name)


def study(dxf: Part, head: bytes) -> Writing:
    """How the text is written, by a pass over the whole file."""
    version, code_page = VERSION.search(head), CODE_PAGE.search(head)
    named = code_page[2].decode("latin-1").strip() if code_page is not None else ""
    is_utf8 = version is not None and version[1] >= FIRST_UNICODE
    is_ascii, is_latin, has_letters, has_signs, has_curves = True, True, False, False, False
    for chunk in read_lines(dxf.path):
        has_letters = has_letters or any(int(code, 16) > 0xFF for code in ESCAPE.findall(chunk))
        has_signs = has_signs or SIGN.search(chunk) is not None
        has_curves = has_curves or CURVE.search(chunk) is not None
        is_ascii = is_ascii and chunk.isascii()
        highest = find_highest(chunk) if is_utf8 else None
        is_utf8, is_latin = highest is not None, is_latin and highest is not None and highest <= "\xff"
    is_latin = is_latin and is_utf8 and not is_ascii and not has_letters
    encoding = "utf-8" if is_ascii or is_utf8 else (find_codec(named) if has_letters else None)
    return Writing(named, None if is_latin else encoding, is_latin, has_letters or has_signs, has_curves)


def find_highest(chunk: bytes) -> str | None:
    """The last letter of UTF-8 text in the order of Unicode, None if it is not UTF-8."""
    try:
        return max(chunk.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def find_codec(code_page: str) -> str:
    """Python's name of a drawing's code page, that of the West if it is not known."""
    name = find_name(code_page)
    return name if name is not None else "CP1252"


def read_lines(path: Path) -> Iterator[bytes]:
    """The file in pieces of whole lines, as far as lines are not of monstrous length."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk + file.readline(CHUNK_BYTES)


def write_keeping(dxf: Part, writing: Writing, target: Path) -> None:
    """The drawing as GDAL reads all its bytes: a link, or a copy where code page or letters have to be others."""
    if not writing.has_codes and not writing.is_latin and writing.code_page in {"", KEEPING.decode()}:
        link(dxf, target)
        return
    require_room(target.parent, 2 * dxf.size)
    with target.open("wb") as copy:
        for chunk in read_lines(dxf.path):
            copy.write(rewrite(CODE_PAGE.sub(rb"\g<1>" + KEEPING, chunk), writing))


def rewrite(chunk: bytes, writing: Writing) -> bytes:
    """A piece of a drawing with its letters and signs as bytes of one encoding.

    Signs are letters of Unicode: among bytes of another encoding they would be misread, so words stand for them there.
    """
    if writing.encoding is None:
        text = SIGN.sub(lambda sign: WORDS[sign[0].lower()], chunk)
        return text.decode("utf-8").encode("latin-1") if writing.is_latin else text
    text = chunk if writing.encoding == "utf-8" else chunk.decode(writing.encoding, errors="backslashreplace").encode()
    text = SIGN.sub(lambda sign: SIGNS[sign[0].lower()].encode(), text)
    return ESCAPE.sub(to_letter, text)


def to_letter(escape: re.Match[bytes]) -> bytes:
    """The letter of a code as UTF-8; the code itself where it is half of a pair, which is no letter."""
    letter = chr(int(escape[1], 16))
    return escape[0] if "\ud800" <= letter <= "\udfff" else letter.encode()


def tell(dxf: Part, writing: Writing) -> tuple[str, ...]:
    """Remarks on what is not in the drawing as it comes."""
    remarks = []
    if writing.has_curves:
        remarks.append(f"{dxf.name}: arcs, circles and splines are drawn as lines of short chords")
    if writing.has_codes and writing.encoding is None:
        remarks.append(f"{dxf.name}: the signs %%c, %%d and %%p come as the words phi, deg and +-")
    return tuple(remarks)


def tell_declared(writing: Writing) -> Declared:
    """What the drawing says of its text, as it stands in the copy."""
    if writing.encoding is not None:
        return Declared("UTF-8", "the drawing", is_firm=True)
    name = find_name(writing.code_page) if writing.code_page else None
    by = f"the drawing's code page ({writing.code_page})" if writing.code_page else "the file"
    return Declared(name, by, is_firm=name not in {None, "CP1252"})
