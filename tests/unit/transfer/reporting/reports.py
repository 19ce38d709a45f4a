"""A report made in code, for tests of how it is shown."""

from gis_infra.catalogue.definitions import Title
from gis_infra.transfer.problems import RowProblem
from gis_infra.transfer.reporting.report import ColumnUse, HowRead, ImportReport, Problems
from gis_infra.transfer.reporting.tally import Example

HOW = HowRead(
    crs="EPSG:9210 (VN-2000 / TM-3 105-45)",
    crs_reason="the file says so",
    lands="in the city",
    encoding="TCVN3",
    encoding_reason="98% of the words are Vietnamese syllables",
    columns=(
        ColumnUse("MA", "asset_code", "by alias"),
        ColumnUse("DK", "diameter", "by alias", "m"),
        ColumnUse("TO", None, ""),
    ),
    remarks=("the .shx was missing and was rebuilt",),
)
LOW = Problems(
    field="DK",
    reason="is below the least allowed, 15 mm",
    rows=2,
    is_error=True,
    examples=(Example(2, "5"), Example(3, "7")),
    advice=Title("ghi rõ đơn vị: --unit DK=cm", "say its unit: --unit DK=cm"),
)
SHAPE = Problems("geometry", "was repaired: Self-intersection", 1, is_error=False, examples=(Example(1, "", "at 5 6"),))


def make_report(**more):
    """A report of four rows, two of which were rejected."""
    values = {
        "import_id": 17,
        "layer_id": "water_pipe",
        "layer_title": Title("Ống cấp nước", "Water pipe"),
        "file": "pipes.shp",
        "source_layer": "pipes",
        "rows": 4,
        "accepted": 2,
        "inserted": 2,
        "updated": 0,
        "unchanged": 0,
        "skipped": 0,
        "deleted": 0,
        "rejected": 2,
        "seconds": 0.25,
        "how": HOW,
        "is_dry_run": False,
        "kinds": (LOW, SHAPE),
        "problems": (RowProblem(2, "DK", "5", LOW.reason), RowProblem(3, "DK", "7", LOW.reason)),
        "again": ("--layer", "water_pipe", "--owner", "Cấp nước 1"),
        "username": "lan",
        "started_at": "2026-11-23T08:00:00+07:00",
        "sha256": "ab" * 32,
        "settings": {"owner": "Cấp nước 1"},
        "accepted_places": ((603000.0, 1191000.0), (603100.0, 1191050.0)),
        "rejected_places": ((603050.0, 1191020.0),),
    }
    return ImportReport(**{**values, **more})
