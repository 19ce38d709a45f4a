"""The map's views: each names the steps and returns; the steps live in the modules beside."""

from pathlib import Path

from flask import Response, current_app, jsonify, make_response, render_template, request, send_file

from gis_infra.spatial import grids
from gis_infra.storage import transactions
from gis_infra.web import csrf
from gis_infra.web.actors import get_actor
from gis_infra.web.analysis.bodies import read_body
from gis_infra.web.context import get_services
from gis_infra.web.headers import render_policy
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.history import get_subject
from gis_infra.web.ogcapi.parameters import FILTERS, Bounds, parse_query, require_known
from gis_infra.web.viewer import bundle, counting, describing, facts, forms, identifying, neighbours, querying, strips

# Set in the application's config to serve another folder than the one Vite builds into.
BUILT_FOLDER = "VIEWER_BUILT_FOLDER"
KEEP = "public, max-age=31536000, immutable"


def map_page() -> Response:
    """The page of the map; where the map is not built, a page that says so and how to build it."""
    built = bundle.find_bundle(get_built_folder())
    city = get_services().settings.city_name
    if built is None:
        return keep_private(make_response(render_template("viewer/not_built.html", city=city)))
    page = make_response(render_template("viewer/map.html", city=city, bundle=built, csrf_token=csrf.get_token()))
    page.headers["Content-Security-Policy"] = render_policy(describing.get_origin(get_services().settings.background))
    return keep_private(page)


def config() -> Response:
    """What the map must know before it draws, for whoever asks, in `lang`."""
    services, actor = get_services(), get_actor()
    language = choose_language()
    layers = actor.list_readable(services.catalogue)
    with transactions.reading(services.engine, services.settings.read_limit_s) as connection:
        facts = describing.read_facts(connection, layers, actor, services.settings.city_extent)
    document = describing.to_config(services.catalogue, layers, facts, language)
    document |= {"city": services.settings.city_name, "srid": services.settings.city_srid}
    document |= {
        "grid": grids.find_grid(services.settings.city_srid),
        "attribution": services.settings.attribution,
        "background": describing.to_background(services.settings),
    }
    return keep_private(jsonify(document | {"user": describing.to_user(actor)}))


def identify() -> Response:
    """What lies near `lon`, `lat`, by layer, of what `filter.{layer}` lets through, for whoever asks, in `lang`."""
    services, actor = get_services(), get_actor()
    place = identifying.parse_place(request.args)
    layers = identifying.parse_layers(request.args.get("layers"), actor.list_readable(services.catalogue))
    around = identifying.to_around(place, services.settings.city_srid)
    wanted = [
        identifying.Wanted(layer, actor, identifying.parse_filter(request.args, layer, around.srid)) for layer in layers
    ]
    with transactions.reading(services.engine, services.settings.read_limit_s) as connection:
        groups = [
            identifying.to_group(each.layer, found, around, choose_language())
            for each in wanted
            if (found := identifying.read_layer(connection, services.tables, each, around))
        ]
    return keep_private(jsonify({"point": [place.longitude, place.latitude], "layers": groups}))


def show_counts() -> Response:
    """How many features of each of `layers` reach into `bbox`, null for more than the bound, for whoever asks."""
    services, actor = get_services(), get_actor()
    window = counting.parse_window(request.args.get("bbox"))
    layers = identifying.parse_layers(request.args.get("layers"), actor.list_readable(services.catalogue))
    with transactions.reading(services.engine, services.settings.read_limit_s) as connection:
        counts = counting.count_layers(connection, services.tables, layers, actor, window)
    return keep_private(jsonify({"counts": counts, "most": counting.MOST_COUNTED}))


def show_facts(layer_id: str, feature_id: str) -> Response:
    """What became of a feature, and whom to ask about it, for whoever asks, in `lang`."""
    services = get_services()
    subject = get_subject(layer_id, feature_id)
    with transactions.reading(services.engine, services.settings.read_limit_s) as connection:
        found = facts.read_facts(connection, services.tables, subject, choose_language())
    return keep_private(jsonify(found))


def make_strip() -> Response:
    """The area along the streets or the line of the body, for whoever asks."""
    services = get_services()
    order = strips.parse_order(read_body(), services.settings.city_srid)
    ground = strips.Ground(services.catalogue, services.tables, get_actor())
    with transactions.reading(services.engine, services.settings.read_limit_s) as connection:
        found = strips.make_strip(connection, ground, order)
    return keep_private(jsonify(found))


def form(layer_id: str) -> Response:
    """What a form for a feature of a layer is made of, for who may edit it, in `lang`."""
    services, actor = get_services(), get_actor()
    layer = services.catalogue.get_layer(layer_id)
    actor.require("edit", layer)
    return keep_private(jsonify(forms.to_form(layer, choose_language())))


def show_neighbours() -> Response:
    """The shapes in `bbox` of `layers`, for whoever asks, to be drawn to."""
    services, actor = get_services(), get_actor()
    box = neighbours.parse_box(request.args)
    layers = identifying.parse_layers(request.args.get("layers"), actor.list_readable(services.catalogue))
    neighbours.require_few(layers)
    with transactions.reading(services.engine, services.settings.read_limit_s) as connection:
        found = neighbours.read_neighbours(connection, services.tables, layers, actor, box)
    return keep_private(jsonify(found))


def show_properties(layer_id: str) -> Response:
    """What features of a layer may be filtered by, for whoever may see it, in `lang`."""
    return keep_private(jsonify(querying.to_properties(get_layer(layer_id), choose_language())))


def show_extent(layer_id: str) -> Response:
    """The box of what `filter` lets through of a layer, null for nowhere, for whoever asks."""
    services, layer = get_services(), get_layer(layer_id)
    require_known(request.args, FILTERS)
    query = parse_query(request.args, layer, get_actor(), Bounds.of(services.settings))
    with transactions.reading(services.engine, services.settings.read_limit_s) as connection:
        extent = querying.read_extent(connection, services.tables, query)
    return keep_private(jsonify({"extent": extent}))


def built_file(name: str) -> Response:
    """One of the map's files, compressed where the browser takes it; its name holds its hash, so it may be kept."""
    accepted = [coding for coding, quality in request.accept_encodings if quality > 0]
    found = bundle.get_file(get_built_folder(), name, accepted)
    response = send_file(found.path, mimetype=found.content_type, conditional=True)
    if found.encoding is not None:
        response.content_encoding = found.encoding
    response.vary.add("Accept-Encoding")
    response.headers["Cache-Control"] = KEEP
    return response


def get_built_folder() -> Path:
    """Where the built files are."""
    return Path(current_app.config.get(BUILT_FOLDER, bundle.FOLDER))


def keep_private(response: Response) -> Response:
    """An answer that depends on who asks, so that no cache may keep it."""
    response.cache_control.no_store = True
    return response
