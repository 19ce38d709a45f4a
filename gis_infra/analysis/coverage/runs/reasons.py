"""Why two runs differ: facilities that came, went, moved or changed reach, and what changed in what they stand on."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from gis_infra.analysis.coverage.runs.results import CoverageRun, Reason
from gis_infra.analysis.coverage.runs.tables import COVERAGE_FACILITY
from gis_infra.analysis.rules.model import TOLERANCE_M
from gis_infra.catalogue.definitions import Title

MOST_IDS = 100
COUNTED = COVERAGE_FACILITY.c.state != "out"
# What became of facilities, by kind of reason; {count} stands for how many.
FACILITY_WORDS: Mapping[str, Title] = {
    "facility_came": Title("{count} cơ sở mới được tính", "facilities that came: {count}"),
    "facility_went": Title("{count} cơ sở không còn được tính", "facilities that went: {count}"),
    "facility_moved": Title("{count} cơ sở đổi vị trí", "facilities that moved: {count}"),
    "facility_reach": Title("{count} cơ sở đổi tầm phục vụ", "facilities of another reach: {count}"),
}
# What is kept of the standard with each run, by kind of reason: its key, and words.
STANDARD_WORDS: Mapping[str, tuple[str, Title]] = {
    "standard": (
        "service",
        Title("Tiêu chuẩn hoặc tham số đã đổi", "The standard or its parameters changed"),
    ),
    "demand": ("demand", Title("Nhu cầu được tính đã đổi", "Whom the service is for changed")),
    "unit_rules": ("units", Title("Cách lấy đơn vị hành chính đã đổi", "How units are taken changed")),
    "street_rules": ("streets", Title("Cách tính theo đường phố đã đổi", "How streets are measured along changed")),
}


def list_reasons(connection: Connection, before: CoverageRun, after: CoverageRun) -> tuple[Reason, ...]:
    """What differs between what two runs stand on, the facilities first; none where nothing does."""
    return (
        *compare_facilities(connection, before.id, after.id),
        *compare_standards(before, after),
        *compare_assumptions(before, after),
        *compare_data(before, after),
    )


def compare_facilities(connection: Connection, before: int, after: int) -> list[Reason]:
    """Facilities that are rows and came, went, moved or changed their reach."""
    old, new = (
        select(COVERAGE_FACILITY)
        .where(COVERAGE_FACILITY.c.run_id == run_id, COUNTED, COVERAGE_FACILITY.c.facility_id.is_not(None))
        .subquery()
        for run_id in (before, after)
    )
    same = and_(old.c.layer == new.c.layer, old.c.facility_id == new.c.facility_id)
    is_one_unknown = old.c.reach.is_(None) != new.c.reach.is_(None)
    reach = or_(
        func.abs(old.c.reach - new.c.reach) > TOLERANCE_M,
        and_(old.c.facility_id.is_not(None), new.c.facility_id.is_not(None), is_one_unknown),
    )
    both = old.join(new, same, full=True)
    conditions: Mapping[str, ColumnElement[bool]] = {
        "facility_came": old.c.facility_id.is_(None),
        "facility_went": new.c.facility_id.is_(None),
        "facility_moved": func.st_distance(old.c.geom, new.c.geom) > TOLERANCE_M,
        "facility_reach": reach,
    }
    found = []
    for kind, condition in conditions.items():
        ident = func.coalesce(new.c.facility_id, old.c.facility_id)
        ids = connection.execute(select(ident).select_from(both).where(condition).order_by(ident)).scalars().all()
        if ids:
            found.append(tell(kind, len(ids), FACILITY_WORDS[kind], ids[:MOST_IDS]))
    return found


def compare_standards(before: CoverageRun, after: CoverageRun) -> list[Reason]:
    """What changed in the standard, the demand, the units and the streets as they stood."""
    found = [
        tell(kind, 1, words)
        for kind, (key, words) in STANDARD_WORDS.items()
        if before.parameters.get(key) != after.parameters.get(key)
    ]
    if (before.day, before.level) != (after.day, after.level):
        words = Title(
            f"Đơn vị hành chính cấp {after.level} ngày {after.day} thay cho cấp {before.level} ngày {before.day}",
            f"Units are those of {after.level} level on {after.day}, not of {before.level} level on {before.day}",
        )
        found.append(tell("units", 1, words))
    return found


def compare_assumptions(before: CoverageRun, after: CoverageRun) -> list[Reason]:
    """Whether they assume different things."""
    if before.what_if == after.what_if:
        return []
    return [tell("what_if", 1, Title("Giả định khác nhau", "They assume different things"))]


def compare_data(before: CoverageRun, after: CoverageRun) -> list[Reason]:
    """Layers that were edited between the two."""
    old = {each.layer: each.revision for each in before.data}
    new = {each.layer: each.revision for each in after.data}
    edited = sorted(layer for layer in {*old} & {*new} if old[layer] != new[layer])
    if not edited:
        return []
    layers = ", ".join(edited)
    words = Title(f"Dữ liệu đã được sửa: {layers}", f"Data were edited: {layers}")
    return [tell("data", len(edited), words)]


def tell(kind: str, count: int, words: Title, ids: Sequence[int] = ()) -> Reason:
    """A reason in both languages."""
    said = {"vi": words.vi.replace("{count}", str(count)), "en": words.en.replace("{count}", str(count))}
    return Reason(kind, count, said, tuple(ids))
