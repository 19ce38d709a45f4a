"""A page as PDF, by a headless Chromium where the machine has one. Nothing needs it: a browser prints the same page."""

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from gis_infra.errors import InvalidParameter

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
LIMIT_S = 120


def find_program() -> str | None:
    """Chromium's path, None if the machine has none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def print_pdf(page: str, path: Path) -> None:
    """Print an HTML page, which fetches nothing, to a PDF file.

    Raises InvalidParameter where there is no Chromium, it does not end in two minutes, or the file cannot be written.
    """
    program = find_program()
    if program is None:
        raise InvalidParameter("no Chromium on this machine to make a PDF; write .html and print that", where=str(path))
    with TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        made = Path(folder) / "page.pdf"
        run_chromium(program, source, made, Path(folder) / "profile")
        try:
            shutil.copyfile(made, path)
        except OSError as error:
            raise InvalidParameter(f"{path} cannot be written: {error.strerror}", where=str(path)) from error


def run_chromium(program: str, source: Path, made: Path, profile: Path) -> None:
    """Let Chromium print one file. Raises InvalidParameter if it cannot."""
    command = [program, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
               "--no-pdf-header-footer", f"--user-data-dir={profile}", f"--print-to-pdf={made}"]  # fmt: skip
    if os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium has no sandbox for root; the page is ours and runs nothing
    try:
        subprocess.run(  # noqa: S603 - a Chromium of this machine, and a page of ours
            [*command, source.as_uri()], check=True, capture_output=True, timeout=LIMIT_S
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise InvalidParameter(f"Chromium could not make a PDF: {error}", where=program) from error
    if not made.is_file():
        raise InvalidParameter("Chromium ended without a PDF", where=program)
