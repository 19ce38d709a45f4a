"""People, grants, passwords, tokens and links, against a real database."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from gis_infra.accounts import credentials, people
from gis_infra.accounts.links import create_sign_in_link
from gis_infra.accounts.tables import PERSON, SIGN_IN_LINK, TOKEN
from gis_infra.catalogue.definitions import Catalogue, Sector, Title
from gis_infra.errors import ConflictError, InvalidParameter, MissingError, SignInNeeded

CATALOGUE = Catalogue({}, {"water": Sector("water", Title("Cấp nước", "Water"), "#1f77d0")})
PASSWORD = "một mật khẩu dài"


def grant(connection, username, role, scope):
    people.grant_to_person(connection, username, role, scope, CATALOGUE)


@pytest.fixture
def lan(connection):
    """A person of the water department, with a password."""
    people.add_department(connection, "sawaco", "Cấp nước", "Water supply")
    return people.add_person(connection, "Lan", "Nguyễn Thị Lan", "sawaco", PASSWORD)


def test_a_person_without_a_department_gets_nobody_elses_grants(connection, lan):
    people.grant_to_person(connection, "lan", "admin", "*", CATALOGUE)
    stranger = people.add_person(connection, "binh", "Bình")
    assert people.read_actor(connection, stranger).grants == {}


def test_a_person_holds_their_own_and_their_departments_grants_the_higher_one_counting(connection, lan):
    people.grant_to_department(connection, "sawaco", "viewer", "sector:water", CATALOGUE)
    people.grant_to_person(connection, "lan", "importer", "sector:water", CATALOGUE)
    people.grant_to_department(connection, "sawaco", "viewer", "*", CATALOGUE)
    actor = people.get_actor(connection, "lan")
    assert (actor.username, actor.department) == ("lan", "sawaco")
    assert actor.grants == {"sector:water": "importer", "*": "viewer"}


def test_a_second_grant_on_a_scope_takes_the_place_of_the_first(connection, lan):
    people.grant_to_person(connection, "lan", "admin", "*", CATALOGUE)
    people.grant_to_person(connection, "lan", "viewer", "*", CATALOGUE)
    assert people.get_actor(connection, "lan").grants == {"*": "viewer"}
    people.revoke_from_person(connection, "lan", "*")
    assert people.get_actor(connection, "lan").grants == {}


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda c: people.add_person(c, "LAN", "Lan"), ConflictError, "already a person 'lan'"),
        (lambda c: people.add_person(c, "a b", "A"), InvalidParameter, "got 'a b'"),
        (lambda c: people.add_person(c, "x" * 65, "A"), InvalidParameter, "1 to 64 letters"),
        (lambda c: people.add_person(c, "an", "A", "none"), MissingError, "no department 'none'"),
        (lambda c: people.add_person(c, "an", "A", None, "short"), InvalidParameter, "10 to 1024"),
        (lambda c: people.add_department(c, "sawaco", "a", "b"), ConflictError, "already a department"),
        (lambda c: people.grant_to_person(c, "lan", "king", "*", CATALOGUE), InvalidParameter, "viewer, editor"),
        (
            lambda c: people.grant_to_person(c, "lan", "viewer", "sector:air", CATALOGUE),
            InvalidParameter,
            "sector:water",
        ),
        (lambda c: people.grant_to_person(c, "nobody", "viewer", "*", CATALOGUE), MissingError, "no person 'nobody'"),
        (lambda c: people.revoke_from_person(c, "lan", "*"), MissingError, "granted nothing"),
        (lambda c: credentials.revoke_token(c, "lan", "qgis"), MissingError, "no token 'qgis'"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(connection, lan, call, kind, words):
    with pytest.raises(kind, match=words):
        call(connection)


def test_a_password_proves_its_person_whatever_the_case_of_the_name(connection, lan):
    memory = credentials.PasswordMemory()
    assert credentials.find_by_password(connection, " LAN", PASSWORD, memory) == lan
    assert credentials.find_by_password(connection, "lan", PASSWORD + "!", memory) is None
    assert credentials.find_by_password(connection, "nobody", PASSWORD, memory) is None


def test_a_closed_account_proves_nothing_and_is_no_actor(connection, lan):
    people.set_active(connection, "lan", False)
    assert credentials.find_by_password(connection, "lan", PASSWORD, credentials.PasswordMemory()) is None
    assert people.read_actor(connection, lan) is None
    with pytest.raises(MissingError, match="closed"):
        people.get_actor(connection, "lan")


def test_ten_wrong_passwords_lock_the_account_and_a_new_one_opens_it(connection, lan):
    memory = credentials.PasswordMemory()
    for _ in range(credentials.FREE_ATTEMPTS):
        assert credentials.find_by_password(connection, "lan", "the wrong one", memory) is None
    locked_until = connection.scalar(select(PERSON.c.locked_until).where(PERSON.c.id == lan))
    assert locked_until == connection.scalar(select(func.now() + timedelta(seconds=60)))
    assert credentials.find_by_password(connection, "lan", PASSWORD, memory) is None
    people.set_password(connection, "lan", "another long one")
    assert credentials.find_by_password(connection, "lan", "another long one", memory) == lan


def test_the_lock_ends_after_its_minute_and_a_right_password_clears_the_count(connection, lan):
    ago = func.now() - timedelta(seconds=1)
    connection.execute(update(PERSON).where(PERSON.c.id == lan).values(failed_attempts=10, locked_until=ago))
    assert credentials.find_by_password(connection, "lan", PASSWORD, credentials.PasswordMemory()) == lan
    assert connection.scalar(select(PERSON.c.failed_attempts).where(PERSON.c.id == lan)) == 0


def test_a_new_password_ends_open_sessions(connection, lan):
    before = people.read_session_epoch(connection, lan)
    people.set_password(connection, "lan", "another long one")
    assert people.read_session_epoch(connection, lan) == before + 1


def test_a_token_works_until_it_is_revoked_and_is_kept_only_as_a_hash(connection, lan):
    secret = credentials.add_token(connection, "lan", "qgis")
    assert credentials.check_token(connection, secret) == lan
    assert secret.encode() not in connection.scalar(select(TOKEN.c.secret_hash))
    with pytest.raises(ConflictError, match="already has a token 'qgis'"):
        credentials.add_token(connection, "lan", "qgis")
    credentials.revoke_token(connection, "lan", "qgis")
    with pytest.raises(SignInNeeded, match="unknown or has expired"):
        credentials.check_token(connection, secret)


def test_an_expired_token_is_worthless(connection, lan):
    secret = credentials.add_token(connection, "lan", "old", timedelta(seconds=-1))
    with pytest.raises(SignInNeeded, match="expired"):
        credentials.check_token(connection, secret)


def test_a_sign_in_link_works_once(connection, lan):
    secret = create_sign_in_link(connection, "lan")
    assert credentials.use_sign_in_link(connection, secret) == lan
    with pytest.raises(SignInNeeded, match="used already"):
        credentials.use_sign_in_link(connection, secret)


def test_an_old_sign_in_link_is_worthless(connection, lan):
    secret = create_sign_in_link(connection, "lan")
    connection.execute(update(SIGN_IN_LINK).values(expires_at=func.now() - timedelta(seconds=1)))
    with pytest.raises(SignInNeeded, match="too old"):
        credentials.use_sign_in_link(connection, secret)


def test_the_first_link_makes_the_first_administrator_and_the_second_does_not_make_another(connection):
    create_sign_in_link(connection)
    create_sign_in_link(connection)
    assert people.get_actor(connection, "admin").is_admin()
    assert [each.username for each in people.list_people(connection)] == ["admin"]


def test_an_administrator_who_was_given_less_is_not_raised_again(connection):
    create_sign_in_link(connection)
    people.grant_to_person(connection, "admin", "viewer", "*", CATALOGUE)
    create_sign_in_link(connection)
    assert people.get_actor(connection, "admin").grants == {"*": "viewer"}
