"""Signing in: by form, by link, by Basic and by token; and what the answers tell a stranger."""

import re

import pytest
from sqlalchemy import delete

from gis_infra.accounts import credentials, people
from gis_infra.accounts.links import create_sign_in_link
from gis_infra.accounts.tables import PERSON
from gis_infra.storage.transactions import writing
from gis_infra.web.actors import get_actor
from gis_infra.web.app import create_app

PASSWORD = "một mật khẩu dài"


def tell_actor():
    """The name of whoever asks."""
    return get_actor().username


def change_something():
    """Pretend to change something, as whoever asks."""
    return f"changed by {get_actor().username}"


@pytest.fixture(scope="module")
def app(settings, engine):
    """The application with two more routes, and a person called lan."""
    application = create_app(settings, engine)
    application.add_url_rule("/tests/who", view_func=tell_actor)
    application.add_url_rule("/tests/change", view_func=change_something, methods=["POST"])
    with writing(engine) as connection:
        people.add_person(connection, "lan", "Nguyễn Thị Lan", password=PASSWORD)
    yield application
    with writing(engine) as connection:
        connection.execute(delete(PERSON))


@pytest.fixture
def client(app):
    """A browser that was never here before."""
    return app.test_client()


def find_token(page):
    return re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]


def post_form(client, username="lan", password=PASSWORD):
    token = find_token(client.get("/sign-in"))
    return client.post("/sign-in", data={"username": username, "password": password, "csrf_token": token})


def test_a_stranger_is_the_public(client):
    assert client.get("/tests/who").text == "anonymous"


def test_name_and_password_start_a_session_and_signing_out_ends_it(client):
    answer = post_form(client)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/tests/who").text == "lan"
    token = find_token(client.get("/sign-in"))
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303
    assert client.get("/tests/who").text == "anonymous"


@pytest.mark.parametrize(("username", "password"), [("lan", "the wrong one"), ("nobody", PASSWORD), ("", "")])
def test_wrong_name_and_wrong_password_are_told_alike(client, username, password):
    answer = post_form(client, username, password)
    assert answer.status_code == 401
    assert "Tên hoặc mật khẩu không đúng." in answer.text
    assert client.get("/tests/who").text == "anonymous"


def test_the_form_speaks_english_to_those_who_do(client):
    assert "User name" in client.get("/sign-in?lang=en").text
    assert "User name" in client.get("/sign-in", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert "Tên đăng nhập" in client.get("/sign-in").text


def test_the_cookie_is_out_of_a_scripts_reach(client):
    cookie = post_form(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_a_form_from_elsewhere_is_refused(client):
    answer = client.post("/sign-in", data={"username": "lan", "password": PASSWORD})
    assert answer.status_code == 403 and "load it again" in answer.json["detail"]


def test_a_change_by_cookie_needs_the_sessions_token(client):
    post_form(client)
    assert client.post("/tests/change").status_code == 403
    assert client.post("/tests/change", headers={"X-CSRF-Token": "guess"}).status_code == 403
    token = find_token(client.get("/sign-in"))
    assert client.post("/tests/change", headers={"X-CSRF-Token": token}).text == "changed by lan"


def test_a_link_shows_a_button_and_signs_in_once(client, engine, app):
    with writing(engine) as connection:
        secret = create_sign_in_link(connection, "lan")
    page = client.get(f"/sign-in/{secret}")
    assert page.status_code == 200 and client.get("/tests/who").text == "anonymous"
    answer = client.post(f"/sign-in/{secret}", data={"csrf_token": find_token(page)})
    assert answer.status_code == 303 and client.get("/tests/who").text == "lan"
    second = app.test_client()
    page = second.get(f"/sign-in/{secret}")
    answer = second.post(f"/sign-in/{secret}", data={"csrf_token": find_token(page)})
    assert answer.status_code == 401 and "đã được dùng" in answer.text


def test_a_new_password_ends_the_sessions_of_the_old_one(client, engine):
    post_form(client)
    with writing(engine) as connection:
        people.set_password(connection, "lan", PASSWORD)
    assert client.get("/tests/who").text == "anonymous"


def test_basic_works_on_every_request_without_a_session(client):
    answer = client.get("/tests/who", auth=("lan", PASSWORD))
    assert answer.text == "lan" and "Set-Cookie" not in answer.headers
    assert client.post("/tests/change", auth=("lan", PASSWORD)).text == "changed by lan"


def test_a_bearer_token_works_until_revoked(client, engine):
    with writing(engine) as connection:
        secret = credentials.add_token(connection, "lan", "script")
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get("/tests/who", headers=headers).text == "lan"
    with writing(engine) as connection:
        credentials.revoke_token(connection, "lan", "script")
    assert client.get("/tests/who", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "header", ["Basic bGFuOndyb25n", "Bearer nonsense", "Basic %%%", "Digest username=lan", "Basic", "nonsense"]
)
def test_wrong_credentials_are_never_taken_for_the_public(client, header):
    answer = client.get("/tests/who", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")
    assert answer.mimetype == "application/problem+json"


def test_a_closed_account_is_shut_out_by_every_door(client, engine):
    post_form(client)
    with writing(engine) as connection:
        people.set_active(connection, "lan", False)
    try:
        assert client.get("/tests/who").text == "anonymous"
        assert client.get("/tests/who", auth=("lan", PASSWORD)).status_code == 401
    finally:
        with writing(engine) as connection:
            people.set_active(connection, "lan", True)


def test_an_address_that_is_not_served_is_a_problem_document(client):
    answer = client.get("/nothing/here")
    assert answer.status_code == 404 and answer.json["title"] == "Not Found"


def test_a_wrong_method_says_which_are_allowed(client):
    answer = client.put("/sign-in")
    assert answer.status_code == 405 and "POST" in answer.headers["Allow"]


def test_every_answer_closes_the_browsers_doors(client):
    headers = client.get("/sign-in").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_health_and_readiness_are_told(client):
    assert client.get("/healthz").text == "alive\n"
    assert client.get("/readyz").text == "ready\n"
