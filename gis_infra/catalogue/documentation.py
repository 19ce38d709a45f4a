"""The layers as a page for people: `docs/layers.md`. Pure; written by script/docs, and tested for freshness."""

from collections.abc import Iterable, Sequence

from gis_infra.catalogue.check_entries import describe
from gis_infra.catalogue.definitions import Catalogue, Check, Field, Layer
from gis_infra.catalogue.units import UNITS

NOTE = "<!-- Made by script/docs; do not edit. -->"
INTRODUCTION = """\
Every layer is one file in `layers/`; [layers/README.md](../layers/README.md) says how to add one. The id of a layer is
the name of its table (schema `infra`), its OGC API collection, and, with `infra:` before it, its WFS type. Every layer
has the attributes of the last section too. A column of an imported file goes to the field whose name or alias it has;
case, Vietnamese marks and separators do not count. A value means a code by the code, by its title in either language or
by one of the words listed below the table."""


def render(catalogue: Catalogue) -> str:
    """The whole page, as Markdown."""
    lines = [NOTE, "# Layers", "", INTRODUCTION, ""]
    for sector in catalogue.sectors.values():
        layers = [layer for layer in catalogue.layers.values() if layer.sector == sector.id]
        if layers:
            lines += [f"* **{sector.title.en}** ({sector.title.vi}): {', '.join(link(layer) for layer in layers)}"]
    for layer in catalogue.layers.values():
        lines += render_layer(layer)
    for layer in list(catalogue.layers.values())[:1]:
        universal = [field for field in layer.fields if field.universal]
        lines += ["", "## Every layer", "", *render_fields(universal), *render_words(universal)]
        lines += render_checks(find_universal_checks(catalogue))
    return "\n".join(lines) + "\n"


def render_layer(layer: Layer) -> list[str]:
    """The section of one layer."""
    about = f" {layer.description.en}." if layer.description is not None else ""
    facts = f"{layer.title.vi}.{about} Geometry {layer.geometry}; access {layer.access}; labelled by `{layer.label}`."
    if layer.outer_size_mm is not None:
        stand_in = f", or else from `{layer.nominal_size_mm}`" if layer.nominal_size_mm is not None else ""
        facts += f" Clearances are measured from its outer wall, known from `{layer.outer_size_mm}`{stand_in}."
    if layer.licence is not None:
        facts += f" Licence: [{layer.licence.title}]({layer.licence.url})."
    if layer.attribution is not None:
        facts += f" Attribution: {layer.attribution.en} · {layer.attribution.vi}."
    own = {each.name for each in layer.own_fields}
    checks = [each for each in layer.checks if own.intersection(each.field_names)]
    table = [*render_fields(layer.own_fields), *render_words(layer.own_fields), *render_checks(checks)]
    return ["", f"## {layer.id}", "", f"**{layer.title.en}** · {facts}", "", *table]


def find_universal_checks(catalogue: Catalogue) -> list[Check]:
    """The checks that speak of nothing but the attributes every layer has."""
    found: dict[str, Check] = {}
    for layer in catalogue.layers.values():
        own = {each.name for each in layer.own_fields}
        found |= {each.text: each for each in layer.checks if not own.intersection(each.field_names)}
    return list(found.values())


def render_words(fields: Sequence[Field]) -> list[str]:
    """A list of what files write for codes; nothing if no field has such words."""
    lines = []
    for field in fields:
        words = "; ".join(f"`{code}` {', '.join(escape(each))}" for code, each in field.code_synonyms.items())
        lines += [f"* In files, `{field.name}`: {words}"] if words else []
    return ["", *lines] if lines else []


def render_checks(checks: Sequence[Check]) -> list[str]:
    """A list of what must hold between attributes; nothing if nothing must."""
    lines = [f"* Must hold ({each.severity}): `{describe(each)}`. {each.title.en} · {each.title.vi}" for each in checks]
    return ["", *lines] if lines else []


def render_fields(fields: Sequence[Field]) -> list[str]:
    """A table of fields."""
    head = ["| field | title | values | names in files |", "|---|---|---|---|"]
    return head + [
        f"| `{field.name}` | {field.title.en} · {field.title.vi} | {describe_values(field)} | {list_names(field)} |"
        for field in fields
    ]


def describe_values(field: Field) -> str:
    """What may stand in a field, in a few words."""
    if field.type == "code":
        return "; ".join(f"`{code}` {title.en} · {title.vi}" for code, title in field.codes.items())
    words: list[str] = [field.type]
    if field.unit is not None:
        words.append(UNITS[field.unit].symbol)
    if field.minimum is not None or field.maximum is not None:
        words.append(f"{render_number(field.minimum)} … {render_number(field.maximum)}")
    if field.usual is not None:
        words.append(f"usually {render_number(field.usual[0])} … {render_number(field.usual[1])}")
    if field.max_length is not None:
        words.append(f"at most {field.max_length} characters")
    if field.pattern is not None:
        words.append(f"`{field.pattern}`".replace("|", "\\|"))
    words += ["required"] if field.required else []
    words += ["kept by the program"] if field.system else []
    return ", ".join(words)


def render_number(bound: float | None) -> str:
    """A bound without needless digits; nothing for none."""
    return "" if bound is None else f"{bound:,.10g}".replace(",", " ")


def list_names(field: Field) -> str:
    """The aliases of a field."""
    return ", ".join(escape(field.aliases))


def escape(names: Iterable[str]) -> list[str]:
    """Names that Markdown leaves as they are."""
    return [name.replace("_", "\\_") for name in names]


def link(layer: Layer) -> str:
    """A link to the section of a layer."""
    return f"[{layer.title.en}](#{layer.id})"
