"""What ets-wfs20 1.25, written for Java 8, misses in a later Java: JAXB, and a registry that takes any class.

JAXB comes from Maven Central. The registry, javax.imageio.spi.ServiceRegistry, refuses what is not of Image I/O
since Java 9, and the suite's library of coordinate systems keeps its own in it: copies of two classes of the Java at
hand, whose checks do nothing, are put before its own, for the run of the suite alone. So is a copy of one test of the
suite that can never pass as it is: its XPath lacks an @, which later versions have.
"""

import shutil
import struct
import subprocess
import zipfile
from pathlib import Path

from tests.conformance.having import NotToBeHad

# Module, class, and the check that is skipped: is the class one of Image I/O; may the module look for such services.
CHECKS = (
    ("java.desktop", "javax/imageio/spi/ServiceRegistry.class", b"checkClassAllowed"),
    ("java.base", "java/util/ServiceLoader.class", b"checkCaller"),
)
RETURN = 0xB1
# A class of the suite, a text in it, and what it was meant to be.
MENDED = (
    "org/opengis/cite/iso19142/querymgmt/StoredQueryManagement.class",
    b"//ows:Operation[name='CreateStoredQuery']/ows:Parameter[@name='language']",
    b"//ows:Operation[@name='CreateStoredQuery']/ows:Parameter[@name='language']",
)
# Bytes that follow the tag of an entry of the constant pool; the one of a text says its own length.
SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
TEXT, WIDE = 1, (5, 6)


def make_patch(folder: Path) -> list[str]:
    """The options of Java that put the copies first; they are written into `folder`.

    Raises NotToBeHad if there is no JDK.
    """
    tool = shutil.which("jimage")
    if tool is None:
        raise NotToBeHad("there is no jimage (sudo apt-get install default-jdk-headless)")
    modules = Path(tool).resolve().parents[1] / "lib" / "modules"
    wanted = ",".join(f"/{module}/{name}" for module, name, _ in CHECKS)
    subprocess.run([tool, "extract", f"--dir={folder}", f"--include={wanted}", modules], check=True)
    for module, name, check in CHECKS:
        copy = folder / module / name
        copy.write_bytes(skip_method(copy.read_bytes(), check))
    return [f"--patch-module={module}={folder / module}" for module, _, _ in CHECKS]


def mend(suite: Path, folder: Path) -> Path:
    """A folder to stand before the suite on the class path, with the class that is mended."""
    name, wrong, right = MENDED
    with zipfile.ZipFile(suite) as archive:
        code = archive.read(name)
    mended = code.replace(to_constant(wrong), to_constant(right))
    if mended == code:
        raise LookupError(f"{name} has no {wrong.decode()}")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(mended)
    return folder


def extract(archive: Path, name: str, folder: Path) -> Path:
    """A folder for the class path, with that one file of an archive."""
    with zipfile.ZipFile(archive) as opened:
        opened.extract(name, folder)
    return folder


def to_constant(text: bytes) -> bytes:
    """A text as the constant pool has it, which is found by number, so that another may be longer."""
    return struct.pack(">BH", TEXT, len(text)) + text


def skip_method(code: bytes, method: bytes) -> bytes:
    """The class with that method, which returns nothing, returning at once. Raises LookupError if it has none.

    Source: The Java Virtual Machine Specification, chapter 4.
    """
    texts, at = read_texts(code)
    (interfaces,) = struct.unpack_from(">H", code, at + 6)
    at += 8 + 2 * interfaces
    for skipping in (True, False):
        (members,) = struct.unpack_from(">H", code, at)
        at += 2
        for _ in range(members):
            name, attributes = struct.unpack_from(">2xH2xH", code, at)
            at += 8
            for _ in range(attributes):
                kind, length = struct.unpack_from(">HI", code, at)
                if not skipping and texts[name] == method and texts[kind] == b"Code":
                    first = at + 14
                    return code[:first] + bytes([RETURN]) + code[first + 1 :]
                at += 6 + length
    raise LookupError(method)


def read_texts(code: bytes) -> tuple[dict[int, bytes], int]:
    """The texts of the constant pool by their number, and where the pool ends."""
    (count,) = struct.unpack_from(">H", code, 8)
    texts, at, number = {}, 10, 1
    while number < count:
        tag = code[at]
        if tag == TEXT:
            (length,) = struct.unpack_from(">H", code, at + 1)
            texts[number] = code[at + 3 : at + 3 + length]
            at += 3 + length
        else:
            at += 1 + SIZES[tag]
        number += 2 if tag in WIDE else 1
    return texts, at
