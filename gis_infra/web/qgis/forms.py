"""The form of a layer: titles, widgets by type, code lists with their meanings, what is read-only.

Source: QGIS 3.22, src/gui/editorwidgets (the config keys of each widget).
"""

from lxml import etree

from gis_infra.catalogue.definitions import Field, Language, Layer
from gis_infra.catalogue.units import UNITS
from gis_infra.web.qgis.options import Value, add_options

NULL = "{2839923C-8B7D-419E-B84B-CA2FE9B80EC7}"  # what QGIS writes for no value in a list of values
NO_VALUE = {"vi": "(không có)", "en": "(none)"}
YES_NO = {"vi": ("Có", "Không"), "en": ("Yes", "No")}
TABS = {"vi": ("Riêng của lớp", "Chung"), "en": ("Of this layer", "Of every layer")}
INT_LIMIT = 2**31 - 1


def add_form(parent: etree._Element, layer: Layer, language: Language) -> None:
    """Write what the form of a layer shows and how values are entered."""
    configuration = etree.SubElement(parent, "fieldConfiguration")
    for field in layer.fields:
        kind, options = choose_widget(field, language)
        widget = etree.SubElement(etree.SubElement(configuration, "field", {"name": field.name}), "editWidget")
        widget.set("type", kind)
        add_options(etree.SubElement(widget, "config"), options)
    aliases, editable = etree.SubElement(parent, "aliases"), etree.SubElement(parent, "editable")
    constraints = etree.SubElement(parent, "constraints")
    for place, field in enumerate(layer.fields):
        told = {"field": field.name, "index": str(place), "name": to_title(field, language)}
        etree.SubElement(aliases, "alias", told)
        etree.SubElement(editable, "field", {"name": field.name, "editable": "0" if field.system else "1"})
        if field.required:
            rules = {"field": field.name, "constraints": "1", "notnull_strength": "1"}
            etree.SubElement(constraints, "constraint", {**rules, "unique_strength": "0", "exp_strength": "0"})
    etree.SubElement(parent, "editorlayout").text = "tablayout"
    add_tabs(etree.SubElement(parent, "attributeEditorForm"), layer, language)
    if layer.label is not None:
        etree.SubElement(parent, "previewExpression").text = f'"{layer.label}"'


def add_tabs(form: etree._Element, layer: Layer, language: Language) -> None:
    """Write a tab of what only this layer has and one of what every layer has."""
    places = {field.name: str(place) for place, field in enumerate(layer.fields)}
    parts = (layer.own_fields, [field for field in layer.fields if field.universal])
    for title, fields in zip(TABS[language], parts, strict=True):
        tab = etree.SubElement(form, "attributeEditorContainer", {"name": title, "groupBox": "0", "columnCount": "1"})
        tab.attrib.update({"showLabel": "1", "visibilityExpressionEnabled": "0", "visibilityExpression": ""})
        for field in fields:
            told = {"name": field.name, "index": places[field.name], "showLabel": "1"}
            etree.SubElement(tab, "attributeEditorField", told)


def choose_widget(field: Field, language: Language) -> tuple[str, dict[str, Value]]:
    """The name of the widget for a field, and its options."""
    if field.type == "code":
        return "ValueMap", {"map": list_codes(field, language)}
    if field.type == "boolean":
        # As QGIS 3.22 reads a boolean of a WFS: as text. Later ones find their own by the same text.
        values = dict(zip(YES_NO[language], ("true", "false"), strict=True))
        return "ValueMap", {"map": [{NO_VALUE[language]: NULL}, *({title: value} for title, value in values.items())]}
    if field.type in ("date", "timestamp"):
        shape = "yyyy-MM-dd" if field.type == "date" else "yyyy-MM-dd HH:mm:ss"
        shown: dict[str, Value] = {"display_format": shape, "field_format": shape, "field_iso_format": False}
        return "DateTime", {**shown, "allow_null": True, "calendar_popup": True}
    bounds = (field.minimum, field.maximum)
    if field.type == "integer" and all(bound is not None and abs(bound) <= INT_LIMIT for bound in bounds):
        return "Range", make_range(field, step=1)
    return "TextEdit", {"IsMultiline": field.name == "remarks", "UseHtml": False}


def list_codes(field: Field, language: Language) -> list[Value]:
    """Meaning and code of each value, the absence of one first."""
    codes: list[Value] = [{NO_VALUE[language]: NULL}]
    return [*codes, *({title.get_in(language): code} for code, title in field.codes.items())]


def make_range(field: Field, step: int) -> dict[str, Value]:
    """Options of a widget for whole numbers between the field's bounds."""
    least, most = int(field.minimum or 0), int(field.maximum or 0)
    return {"AllowNull": True, "Min": least, "Max": most, "Step": step, "Precision": 0, "Style": "SpinBox"}


def to_title(field: Field, language: Language) -> str:
    """The title of a field, with its unit."""
    title = field.title.get_in(language)
    return title if field.unit is None else f"{title} ({UNITS[field.unit].symbol})"
