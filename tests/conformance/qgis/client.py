"""What a user of QGIS does with a collection, without a window: run by QGIS's own Python, of version 3.40 or later.

    python3 client.py ADDRESS COLLECTION STEP [JSON]

It adds the address as a stored connection, opens the collection with the OAPIF provider, does one step, and prints what
it saw as JSON: read, filter (an expression), box (xmin, ymin, xmax, ymax), insert (wkt, attributes), change (id,
attributes), move (id, wkt), delete (id). The user's name and password are in GIS_USER and GIS_PASSWORD.
"""

import json
import os
import sys

from qgis.core import (
    NULL,
    QgsApplication,
    QgsDataSourceUri,
    QgsExpression,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsOwsConnection,
    QgsRectangle,
    QgsSettings,
    QgsVectorLayer,
    QgsWkbTypes,
)

CONNECTION = "connections/ows/items/wfs/connections/items/city"


def add_connection(address):
    """Write the connection down, as the dialogue for it does, and read it back."""
    settings = QgsSettings()
    settings.remove(CONNECTION)
    given = {"url": address, "version": "OGC_API_FEATURES"}
    if "GIS_USER" in os.environ:
        given |= {"username": os.environ["GIS_USER"], "password": os.environ["GIS_PASSWORD"]}
    for name, value in given.items():
        settings.setValue(f"{CONNECTION}/{name}", value)
    return QgsOwsConnection("WFS", "city").uri()


def open_layer(address, collection):
    """The collection as a layer. Ends the program if QGIS finds it invalid."""
    uri = QgsDataSourceUri(add_connection(address).uri(False))
    for name, value in (("url", address), ("typename", collection), ("version", "OGC_API_FEATURES")):
        uri.removeParam(name)
        uri.setParam(name, value)
    uri.removeParam("restrictToRequestBBOX")
    uri.setParam("restrictToRequestBBOX", "1")
    layer = QgsVectorLayer(uri.uri(False), collection, "OAPIF")
    if not layer.isValid():
        sys.exit(
            f"not valid: {layer.error().message()} {layer.dataProvider() and layer.dataProvider().error().message()}"
        )
    return layer


def describe(layer):
    """What QGIS knows of the layer."""
    return {
        "crs": layer.crs().authid(),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "count": layer.featureCount(),
        "fields": {each.name(): each.typeName() for each in layer.fields()},
        "can": layer.dataProvider().capabilitiesString(),
    }


def list_features(layer, request=None):
    """Its features: id on the server, attributes that have a value, geometry."""
    found = []
    for each in layer.getFeatures(request or QgsFeatureRequest()):
        values = {name: to_plain(value) for name, value in each.attributeMap().items() if value != NULL}
        found.append({"values": values, "wkt": each.geometry().asWkt(3) if each.hasGeometry() else None})
    return found


def to_plain(value):
    """A value as JSON has it."""
    return value if isinstance(value, (bool, int, float, str)) else str(getattr(value, "toString", lambda: value)())


def change(layer, edit):
    """Make an edit and save it; returns what the provider complained of."""
    if not layer.startEditing():
        sys.exit("editing cannot be begun")
    if not edit():
        sys.exit("the edit was not taken")
    done = layer.commitChanges()
    return {"done": done, "errors": layer.commitErrors()}


def insert(layer, given):
    """A new feature, with no value in all attributes but those given."""
    feature = QgsFeature(layer.fields())
    feature.setGeometry(QgsGeometry.fromWkt(given["wkt"]))
    for name, value in given["attributes"].items():
        feature.setAttribute(name, value)
    return change(layer, lambda: layer.addFeature(feature))


def pick(layer, given):
    """The feature whose attribute has the value given."""
    name, value = given["where"]
    request = QgsFeatureRequest(QgsExpression(f"\"{name}\" = '{value}'"))
    return next(layer.getFeatures(request))


def set_attributes(layer, feature, attributes):
    """Set attributes one by one, as a form does."""
    return all(
        layer.changeAttributeValue(feature.id(), layer.fields().indexOf(name), value)
        for name, value in attributes.items()
    )


def take_step(layer, step, given):
    """Do one step and tell what came of it."""
    if step == "read":
        return {**describe(layer), "features": list_features(layer)}
    if step == "filter":
        accepted = layer.setSubsetString(given)
        return {"accepted": accepted, "count": layer.featureCount(), "features": list_features(layer)}
    if step == "box":
        return {"features": list_features(layer, QgsFeatureRequest().setFilterRect(QgsRectangle(*given)))}
    if step == "insert":
        return insert(layer, given)
    feature = pick(layer, given)
    if step == "change":
        return change(layer, lambda: set_attributes(layer, feature, given["attributes"]))
    if step == "move":
        return change(layer, lambda: layer.changeGeometry(feature.id(), QgsGeometry.fromWkt(given["wkt"])))
    return change(layer, lambda: layer.deleteFeature(feature.id()))


def main(address, collection, step, given="null"):
    """Run one step in a QGIS without a window."""
    application = QgsApplication([], False)
    application.initQgis()
    seen = take_step(open_layer(address, collection), step, json.loads(given))
    print(json.dumps(seen, ensure_ascii=False), flush=True)
    # Without the ends of Qt's own threads, which wait for each other now and then.
    os._exit(0)


main(*sys.argv[1:])
