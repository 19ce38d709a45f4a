"""Signing in and out on the map: by name and password, or by a one-time link."""

from flask import Blueprint, Response, current_app, redirect, render_template, request, session
from flask_login import logout_user
from werkzeug.wrappers import Response as AnyResponse

from gis_infra.accounts import credentials
from gis_infra.accounts.actor import Actor
from gis_infra.errors import SignInNeeded
from gis_infra.storage.transactions import writing
from gis_infra.web import csrf
from gis_infra.web.actors import MEMORY, get_actor, sign_in
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language


def create_blueprint() -> Blueprint:
    """The routes /sign-in, /sign-in/<secret> and /sign-out."""
    blueprint = Blueprint(
        "sign_in", __name__, template_folder="templates", static_folder="static", static_url_path="/sign-in-static"
    )
    blueprint.add_url_rule("/sign-in", view_func=show_form, methods=["GET"])
    blueprint.add_url_rule("/sign-in", view_func=take_form, methods=["POST"])
    blueprint.add_url_rule("/sign-in/<secret>", view_func=show_link, methods=["GET"])
    blueprint.add_url_rule("/sign-in/<secret>", view_func=take_link, methods=["POST"])
    blueprint.add_url_rule("/sign-out", view_func=sign_out, methods=["POST"])
    return blueprint


def show_form() -> Response:
    """The form for name and password."""
    return render_form()


def take_form() -> AnyResponse:
    """Sign in by name and password; the form again, with 401, if either is wrong."""
    csrf.require_same(request.form.get(csrf.FORM_FIELD, ""))
    name, password = request.form.get("username", ""), request.form.get("password", "")
    with writing(get_services().engine) as connection:
        person_id = credentials.find_by_password(connection, name, password, current_app.extensions[MEMORY])
    if person_id is None:
        return render_form(failed=True, name=name, status=401)
    return start_session(person_id)


def show_link(secret: str) -> Response:
    """A page with one button; a link that signed in by itself would be used up by a mail scanner or a preview."""
    return render("link.html", secret=secret)


def take_link(secret: str) -> AnyResponse:
    """Sign in by a one-time link; the form, with 401 and the reason, if it was used or is old."""
    csrf.require_same(request.form.get(csrf.FORM_FIELD, ""))
    try:
        with writing(get_services().engine) as connection:
            person_id = credentials.use_sign_in_link(connection, secret)
    except SignInNeeded:
        return render_form(stale=True, status=401)
    return start_session(person_id)


def start_session(person_id: int) -> AnyResponse:
    """Begin a fresh session, so that nothing of the one before is carried over, and go to the map."""
    session.clear()
    with writing(get_services().engine) as connection:
        sign_in(connection, person_id)
    return redirect("/", code=303)


def sign_out() -> AnyResponse:
    """End the session and go to the map."""
    logout_user()
    session.clear()
    return redirect("/", code=303)


def render_form(*, failed: bool = False, stale: bool = False, name: str = "", status: int = 200) -> Response:
    """The form, saying what went wrong before, with the name that was typed."""
    answer = render("form.html", failed=failed, stale=stale, name=name)
    answer.status_code = status
    return answer


def render(template: str, **values: object) -> Response:
    """A page of this room in the reader's language, kept by no cache."""
    actor: Actor = get_actor()
    language = choose_language()
    html = render_template(
        f"sign_in/{template}", language=language, token=csrf.get_token(), actor=actor,
        city=get_services().settings.city_name, **values,
    )  # fmt: skip
    return Response(html, mimetype="text/html", headers={"Cache-Control": "no-store"})
