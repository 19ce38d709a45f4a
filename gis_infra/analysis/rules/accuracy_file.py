"""`layers/rules/accuracy.yaml`: how far an asset may lie from where it is drawn, when it does not say so itself."""

from collections.abc import Sequence

from gis_infra.analysis.rules.accuracy import Accuracy, Levels
from gis_infra.analysis.rules.condition_entries import take_pairs
from gis_infra.catalogue import entries
from gis_infra.catalogue.definitions import Catalogue
from gis_infra.catalogue.documents import Entry, Notes

LARGEST_M = 1000.0  # the largest accuracy a layer takes
LEVEL_KEYS = ("metres", "source", "verified")
LEVEL_OPTIONAL = ("clause", "note")


def parse_accuracy(entry: Entry, catalogue: Catalogue, notes: Notes) -> Accuracy:
    """Everything of the file; what is wrong is noted by line."""
    required = ("horizontal", "vertical", "unrecorded_m", "largest_m")
    pairs = entries.take_mapping(entry, "the file", notes, required=required, optional=("datums",))
    levels = list_codes(catalogue, "quality_level")
    numbers = {
        key: float(entries.take_number(pairs[key], key, notes, 0, LARGEST_M))
        for key in ("unrecorded_m", "largest_m")
        if key in pairs
    }
    return Accuracy(
        horizontal=parse_levels(pairs.get("horizontal"), "horizontal", levels, notes),
        vertical=parse_levels(pairs.get("vertical"), "vertical", levels, notes),
        datums=parse_levels(pairs.get("datums"), "datums", list_codes(catalogue, "vertical_datum"), notes),
        **numbers,
    )


def list_codes(catalogue: Catalogue, name: str) -> Sequence[str]:
    """The codes of an attribute that every layer has."""
    layer = next(iter(catalogue.layers.values()))
    return tuple(layer.get_field(name).codes)


def parse_levels(entry: Entry | None, what: str, codes: Sequence[str], notes: Notes) -> Levels:
    """Metres by code, and where they come from; none if the file leaves them out."""
    if entry is None:
        return Levels()
    pairs = entries.take_mapping(entry, what, notes, required=LEVEL_KEYS, optional=LEVEL_OPTIONAL)
    metres = {}
    for code, value in take_pairs(pairs.get("metres"), f"{what}: metres", notes).items():
        if code not in codes:
            notes.add(value.key_line, f"{what}: {code!r} is none of the codes {', '.join(codes)}")
        metres[code] = float(entries.take_number(value, f"{what}: {code}", notes, -LARGEST_M, LARGEST_M))
    return Levels(
        metres=metres,
        source=entries.take_text(pairs["source"], f"{what}: source", notes) if "source" in pairs else "",
        verified="verified" in pairs
        and entries.take_choice(pairs["verified"], f"{what}: verified", ("no", "yes"), notes) == "yes",
    )
