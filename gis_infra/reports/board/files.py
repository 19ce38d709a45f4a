"""The report of a period as a file of the kind its name ends in: a page to print, or a workbook with its figures."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from gis_infra.catalogue.definitions import Catalogue, Language
from gis_infra.errors import InvalidParameter
from gis_infra.reports.board.report import render_period
from gis_infra.reports.board.tables import list_tables
from gis_infra.reports.coverage.files import write_sheets
from gis_infra.reports.files import require_target
from gis_infra.reports.outputs import PAGES, write_page

ENDINGS = (*PAGES, ".xlsx")


def write_period(found: Mapping[str, Any], catalogue: Catalogue, language: Language, path: Path) -> None:
    """Write a period: .html and .pdf to print, .xlsx with a sheet for each of its tables.

    found: as `gathering.gather_period` gives it. An existing file is replaced.
    Raises InvalidParameter for another ending, or where the file cannot be written.
    """
    require_target(path, ENDINGS)
    if path.suffix in PAGES:
        write_page(render_period(found, catalogue, language), path)
        return
    try:
        write_sheets(list_tables(found, language), path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise InvalidParameter(f"{path} cannot be written: {error}", where=str(path)) from error
