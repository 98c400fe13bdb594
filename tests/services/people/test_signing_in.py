"""Signing in against a real database: attempts, waits, second factors, sessions, machines; nothing told to strangers."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from zlib import crc32

import pytest
from argon2 import extract_parameters
from argon2.exceptions import VerifyMismatchError
from people_builder import NOON, PASSWORD, QUICK, at, code, opened, people
from sqlalchemy import Engine, select

from polisbridge.adapters.database.tables import ACCOUNT, CLIENT_KEY, RECOVERY_CODE, SESSION
from polisbridge.core.accounts import LONGEST_WAIT, ClientKey, PasswordFault, password_faults
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.roles import ActorRole
from polisbridge.services.people.accounts import BadPassword, close, reset, set_password
from polisbridge.services.people.machines import actor_of_key, new_key
from polisbridge.services.people.ports import People
from polisbridge.services.people.sessions import LASTS, account_of, sign_in, sign_out

WRONG = "correct horse battery 8"


@pytest.fixture(scope="module")
def found(engine: Engine) -> People:
    return people(engine)


def login_of(found: People, token: str | None, now: datetime = NOON) -> str:
    who = account_of(found, token or "", now)
    return who[0].login if who else ""


def test_the_right_password_signs_in_and_a_wrong_one_does_not(found: People) -> None:
    opened(found, "anora")

    assert login_of(found, sign_in(found, " Anora ", PASSWORD, "", NOON)) == "anora"
    assert sign_in(found, "anora", WRONG, "", NOON) is None


HOSTILE = ["", " ", "'", "x' OR '1'='1", "anora'; DROP TABLE account; --", "a" * 100_000, "аnora", "anora\0", "𝒶nora", "%", "\ud800"]  # fmt: skip


@pytest.mark.parametrize("login", HOSTILE)
def test_a_hostile_login_signs_nobody_in(found: People, login: str) -> None:
    assert sign_in(found, login, PASSWORD, "", NOON) is None


@pytest.mark.parametrize(
    "password", ["", "\0", "п" * 100_000, "\ud800" * 12, "' OR 1=1 --", PASSWORD + "\0", PASSWORD + " "]
)
def test_a_hostile_password_signs_nobody_in(found: People, password: str) -> None:
    login = f"hostile.{crc32(password.encode(errors='replace'))}"
    opened(found, login)

    assert sign_in(found, login, password, "", NOON) is None


class Counting(type(QUICK)):  # type: ignore[misc]
    """Real hashing that notes which hashes were tried."""

    def __init__(self) -> None:
        super().__init__(QUICK._hasher)
        self.tried: list[str] = []

    def fits(self, kept: str, password: str) -> bool:
        self.tried.append(kept)
        return bool(super().fits(kept, password))


@pytest.mark.parametrize("case", ["unknown", "no login at all", "closed", "waiting", "wrong password", "wrong code"])
def test_whatever_is_wrong_one_hash_is_tried_and_the_answer_is_the_same(found: People, case: str) -> None:
    name = f"case.{case.replace(' ', '-')}"
    _, factor = opened(found, name, ActorRole.AUDITOR)
    if case == "closed":
        close(found, name)
    if case == "waiting":
        for _ in range(5):
            sign_in(found, name, WRONG, "", NOON)
    login = {"unknown": "nobody.here", "no login at all": "???"}.get(case, name)
    password = WRONG if case == "wrong password" else PASSWORD
    given = "000000" if case == "wrong code" else code(factor, NOON)
    counting = Counting()

    assert sign_in(replace(found, passwords=counting), login, password, given, NOON) is None
    assert len(counting.tried) == 1


def test_the_hash_for_an_unknown_login_is_tried_with_the_same_parameters_and_fits_nothing() -> None:
    nobodys, own = QUICK.nobodys, QUICK.hash(PASSWORD)

    assert extract_parameters(nobodys) == extract_parameters(own)
    assert not QUICK.fits(nobodys, PASSWORD)
    with pytest.raises(VerifyMismatchError):  # it was really tried, not thrown out as no hash
        QUICK._hasher.verify(nobodys, PASSWORD)


def test_after_five_wrong_attempts_the_right_password_waits_too(found: People) -> None:
    opened(found, "bekzod")
    for second in range(5):
        assert sign_in(found, "bekzod", WRONG, "", at(second)) is None

    assert sign_in(found, "bekzod", PASSWORD, "", at(33)) is None
    assert sign_in(found, "bekzod", PASSWORD, "", at(34)) is not None


def test_the_wait_grows_and_is_never_longer_than_a_quarter_of_an_hour(found: People, engine: Engine) -> None:
    number, _ = opened(found, "bruteforced")
    now, waits = NOON, []
    for _ in range(14):
        sign_in(found, "bruteforced", WRONG, "", now)
        with engine.connect() as connection:
            until = connection.execute(select(ACCOUNT.c.locked_until).where(ACCOUNT.c.id == number)).scalar_one()
        waits.append(round((until - now).total_seconds()) if until else 0)
        now = until or now

    assert waits == [0, 0, 0, 0, 30, 60, 120, 240, 480, 900, 900, 900, 900, 900]
    assert LONGEST_WAIT.total_seconds() == 900


def test_attempts_while_an_account_waits_do_not_make_it_wait_longer(found: People) -> None:
    opened(found, "patient")
    for _ in range(5):
        sign_in(found, "patient", WRONG, "", NOON)
    for second in range(1, 30):
        sign_in(found, "patient", WRONG, "", at(second))

    assert sign_in(found, "patient", PASSWORD, "", at(30)) is not None


def test_success_forgets_what_went_wrong_before(found: People) -> None:
    opened(found, "forgiven")
    for round_ in range(3):
        for _ in range(4):
            assert sign_in(found, "forgiven", WRONG, "", at(round_)) is None
        assert sign_in(found, "forgiven", PASSWORD, "", at(round_)) is not None


def test_attempts_at_once_do_not_slip_past_the_count(found: People) -> None:
    opened(found, "raced")
    counting = Counting()
    raced = replace(found, passwords=counting)
    with found.accounts.change() as book:
        own = book.attempt("raced", NOON)
    assert own is not None
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda _: sign_in(raced, "raced", WRONG, "", NOON), range(40)))

    assert counting.tried.count(own.password_hash) == 4  # and the attempt above makes five


def test_an_office_needs_its_second_factor(found: People) -> None:
    _, factor = opened(found, "clerk", ActorRole.INSURER_CLERK)
    assert factor is not None

    assert sign_in(found, "clerk", PASSWORD, "", NOON) is None
    assert sign_in(found, "clerk", PASSWORD, "12345", NOON) is None
    assert sign_in(found, "clerk", PASSWORD, code(factor, at(-90)), NOON) is None
    assert sign_in(found, "clerk", PASSWORD, code(factor, NOON), NOON) is not None


def test_a_code_counts_once_even_within_its_half_minute(found: People) -> None:
    _, factor = opened(found, "replayed", ActorRole.AUTHORITY)

    assert sign_in(found, "replayed", PASSWORD, code(factor, NOON), NOON) is not None
    assert sign_in(found, "replayed", PASSWORD, code(factor, NOON), at(1)) is None
    assert sign_in(found, "replayed", PASSWORD, code(factor, at(-30)), at(2)) is None
    assert sign_in(found, "replayed", PASSWORD, code(factor, at(30)), at(30)) is not None


def test_one_code_used_by_two_at_once_lets_one_in(found: People) -> None:
    _, factor = opened(found, "twins", ActorRole.AUTHORITY)
    given = code(factor, NOON)
    with ThreadPoolExecutor(4) as pool:
        tokens = list(pool.map(lambda _: sign_in(found, "twins", PASSWORD, given, NOON), range(4)))

    assert len([one for one in tokens if one]) == 1


def test_a_recovery_code_is_good_once_and_only_for_its_account(found: People) -> None:
    _, factor = opened(found, "phoneless", ActorRole.AUDITOR)
    _, others = opened(found, "someone.else", ActorRole.AUDITOR)
    assert factor is not None
    assert others is not None

    assert sign_in(found, "phoneless", PASSWORD, others.recovery[0], NOON) is None
    assert sign_in(found, "phoneless", PASSWORD, f" {factor.recovery[0].lower()} ", NOON) is not None
    assert sign_in(found, "phoneless", PASSWORD, factor.recovery[0], NOON) is None
    assert sign_in(found, "phoneless", PASSWORD, factor.recovery[1], NOON) is not None


def test_nothing_secret_stands_readable_in_the_database(found: People, engine: Engine) -> None:
    _, factor = opened(found, "sealed", ActorRole.AUDITOR)
    assert factor is not None
    token = sign_in(found, "sealed", PASSWORD, code(factor, NOON), NOON)
    key = new_key(found, ClientKey(0, "seen", ActorRole.VERIFIER, "UZ", None, NOON, at(99)))
    with engine.connect() as connection:
        rows = [
            value
            for table in (ACCOUNT, SESSION, RECOVERY_CODE, CLIENT_KEY)
            for row in connection.execute(select(table))
            for value in row
        ]
    held = b"".join(one if isinstance(one, bytes) else str(one).encode() for one in rows)

    secrets = [PASSWORD, str(token), key, factor.secret, *factor.recovery]
    assert [one for one in secrets if one.encode() in held or one.replace("-", "").encode() in held] == []


def test_every_sign_in_gives_another_token_and_ends_the_one_before(found: People) -> None:
    opened(found, "fixated")
    first = sign_in(found, "fixated", PASSWORD, "", NOON) or ""
    second = sign_in(found, "fixated", PASSWORD, "", at(1), before=first) or ""

    assert first != second
    assert [login_of(found, first, at(2)), login_of(found, second, at(2))] == ["", "fixated"]


def test_a_token_that_somebody_planted_is_nobody_s(found: People) -> None:
    opened(found, "planted")
    token = sign_in(found, "planted", PASSWORD, "", NOON, before="planted-by-an-attacker")

    assert token != "planted-by-an-attacker"  # noqa: S105 - what an attacker would know
    assert login_of(found, "planted-by-an-attacker") == ""


def test_a_session_ends_by_itself(found: People) -> None:
    opened(found, "tired")
    token = sign_in(found, "tired", PASSWORD, "", NOON)

    assert login_of(found, token, NOON + LASTS - (at(1) - NOON)) == "tired"
    assert login_of(found, token, NOON + LASTS) == ""


def test_signing_out_ends_one_session_and_everywhere_ends_all(found: People) -> None:
    opened(found, "leaving")
    here, there, third = (sign_in(found, "leaving", PASSWORD, "", NOON) or "" for _ in range(3))
    sign_out(found, here, NOON)
    assert [login_of(found, one) for one in (here, there, third)] == ["", "leaving", "leaving"]

    sign_out(found, there, NOON, everywhere=True)
    assert [login_of(found, one) for one in (here, there, third)] == ["", "", ""]


@pytest.mark.parametrize("what", ["closed", "reset", "new password"])
def test_what_happens_to_an_account_ends_its_sessions(found: People, what: str) -> None:
    name = f"ended.{what.replace(' ', '-')}"
    opened(found, name)
    token = sign_in(found, name, PASSWORD, "", NOON)
    who = account_of(found, token or "", NOON)
    assert who is not None
    if what == "closed":
        close(found, name)
    elif what == "reset":
        reset(found, name, WRONG)
    else:
        set_password(found, who[0], WRONG)

    assert login_of(found, token) == ""


def test_a_reset_makes_the_old_second_factor_worthless(found: People) -> None:
    _, old = opened(found, "lost.phone", ActorRole.NODE_OPERATOR)
    new = reset(found, "lost.phone", PASSWORD)

    assert old is not None
    assert sign_in(found, "lost.phone", PASSWORD, code(old, NOON), NOON) is None
    assert sign_in(found, "lost.phone", PASSWORD, old.recovery[0], NOON) is None
    assert sign_in(found, "lost.phone", PASSWORD, code(new, NOON), NOON) is not None


def test_a_login_is_taken_once(found: People) -> None:
    opened(found, "single")

    with pytest.raises(PolisbridgeError) as caught:
        opened(found, "SINGLE")

    assert caught.value.code is ErrorCode.ALREADY_THERE


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        ("short", [PasswordFault.TOO_SHORT]),
        ("x" * 201, [PasswordFault.TOO_LONG]),
        ("Password1234!", [PasswordFault.COMMON]),
        ("passwordpassword", [PasswordFault.COMMON]),
        ("123456789012", [PasswordFault.COMMON]),
        ("йцукенгшщзхъ1", [PasswordFault.COMMON]),
        ("aaaabbbbaaaabbbb", [PasswordFault.COMMON]),
        ("my clerk.4 is me", [PasswordFault.LIKE_LOGIN]),
        ("correct horse battery 7", []),
        ("сорок тысяч обезьян", []),
    ],
)
def test_a_new_password_is_looked_at(password: str, expected: list[PasswordFault]) -> None:
    assert password_faults(password, "clerk.4") == expected


def test_an_account_with_a_bad_password_is_not_opened(found: People) -> None:
    with pytest.raises(BadPassword):
        opened(found, PASSWORD.split()[0])

    assert sign_in(found, PASSWORD.split()[0], PASSWORD, "", NOON) is None


def test_a_machine_acts_in_the_role_of_its_key_until_it_ends_or_is_closed(found: People) -> None:
    shown = new_key(found, ClientKey(0, "border 1", ActorRole.VERIFIER, "UZ", None, NOON, at(100)))
    actor = actor_of_key(found, shown, at(99))
    assert actor is not None
    assert (actor.role, actor.name, actor.state, actor.person, actor.account) == (
        ActorRole.VERIFIER,
        "key border 1",
        "UZ",
        None,
        None,
    )
    assert actor_of_key(found, shown, at(100)) is None
    with found.accounts.change() as book:
        assert book.close_key("border 1")
    assert actor_of_key(found, shown, NOON) is None


@pytest.mark.parametrize("shown", ["", "pbk_", "pbk_' OR 1=1", "x" * 10_000, "pbk_" + "é" * 50])
def test_what_is_no_key_is_nobody(found: People, shown: str) -> None:
    assert actor_of_key(found, shown, NOON) is None
