"""OGC API - Features - Part 4 (OGC 20-002r1, draft), create, replace, update and delete: one test a requirement."""

import time

import pytest

from tests.conformance.city import CRS84, EPSG, REL, ROOT, find_links, get_parameter
from tests.conformance.pipes import COLLECTION, ITEMS, MERGE_PATCH, NEVER, SHAPE, get_properties, make_pipe, patch

# Create, replace, delete.


def test_req_core_methods(editor):
    """/req/core/methods: the methods are there, and OPTIONS says so."""
    assert "POST" in editor.ask(ITEMS, "OPTIONS").headers["Allow"]
    allowed = editor.ask(f"{ITEMS}/1", "OPTIONS").headers["Allow"]
    assert {"PUT", "PATCH", "DELETE"} <= {each.strip() for each in allowed.split(",")}


def test_req_create_replace_delete_options_op(anyone, editor):
    """Whoever may only read is told so; QGIS asks by an id that is none."""
    for caller, methods in ((anyone, {"GET"}), (editor, {"GET"})):
        answer = caller.ask("/collections/fire_hydrant/items", "OPTIONS")
        assert answer.status_code == 200 and methods <= {each.strip() for each in answer.headers["Allow"].split(",")}
    assert "POST" not in anyone.ask("/collections/fire_hydrant/items", "OPTIONS").headers["Allow"]
    assert editor.ask(f"{ITEMS}/unknown_id", "OPTIONS").status_code == 200


def test_req_create_replace_delete_options_response(editor):
    for path in (ITEMS, f"{ITEMS}/1"):
        answer = editor.ask(path, "OPTIONS")
        assert answer.status_code == 200 and "Allow" in answer.headers


def test_req_create_replace_delete_options_accept_post(editor):
    assert "application/geo+json" in editor.ask(ITEMS, "OPTIONS").headers["Accept-Post"]


def test_req_create_replace_delete_post_op(editor, made):
    assert editor.ask(made).status_code == 200


def test_req_create_replace_delete_post_body(editor, made):
    feature = editor.get(made)
    assert feature["properties"]["asset_code"] == "made" and feature["properties"]["nominal_diameter_mm"] == 100
    assert feature["geometry"]["coordinates"] == [pytest.approx(pair, abs=2e-7) for pair in SHAPE["coordinates"]]


def test_req_create_replace_delete_post_content_type(editor, made):
    answer = editor.ask(ITEMS, "POST", data=b'{"type": "Feature", "geometry": null, "properties": {}}')
    assert answer.status_code == 400
    assert editor.send("POST", ITEMS, make_pipe(), Content_Type="application/pdf").status_code == 415


def test_req_create_replace_delete_post_response_rid(editor, made):
    """An id in the body is not taken: the server gives one, and says which."""
    answer = editor.send("POST", ITEMS, {**make_pipe(asset_code="own id"), "id": int(NEVER)})
    assert answer.status_code == 201 and not answer.headers["Location"].endswith(NEVER)
    assert editor.get(answer.headers["Location"])["id"] == int(answer.headers["Location"].rpartition("/")[2])


def test_req_create_replace_delete_post_response(made):
    assert made.startswith(f"{ROOT}{ITEMS}/")


def test_req_create_replace_delete_put_op(editor, made):
    assert editor.send("PUT", made, make_pipe(asset_code="put")).status_code in (200, 204)


def test_req_create_replace_delete_put_body(editor, made):
    """What is not sent is no longer there."""
    editor.send("PUT", made, make_pipe(asset_code="put"))
    properties = get_properties(editor, made)
    assert (properties["asset_code"], properties["nominal_diameter_mm"]) == ("put", None)


def test_req_create_replace_delete_put_content_type(editor, made):
    """The type is read where it is sent; OWSLib sends none, and is understood."""
    assert editor.send("PUT", made, make_pipe(asset_code="put"), Content_Type="application/pdf").status_code == 415
    assert editor.send("PUT", made, make_pipe(asset_code="put")).status_code in (200, 204)


def test_req_create_replace_delete_put_response(editor, made):
    answer = editor.send("PUT", made, make_pipe(asset_code="put"))
    assert answer.status_code == 204 and answer.data == b""


def test_req_create_replace_delete_put_rid(editor, made):
    answer = editor.send("PUT", made, {**make_pipe(asset_code="put"), "id": int(NEVER)})
    if answer.status_code < 400:
        assert editor.get(made)["properties"]["asset_code"] == "put"
    assert editor.ask(f"{ITEMS}/{NEVER}").status_code == 404


def test_req_create_replace_delete_put_rid_exception(editor):
    for headers in ({}, {"If_Match": '"xyz"'}):
        answer = editor.send("PUT", f"{ITEMS}/{NEVER}", make_pipe(), **headers)
        assert answer.status_code == 404
    assert editor.ask(f"{ITEMS}/{NEVER}").status_code == 404


def test_req_create_replace_delete_delete_op(editor, made):
    assert editor.ask(made, "DELETE").status_code in (200, 204)
    assert editor.ask(made).status_code == 404


def test_req_create_replace_delete_delete_response(editor, made):
    answer = editor.ask(made, "DELETE")
    assert answer.status_code == 204 and answer.data == b""
    assert editor.ask(made, "DELETE").status_code == 404


# Update.


def test_req_update_methods(editor):
    assert "PATCH" in editor.ask(f"{ITEMS}/1", "OPTIONS").headers["Allow"]


def test_req_update_options_accept_patch(editor):
    assert MERGE_PATCH in editor.ask(f"{ITEMS}/1", "OPTIONS").headers["Accept-Patch"]


def test_req_update_update_patch_op(editor, made):
    assert patch(editor, made, {"properties": {"nominal_diameter_mm": 150}}).status_code in (200, 204)


def test_req_update_update_patch_body(editor, made):
    """What is named changes; nothing else does."""
    before = editor.get(made)
    patch(editor, made, {"properties": {"nominal_diameter_mm": 150}})
    after = editor.get(made)
    changed = {name for name, value in after["properties"].items() if before["properties"][name] != value}
    assert changed == {"nominal_diameter_mm", "updated_at"} and after["geometry"] == before["geometry"]


def test_req_update_patch_content_type(editor, made):
    assert editor.ask(made, "PATCH", data=b'{"properties": {}}').status_code == 400
    assert editor.send("PATCH", made, {}, Content_Type="application/pdf").status_code == 415


def test_req_update_update_patch_response(editor, made):
    answer = patch(editor, made, {"properties": {"nominal_diameter_mm": 150}})
    assert answer.status_code == 204 and answer.data == b""


def test_req_update_rid(editor, made):
    answer = patch(editor, made, {"id": int(NEVER), "properties": {"nominal_diameter_mm": 150}})
    assert answer.status_code >= 400 or editor.get(made)["id"] != int(NEVER)
    assert editor.ask(f"{ITEMS}/{NEVER}").status_code == 404


# Features.


def test_req_features_resources_endpoint(editor, made):
    (link, *_) = find_links(editor.get(COLLECTION), "items")
    assert editor.send("POST", link["href"], make_pipe(asset_code="by link")).status_code == 201


def test_req_features_resource_endpoint(editor, made):
    feature = next(
        each for each in editor.get(f"{ITEMS}?limit=100")["features"] if each["properties"]["asset_code"] == "made"
    )
    assert made == f"{ROOT}{ITEMS}/{feature['id']}"
    assert editor.send("PUT", made, feature).status_code in (200, 204)


def test_req_features_collection_endpoint(editor):
    """Ids are the server's to give, so that no collection says PUT made features."""
    assert "supportsNonAutogeneratedResourceIds" not in editor.get(COLLECTION)


def test_req_features_content_crs_header(editor, made):
    """With and without angle brackets, in the axis order of the CRS."""
    turned = {"type": "LineString", "coordinates": [pair[::-1] for pair in SHAPE["coordinates"]]}
    for name in (f"<{EPSG}/4326>", f"{EPSG}/4326"):
        body = {**make_pipe(asset_code=name), "geometry": turned}
        answer = editor.send("POST", ITEMS, body, Content_Crs=name)
        assert answer.status_code == 201
        assert editor.get(answer.headers["Location"])["geometry"] == editor.get(made)["geometry"]


def test_req_features_default_crs(editor, made):
    named = editor.send("POST", ITEMS, make_pipe(asset_code="named"), Content_Crs=f"<{CRS84}>")
    assert editor.get(named.headers["Location"])["geometry"] == editor.get(made)["geometry"]


def test_req_features_crs_other_crs(editor, made):
    """In every CRS of the collection: what comes out of it goes in again and is the same place; others are refused."""
    plain = editor.get(made)["geometry"]["coordinates"]
    for uri in editor.get(COLLECTION)["crs"]:
        body = {**make_pipe(asset_code=uri), "geometry": editor.get(f"{made}?crs={uri}")["geometry"]}
        answer = editor.send("POST", ITEMS, body, Content_Crs=f"<{uri}>")
        assert answer.status_code == 201, (uri, answer.text)
        again = editor.get(answer.headers["Location"])["geometry"]["coordinates"]
        assert again == [pytest.approx(pair, abs=2e-7) for pair in plain], uri
    assert editor.send("POST", ITEMS, make_pipe(), Content_Crs=f"<{EPSG}/0000>").status_code == 400


def test_req_features_schema(editor, made):
    """What keeps to the schema is taken; a property it does not have, or a value it does not allow, is not."""
    (link,) = find_links(editor.get(COLLECTION), f"{REL}/schema")
    schema = editor.get(link["href"])
    assert schema["additionalProperties"] is False
    assert editor.send("PUT", made, make_pipe(nominal_diameter_mm=4000, function="raw")).status_code in (200, 204)
    for wrong in ({"colour": "red"}, {"nominal_diameter_mm": 4001}, {"function": "wine"}, {"installed_on": "tomorrow"}):
        answer = editor.send("PUT", made, make_pipe(**wrong))
        assert answer.status_code == 400 and next(iter(wrong)) in answer.text


def test_req_features_geojson_create_replace(editor, made):
    """An id of another feature in the body: refused, or left aside; the geometry is the one shape there is."""
    other = {"type": "LineString", "coordinates": [[106.71, 10.78], [106.711, 10.781]]}
    answer = editor.send("PUT", made, {**make_pipe(asset_code="put"), "geometry": other, "id": int(NEVER)})
    feature = editor.get(made)
    if answer.status_code < 300:
        assert feature["properties"]["asset_code"] == "put" and feature["geometry"]["coordinates"][0][0] > 106.709
    else:
        assert answer.status_code < 500 and feature["properties"]["asset_code"] == "made"


def test_req_features_update_json_merge_patch(editor, made):
    """Values change, null empties, the geometry is GeoJSON, the id stays; nested or flat as the schema."""
    other = {"type": "LineString", "coordinates": [[106.71, 10.78], [106.711, 10.781]]}
    nested = {"properties": {"name": "Nguyễn Huệ", "nominal_diameter_mm": None}, "geometry": other}
    assert patch(editor, made, nested).status_code in (200, 204)
    feature = editor.get(made)
    assert (feature["properties"]["name"], feature["properties"]["nominal_diameter_mm"]) == ("Nguyễn Huệ", None)
    assert feature["geometry"]["coordinates"][0] == pytest.approx([106.71, 10.78], abs=2e-7)
    assert patch(editor, made, {"name": None, "nominal_diameter_mm": 200}).status_code in (200, 204)
    properties = get_properties(editor, made)
    assert (properties["name"], properties["nominal_diameter_mm"]) == (None, 200)
    assert patch(editor, made, {"id": int(NEVER)}).status_code == 400


# And the definition.


def test_the_definition_tells_changes_to_those_who_may_make_them(anyone, editor):
    mine, theirs = editor.get("/api")["paths"], anyone.get("/api")["paths"]
    assert set(mine[ITEMS]) == {"get", "post"} and set(mine[f"{ITEMS}/{{featureId}}"]) == {
        "get", "put", "patch", "delete",
    }  # fmt: skip
    assert set(theirs["/collections/fire_hydrant/items"]) == {"get"} and ITEMS not in theirs
    assert get_parameter(editor.get("/api"), ITEMS, "limit")


def test_the_examples_of_the_definition_are_taken(editor, made):
    schemas = editor.get("/api")["components"]["schemas"]
    answer = editor.send("POST", ITEMS, schemas["water_pipe.new"]["example"])
    assert answer.status_code == 201, answer.text
    changed = patch(editor, answer.headers["Location"], schemas["water_pipe.patch"]["example"])
    assert changed.status_code == 204
    assert editor.ask(answer.headers["Location"], "DELETE").status_code == 204


def test_who_may_not_change_is_told_so(anyone, editor):
    body = {"type": "Feature", "geometry": None, "properties": {}}
    assert anyone.send("POST", "/collections/fire_hydrant/items", body).status_code == 401
    assert anyone.send("POST", ITEMS, body).status_code == 404
    assert editor.send("POST", "/collections/works_project/items", body).status_code == 403


def test_a_stale_version_is_refused_and_loses_nothing(editor, made):
    first = editor.ask(made).headers["ETag"]
    time.sleep(0.002)
    assert patch(editor, made, {"properties": {"name": "one"}}, If_Match=first).status_code in (200, 204)
    assert patch(editor, made, {"properties": {"name": "two"}}, If_Match=first).status_code == 412
    assert get_properties(editor, made)["name"] == "one"
