"""Signing in: by form, by link, by Basic and by token; and what the answers tell a stranger."""

import base64
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, update

from gis_infra.accounts import credentials, people
from gis_infra.accounts.links import create_sign_in_link
from gis_infra.accounts.tables import PERSON
from gis_infra.storage.transactions import writing
from gis_infra.web.actors import get_actor
from gis_infra.web.app import create_app

PASSWORD = "một mật khẩu dài"
LATIN_PASSWORD = "clé de la forêt"


def tell_actor():
    """The name of whoever asks."""
    return get_actor().username


def change_something():
    """Pretend to change something, as whoever asks."""
    return f"changed by {get_actor().username}"


@pytest.fixture(scope="module")
def app(settings, engine):
    """The application with two more routes, and two persons: lan, and pierre, whose password is in ISO 8859-1 too."""
    application = create_app(settings, engine)
    application.add_url_rule("/tests/who", view_func=tell_actor)
    application.add_url_rule("/tests/change", view_func=change_something, methods=["POST"])
    with writing(engine) as connection:
        people.add_person(connection, "lan", "Nguyễn Thị Lan", password=PASSWORD)
        people.add_person(connection, "pierre", "Pierre", password=LATIN_PASSWORD)
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
    assert f'maxlength="64" value="{username}"' in answer.text
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


@pytest.mark.parametrize("coding", ["utf-8", "iso-8859-1"])
def test_a_password_is_understood_in_either_coding(client, coding):
    coded = base64.b64encode(f"pierre:{LATIN_PASSWORD}".encode(coding)).decode()
    assert client.get("/tests/who", headers={"Authorization": f"Basic {coded}"}).text == "pierre"
    foreign = {"Authorization": f"basic {coded}", "Origin": "https://elsewhere.example"}
    assert client.post("/tests/change", headers=foreign).status_code == 403
    wrong = base64.b64encode(f"pierre:{LATIN_PASSWORD}é".encode(coding)).decode()
    assert client.get("/tests/who", headers={"Authorization": f"Basic {wrong}"}).status_code == 401


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


@pytest.fixture
def short_lock(engine):
    """Lan's account as it was, after a test has shut it."""
    yield
    with writing(engine) as connection:
        connection.execute(update(PERSON).values(failed_attempts=0, locked_until=None))


def test_a_shut_account_answers_as_one_that_never_was(client, short_lock):
    for _ in range(credentials.FREE_ATTEMPTS):
        client.get("/tests/who", auth=("lan", "wrong"))
    shut, never = (client.get("/tests/who", auth=(name, PASSWORD)) for name in ("lan", "nobody"))
    assert (shut.status_code, shut.text) == (never.status_code, never.text) == (401, never.text)
    forms = [post_form(client, name).text.split("</form>")[0] for name in ("lan", "nobody")]
    assert len({re.sub('value="[^"]+"', "", form) for form in forms}) == 1


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_changes_nothing_by_a_remembered_password(client, site):
    answer = client.post("/tests/change", auth=("lan", PASSWORD), headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403 and "another site" in answer.json["detail"]
    for own in ("same-origin", "none"):
        answer = client.post("/tests/change", auth=("lan", PASSWORD), headers={"Sec-Fetch-Site": own})
        assert answer.text == "changed by lan"


def test_an_authorization_header_beside_the_cookie_opens_nothing(client):
    post_form(client)
    for header in ("Bearer nonsense", "Basic bGFuOndyb25n", "nonsense"):
        assert client.post("/tests/change", headers={"Authorization": header}).status_code == 403


def test_signing_in_starts_a_session_that_nobody_knew_before(client):
    client.get("/sign-in")
    before = client.get_cookie("gis_infra_session").value
    token = find_token(client.get("/sign-in"))
    post_form(client)
    assert client.get_cookie("gis_infra_session").value != before
    assert client.post("/tests/change", headers={"X-CSRF-Token": token}).status_code == 403


@pytest.mark.parametrize("name", ["next", "url", "redirect", "lang"])
def test_signing_in_leads_to_the_map_and_nowhere_else(client, name):
    token = find_token(client.get(f"/sign-in?{name}=https://evil.example"))
    form = {"username": "lan", "password": PASSWORD, "csrf_token": token, name: "https://evil.example"}
    answer = client.post(f"/sign-in?{name}=https://evil.example", data=form)
    assert (answer.status_code, answer.location) == (303, "/")


def test_a_link_used_by_two_at_once_signs_in_one(app, engine):
    with writing(engine) as connection:
        secret = create_sign_in_link(connection, "lan")
    browsers = [app.test_client() for _ in range(4)]
    tokens = [find_token(browser.get(f"/sign-in/{secret}")) for browser in browsers]
    with ThreadPoolExecutor(4) as pool:
        posts = pool.map(lambda b, t: b.post(f"/sign-in/{secret}", data={"csrf_token": t}), browsers, tokens)
        assert sorted(answer.status_code for answer in posts) == [303, 401, 401, 401]


def test_an_answer_that_asks_for_nobody_does_not_fail_on_wrong_credentials(client):
    for path in ("/", "/ogc/", "/wfs", "/sign-out"):
        answer = client.options(path, headers={"Authorization": "Basic bGFuOndyb25n"})
        assert answer.status_code == 200 and answer.headers["Cache-Control"] in ("private", "no-store")


def test_the_key_of_the_cookies_is_its_owners_alone(app, settings):
    assert (settings.home / "signing_key").stat().st_mode & 0o777 == 0o600
