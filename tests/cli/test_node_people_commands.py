"""Accounts and keys from the command line: opened for whom they act for, shown once, listed, reset, closed."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from desk import NOW, Answer, done, run
from people_builder import PASSWORD
from postgres import database, engine_of

from polisbridge.adapters.database.sealing import read_keys
from polisbridge.adapters.people import people_of
from polisbridge.core.roles import ActorRole
from polisbridge.services.people.machines import actor_of_key
from polisbridge.services.people.ports import People
from polisbridge.services.people.sessions import account_of, sign_in

CHANGED = "another horse battery 9"
INSURER = "UZ/Insurer in Uzbekistan (sample)"
WHERE = tuple[str, ...]


@pytest.fixture(scope="module")
def where(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WHERE]:
    with database(server) as url:
        found = ("--data", str(tmp_path_factory.mktemp("people") / "node"), "--database", url)
        done("node", "init", *found, "--demo", "--state", "UZ")
        yield found


@pytest.fixture
def people(where: WHERE) -> Iterator[People]:
    with engine_of(where[3]) as engine:
        yield people_of(engine, read_keys(Path(where[1]) / "keys"))


def add(where: WHERE, login: str, role: str, *more: str, typed: str = "") -> Answer:
    return run("node", "account", "add", login, "--role", role, *more, *where, typed=f"{typed}{PASSWORD}\n{PASSWORD}\n")


def test_a_clerk_signs_in_with_what_was_shown_once(where: WHERE, people: People) -> None:
    said = add(where, "clerk.1", "insurer_clerk", "--of", INSURER)
    assert said.exit == 0, said.err
    address = next(line for line in said.out.splitlines() if line.startswith("otpauth://"))
    totp = pyotp.parse_uri(address)
    assert isinstance(totp, pyotp.TOTP)

    who = account_of(people, sign_in(people, "clerk.1", PASSWORD, totp.at(NOW), NOW) or "", NOW)

    assert who is not None
    assert (who[1].role, who[1].state) == (ActorRole.INSURER_CLERK, "UZ")
    assert who[1].organisation is not None
    assert PASSWORD not in said.out + said.err


def test_a_worker_is_known_by_the_document_that_is_asked_for(where: WHERE, people: People) -> None:
    said = add(where, "bahrom", "worker", typed="UZ\nfa 123 4567\n")
    assert said.exit == 0, said.err
    who = account_of(people, sign_in(people, "bahrom", PASSWORD, "", NOW) or "", NOW)

    assert who is not None
    assert who[1].person is not None
    assert "FA1234567" not in said.out.upper().replace(" ", "")


@pytest.mark.parametrize(
    ("role", "more", "typed"),
    [
        ("visitor", (), ""),
        ("insurer_clerk", (), ""),
        ("insurer_clerk", ("--of", "no such insurer"), ""),
        ("auditor", ("--of", INSURER), ""),
        ("worker", (), "UZ\nZZ0000000\n"),
    ],
)
def test_an_account_that_would_act_for_nobody_is_not_opened(
    where: WHERE, role: str, more: tuple[str, ...], typed: str
) -> None:
    said = add(where, "nobody", role, *more, typed=typed)

    assert said.exit == 4
    assert "nobody  " not in done("node", "account", "list", *where).out


def test_a_bad_password_opens_nothing(where: WHERE) -> None:
    said = run("node", "account", "add", "weak", "--role", "helper", *where, typed="password1234\npassword1234\n")

    assert said.exit == 4
    assert "weak  " not in done("node", "account", "list", *where).out


def test_an_account_is_listed_reset_and_closed(where: WHERE, people: People) -> None:
    assert add(where, "friend", "helper").exit == 0
    assert "friend  Helper named by the worker  UZ  open" in done("node", "account", "list", *where).out
    reset = run("node", "account", "reset", "friend", *where, typed=f"{CHANGED}\n{CHANGED}\n")
    assert reset.exit == 0, reset.err
    assert sign_in(people, "friend", PASSWORD, "", NOW) is None
    assert sign_in(people, "friend", CHANGED, "", NOW) is not None

    done("node", "account", "close", "friend", *where)

    assert sign_in(people, "friend", CHANGED, "", NOW) is None
    assert "friend  Helper named by the worker  UZ  closed" in done("node", "account", "list", *where).out


def test_a_machine_s_key_is_shown_once_and_closed(where: WHERE, people: People) -> None:
    shown = done("node", "key", "add", "core system", "--role", "insurer_clerk", "--of", INSURER, *where).out.split()[
        -1
    ]
    actor = actor_of_key(people, shown, NOW)
    assert actor is not None
    assert actor.role is ActorRole.INSURER_CLERK
    assert shown not in done("node", "key", "list", *where).out

    done("node", "key", "close", "core system", *where)

    assert actor_of_key(people, shown, NOW) is None


@pytest.mark.parametrize("role", ["worker", "helper", "visitor"])
def test_a_machine_is_no_person(where: WHERE, role: str) -> None:
    assert run("node", "key", "add", "robot", "--role", role, *where).exit == 4
