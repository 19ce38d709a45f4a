"""A layer with a field of every type, made in code."""

from gis_infra.catalogue.definitions import Field, Layer, Style, Title

NOTHING = Title("", "")
LAYER = Layer(
    id="hydrant",
    sector="water",
    title=NOTHING,
    geometry="Point",
    access="public",
    fields=(
        Field("diameter", "integer", NOTHING),
        Field("flow", "number", NOTHING),
        Field("open", "boolean", NOTHING),
        Field("built", "date", NOTHING),
        Field("seen", "timestamp", NOTHING),
        Field("kind", "code", NOTHING),
        Field("asset_code", "text", NOTHING, universal=True),
        Field("name", "text", NOTHING, universal=True),
        Field("remarks", "text", NOTHING, universal=True),
    ),
    style=Style({}),
)
