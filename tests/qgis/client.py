"""What a user of QGIS does with a WFS, without a window: run by the Python that QGIS is installed for.

    python3 client.py STEPS        STEPS is a JSON list of [name, {arguments}]

Prints a JSON list of what each step saw. The steps share one QGIS, as a user's do: what it keeps of an answer would
show in the next.
"""

import json
import os
import sys
import time

from qgis.core import (
    NULL,
    Qgis,
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextScope,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsLayerDefinition,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

LAYERS = {}
LOG = []


def open_layer(name, source):
    """Add a layer of a WFS, known to the other steps as `name`."""
    layer = LAYERS[name] = QgsVectorLayer(source, name, "WFS")
    return describe(layer) if layer.isValid() else {"valid": False}


def describe(layer):
    """What QGIS knows of a layer."""
    return {
        "valid": layer.isValid(),
        "title": layer.name(),
        "crs": layer.crs().authid(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "count": layer.featureCount(),
        "extent": to_numbers(layer.extent()),
        "fields": {each.name(): QVariant.typeToName(each.type()) for each in layer.fields()},
        "may_edit": not layer.readOnly() and "Add Features" in layer.dataProvider().capabilitiesString(),
    }


def to_numbers(box):
    """Least x, least y, most x, most y."""
    return [box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()]


def read(name, box=None):
    """Every feature of a layer, or those in a box: attributes that have a value, and the geometry."""
    request = QgsFeatureRequest() if box is None else QgsFeatureRequest().setFilterRect(QgsRectangle(*box))
    found = []
    for each in LAYERS[name].getFeatures(request):
        values = {key: to_plain(value) for key, value in each.attributeMap().items() if value != NULL}
        found.append({"values": values, "wkt": each.geometry().asWkt(3) if each.hasGeometry() else None})
    return found


def to_plain(value):
    """A value as JSON has it."""
    return value if isinstance(value, (bool, int, float, str)) else str(getattr(value, "toString", lambda: value)())


def count(name):
    """How many features come, and how many different ones."""
    codes = [each["asset_code"] for each in LAYERS[name].getFeatures()]
    return [len(codes), len(set(codes))]


def list_codes(name, subset):
    """The asset codes of what a filter leaves."""
    if not LAYERS[name].setSubsetString(subset):
        return None
    return sorted(each["asset_code"] for each in LAYERS[name].getFeatures())


def change(name, edits, keep=True):
    """Make edits and save them, or throw them away; what QGIS complained of, and the codes that it shows then."""
    layer = LAYERS[name]
    if not layer.startEditing():
        return {"done": False, "errors": ["editing cannot be begun"]}
    taken = [EDITS[kind](layer, **given) for kind, given in edits]
    done = layer.commitChanges() if keep else layer.rollBack()
    errors = layer.commitErrors()
    if not done:
        layer.rollBack()
    layer.reload()
    layer.dataProvider().reloadData()
    shown = sorted(str(each["asset_code"]) for each in layer.getFeatures())
    return {"taken": taken, "done": done, "errors": errors, "shown": shown}


def insert(layer, wkt, attributes):
    """Draw a feature and fill its form."""
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(wkt))
    for key, value in attributes.items():
        feature.setAttribute(key, value)
    return layer.addFeature(feature)


def set_values(layer, code, attributes):
    """Fill the form of the feature with that code."""
    identity = find(layer, code)
    return all(layer.changeAttributeValue(identity, layer.fields().indexOf(k), v) for k, v in attributes.items())


def move(layer, code, wkt):
    """Move the feature with that code."""
    return layer.changeGeometry(find(layer, code), QgsGeometry.fromWkt(wkt))


def delete(layer, code):
    """Delete the feature with that code."""
    return layer.deleteFeature(find(layer, code))


def undo(layer, times):
    """Undo the last edits."""
    for _ in range(times):
        layer.undoStack().undo()
    return True


def find(layer, code):
    """The id QGIS gives the feature with that code."""
    request = QgsFeatureRequest(QgsExpression(f"\"asset_code\" = '{code}'"))
    return next(layer.getFeatures(request)).id()


def open_project(path):
    """Open a project: its title, system, box, tree and layers."""
    project = QgsProject.instance()
    project.clear()
    done = project.read(path)
    box = project.viewSettings().defaultViewExtent()
    seen = {"done": done, "title": project.title(), "crs": project.crs().authid(), "box": to_numbers(box)}
    order = [each.id() for each in project.layerTreeRoot().customLayerOrder()]
    return {**seen, "order": order, **list_layers(project)}


def add_layers(path):
    """Add a layer definition to an empty project."""
    project = QgsProject.instance()
    project.clear()
    done, message = QgsLayerDefinition.loadLayerDefinition(path, project, project.layerTreeRoot())
    return {"done": done, "message": message, **list_layers(project)}


def list_layers(project):
    """The groups with their layers, and each layer's look and form."""
    tree = {}
    for group in project.layerTreeRoot().findGroups(True):
        tree[group.name()] = [[each.name(), each.isVisible()] for each in group.children() if hasattr(each, "layerId")]
    layers = {each.id(): {**describe(each), **describe_look(each)} for each in project.mapLayers().values()}
    return {"tree": tree, "layers": layers}


def describe_look(layer):
    """How a layer is drawn and how its form looks."""
    renderer = layer.renderer()
    if renderer.type() == "categorizedSymbol":
        look = [[each.value(), each.label(), each.symbol().color().name()] for each in renderer.categories()]
    else:
        look = [["", "", renderer.symbol().color().name()]]
    fields = layer.fields()
    widgets = {each.name(): layer.editorWidgetSetup(fields.indexOf(each.name())) for each in fields}
    return {
        "look": look,
        "by": renderer.classAttribute() if renderer.type() == "categorizedSymbol" else None,
        "scales": [layer.minimumScale(), layer.maximumScale()] if layer.hasScaleBasedVisibility() else None,
        "titles": {each.name(): each.alias() for each in fields},
        "widgets": {name: [each.type(), each.config()] for name, each in widgets.items()},
        "fixed": [each.name() for each in fields if layer.editFormConfig().readOnly(fields.indexOf(each.name()))],
    }


def evaluate(expression, values, scale):
    """The value of an expression for a feature drawn at a scale."""
    parsed = QgsExpression(expression)
    scope = QgsExpressionContextScope()
    scope.setVariable("map_scale", scale)
    feature = QgsFeature(
        QgsVectorLayer("Point?" + "&".join(f"field={n}:double" for n in values), "x", "memory").fields()
    )
    for key, value in values.items():
        feature.setAttribute(key, value)
    scope.setFeature(feature)
    context = QgsExpressionContext()
    context.appendScope(scope)
    context.setFields(feature.fields())
    found = parsed.evaluate(context)
    return parsed.evalErrorString() if parsed.hasEvalError() else to_plain(found)


def tell_version():
    """The version of QGIS, as in 34006."""
    return Qgis.QGIS_VERSION_INT


def tell_log():
    """What QGIS wrote to its log since the last time."""
    told = list(LOG)
    LOG.clear()
    return told


EDITS = {"insert": insert, "set": set_values, "move": move, "delete": delete, "undo": undo}
STEPS = {
    "open": open_layer, "read": read, "count": count, "filter": list_codes, "change": change, "log": tell_log,
    "project": open_project, "definition": add_layers, "evaluate": evaluate, "version": tell_version,
    "time": time.time,
}  # fmt: skip


def main(steps):
    """Run the steps in a QGIS without a window."""
    application = QgsApplication([], False)
    application.initQgis()
    application.messageLog().messageReceived.connect(lambda text, tag, level: LOG.append(f"{tag}: {text}"))
    seen = [STEPS[name](**given) for name, given in json.loads(steps)]
    print(json.dumps(seen, ensure_ascii=False), flush=True)
    # Without the ends of Qt's own threads, which wait for each other now and then.
    os._exit(0)


main(sys.stdin.read() if sys.argv[1:] == ["-"] else sys.argv[1])
