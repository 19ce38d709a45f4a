"""Pipes made and changed over the API, for the tests of part 4."""

COLLECTION = "/collections/water_pipe"
ITEMS = f"{COLLECTION}/items"
SHAPE = {"type": "LineString", "coordinates": [[106.70, 10.77], [106.701, 10.771]]}
MERGE_PATCH = "application/merge-patch+json"
NEVER = "999999999"


def make_pipe(**properties):
    return {"type": "Feature", "geometry": SHAPE, "properties": properties}


def get_properties(editor, address):
    return editor.get(address)["properties"]


def patch(editor, address, document, **headers):
    return editor.send("PATCH", address, document, **{"Content_Type": MERGE_PATCH, **headers})


def change(editor, method, address, **headers):
    if method == "DELETE":
        return editor.ask(address, "DELETE", headers={name.replace("_", "-"): each for name, each in headers.items()})
    if method == "PATCH":
        return patch(editor, address, {"properties": {"asset_code": "changed"}}, **headers)
    return editor.send("PUT", address, make_pipe(asset_code="changed"), **headers)
