"""The API: every resource, what is refused and how it is told, each write once, tags and pieces."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_node import STAY, TREE, ApiOfTests, Program, api_on, contract_sent, lines
from httpx import ASGITransport, AsyncClient, Response
from registry_builder import RING
from sqlalchemy import Engine, func, select

from polisbridge.adapters.database.rates import SqlRates
from polisbridge.adapters.database.tables import ACCESS, CONTRACT, DECISION, IDEMPOTENCY, THING
from polisbridge.api.problems import ProblemCode
from polisbridge.api.site import create_api
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.services.limits import Limits
from polisbridge.words import Words

TERMS = {key: value for key, value in TREE.items() if key not in ("number", "period", "insured")}
PRODUCT = {"code": "basic", "title": {"en": "Basic", "ru": "Базовый"}, "terms": TERMS}


@pytest.fixture(scope="module")
def api(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiOfTests]:
    with api_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


@pytest.fixture
def anybody(api: ApiOfTests) -> Program:
    return api.program()


@pytest.fixture
def clerk(api: ApiOfTests) -> Program:
    return api.program("clerk-1")


def count(engine: Engine, number: str) -> int:
    query = select(func.count()).where(THING.c.kind == CONTRACT.name, THING.c.code == number)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def refused(found: Response) -> tuple[int, str, str]:
    """Return status, media type and code of a problem."""
    return found.status_code, found.headers["content-type"], found.json()["code"]


PROBLEM = "application/problem+json"


def test_every_provision_is_listed_in_pieces_once(api: ApiOfTests, anybody: Program) -> None:
    found, after = list[str](), ""
    while True:
        piece = anybody.get(f"/v1/law?most=100&after={after}").json()
        found += [one["id"] for one in piece["items"]]
        after = piece.get("next", "")
        if not after:
            break

    assert found == sorted(one.id for one in api.node.book.provisions)


def test_the_law_of_a_state_at_a_gate_is_listed_with_the_hash_of_the_law(api: ApiOfTests, anybody: Program) -> None:
    found = anybody.get("/v1/law?state=RU&gate=hiring&most=500").json()

    assert found["law"]["hash"] == api.node.book.hash
    assert {gate for one in found["items"] for gate in one["gates"]} >= {"hiring"}
    assert all("hiring" in one["gates"] for one in found["items"])


def test_a_provision_has_its_citation_and_a_tag_that_saves_sending_it_again(anybody: Program) -> None:
    first = anybody.get("/v1/law/ru.law_115_fz.patent.vhi")
    again = anybody.get("/v1/law/ru.law_115_fz.patent.vhi", **{"If-None-Match": f'"other", {first.headers["ETag"]}'})
    changed = anybody.get("/v1/law/ru.law_115_fz.patent.vhi", **{"If-None-Match": '"other"'})

    assert (first.status_code, sorted(first.json()["title"])) == (200, ["en", "ru"])
    assert (again.status_code, again.content) == (304, b"")
    assert (changed.status_code, changed.content) == (200, first.content)


def test_a_contract_is_decided_as_the_command_line_decides_it(api: ApiOfTests, anybody: Program) -> None:
    found = anybody.post("/v1/assessments", {**contract_sent("A-1"), "stays": [STAY, {**STAY, "state": "KZ"}]})
    decisions = found.json()["decisions"]

    assert found.status_code == 200
    assert [(one["state"], one["person"]) for one in decisions] == [
        (state, person) for state in ("RU", "KZ") for person in ("worker", "spouse", "child")
    ]
    assert {one["format"] for one in decisions} == {"polisbridge.decision/1"}
    assert {one["law"]["hash"] for one in decisions} == {api.node.book.hash}
    assert found.headers["Cache-Control"] == "no-store"


def test_all_faults_of_contract_and_stays_are_told_at_once_by_field(anybody: Program) -> None:
    wrong = contract_sent("A-2", kind="unheard", period={"from": "2026-13-01"})
    found = anybody.post("/v1/assessments", {**wrong, "stays": [{**STAY, "gate": "window"}], "persons": "worker"})
    faults = {one["where"]: one for one in found.json()["faults"]}

    assert refused(found) == (422, PROBLEM, "bad_input")
    assert set(faults) == {"contract.kind", "contract.period.from", "stays[0].gate", "persons"}
    assert (faults["contract.kind"]["found"], faults["contract.kind"]["code"]) == ("unheard", "unknown_code")
    assert "hiring" in faults["stays[0].gate"]["expected"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"contract": {}, "contract": {}, "stays": []}', 400),
        (b'{"contract": NaN}', 400),
        (b"\xff\xfe{}", 400),
        (b"[" * 100_000, 400),
        (b'{"contract": null, "stays": []}', 422),
        (b'{"contract": "\\ud800", "stays": []}', 422),
        (b'{"contract": "\\u0000", "stays": []}', 422),
        (b"[]", 422),
        (b'"text"', 422),
        (b"{}", 422),
        (b'{"contract": {}, "stays": [], "more": 1}', 422),
        (json.dumps({**contract_sent("A", concluded="0001-01-01"), "stays": [STAY]}).encode(), 422),
        (json.dumps({**contract_sent("A"), "stays": [{**STAY, "to": "9999-12-31"}]}).encode(), 422),
    ],
    ids=repr,
)
def test_a_body_that_is_none_is_refused_with_its_faults(anybody: Program, body: bytes, status: int) -> None:
    found = anybody.post("/v1/assessments", body)

    assert refused(found) == (status, PROBLEM, "bad_input")
    assert found.json()["faults"]


def test_too_many_decisions_for_one_answer_are_refused(anybody: Program) -> None:
    found = anybody.post("/v1/assessments", {**contract_sent("A-3"), "stays": [STAY] * 200})

    assert refused(found) == (413, PROBLEM, "too_large")
    assert "600" in found.json()["detail"]


@pytest.mark.parametrize("code", [*ErrorCode, *ProblemCode])
def test_every_code_has_words_of_its_own_in_english_and_russian(code: str) -> None:
    told = [Words(language)(f"api.problem.{code}") for language in ("en", "ru")]

    assert all(one and "api.problem" not in one and "{" not in one for one in told)
    assert len(set(told)) == len(told)


def test_problems_are_told_in_the_language_of_the_sender(anybody: Program) -> None:
    told = [anybody.get("/v1/contracts", **{"Accept-Language": one}).json()["title"] for one in ("en", "ru-RU", "zz")]

    assert told == ["A valid key is needed", "Нужен действующий ключ", "A valid key is needed"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/nothing", 404, "not_found"),
        ("GET", "/v1", 404, "not_found"),
        ("GET", "/v1/law/no.such.provision", 404, "unknown_provision"),
        ("GET", "/v1/law?state=ZZ", 422, "unknown_state"),
        ("GET", "/v1/law?gate=window", 400, "bad_request"),
        ("GET", "/v1/law?most=0", 400, "bad_request"),
        ("GET", "/v1/law?after=%F0", 400, "bad_request"),
        ("GET", "/v1/products?after=bm90IGEgbnVtYmVy", 400, "bad_request"),
        ("GET", "/v1/products/0", 404, "not_found"),
        ("GET", "/v1/products/99999999999999999999999", 404, "not_found"),
        ("DELETE", "/v1/law", 405, "no_such_method"),
        ("GET", "/v1/contracts/1", 401, "no_key"),
        ("GET", "/v1/decisions", 401, "no_key"),
    ],
)
def test_what_cannot_be_answered_is_a_problem_with_a_code(
    anybody: Program, method: str, path: str, status: int, code: str
) -> None:
    assert refused(anybody.client.request(method, path)) == (status, PROBLEM, code)


def test_another_type_of_body_is_refused(anybody: Program) -> None:
    found = anybody.post("/v1/assessments", b"a: b", **{"Content-Type": "application/yaml"})

    assert refused(found) == (415, PROBLEM, "unknown_media_type")


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer", "Bearer ", "Basic Y2xlcms6MQ==", "clerk-1", "Bearer Ж"])
def test_a_key_that_is_not_good_is_refused_even_where_none_is_needed(anybody: Program, header: str) -> None:
    found = anybody.client.get("/v1/law", headers={b"Authorization": header.encode()})

    assert refused(found) == (401, PROBLEM, "no_key")
    assert found.headers["WWW-Authenticate"] == "Bearer"


def test_an_error_that_nobody_foresaw_tells_nothing_of_what_was_worked_on(
    api: ApiOfTests, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Any:
        raise RuntimeError("KARIMOV")

    monkeypatch.setattr(api.node, "products", broken)
    found = api.program().get("/v1/products")

    assert refused(found) == (500, PROBLEM, "internal")
    assert ("KARIMOV" in found.text, "KARIMOV" in caplog.text) == (False, False)


def test_a_product_is_put_on_sale_and_read_again(clerk: Program, anybody: Program) -> None:
    made = clerk.post("/v1/products", PRODUCT, "product-1")
    found = anybody.get(made.json()["href"])

    assert (made.status_code, found.status_code) == (201, 200)
    assert (found.json()["insurer"], found.json()["home_state"]) == ("first insurer", "UZ")
    assert found.json()["terms"] == TERMS
    assert made.json()["id"] in [one["id"] for one in anybody.get("/v1/products").json()["items"]]
    assert refused(clerk.post("/v1/products", PRODUCT, "product-2")) == (409, PROBLEM, "already_there")


def test_a_product_with_a_person_or_with_faults_in_its_terms_is_refused(clerk: Program) -> None:
    terms = {**TERMS, "insured": TREE["insured"], "kind": "unheard"}
    found = clerk.post("/v1/products", {**PRODUCT, "code": "b c", "terms": terms}, "product-3")

    assert refused(found) == (422, PROBLEM, "bad_input")
    assert {one["where"] for one in found.json()["faults"]} == {"code", "terms.insured", "terms.kind"}


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [("", 401, "no_key"), ("verifier", 403, "not_allowed"), ("authority", 403, "not_allowed")],
)
def test_only_an_insurer_writes_products_and_contracts(api: ApiOfTests, key: str, status: int, code: str) -> None:
    program = api.program(key)

    assert refused(program.post("/v1/products", PRODUCT, "x")) == (status, PROBLEM, code)
    assert refused(program.post("/v1/contracts", contract_sent("N-1"), "x")) == (status, PROBLEM, code)
    assert refused(program.get("/v1/contracts")) == (status, PROBLEM, code)


def test_a_contract_is_registered_and_read_without_its_persons(clerk: Program) -> None:
    made = clerk.post("/v1/contracts", contract_sent("C-1"), "contract-1")
    found = clerk.get(made.json()["href"])

    assert (made.status_code, made.json()["persons"]) == (201, 3)
    assert (found.json()["number"], found.json()["in_force"], found.json()["persons"]) == ("C-1", True, 3)
    assert found.json()["period"] == {"from": "2026-01-01", "to": "2026-12-31"}
    assert "B. R." not in found.text
    assert clerk.get(made.json()["href"], **{"If-None-Match": found.headers["ETag"]}).status_code == 304


def test_persons_are_listed_in_pieces_and_each_look_is_recorded(engine: Engine, clerk: Program) -> None:
    href = clerk.post("/v1/contracts", contract_sent("C-2"), "contract-2").json()["href"]
    first = clerk.get(f"{href}/persons?most=2").json()
    second = clerk.get(f"{href}/persons?most=2&after={first['next']}").json()
    persons = [one["person"] for one in first["items"] + second["items"]]
    with engine.connect() as connection:
        rows = connection.execute(
            select(ACCESS.c.who, ACCESS.c.role, ACCESS.c.what).where(ACCESS.c.person.in_(persons))
        )
        looked = [tuple(row) for row in rows]

    assert [one["said"]["id"] for one in first["items"] + second["items"]] == ["worker", "spouse", "child"]
    assert first["items"][0]["said"]["name"] == "B. R."
    assert "next" not in second
    assert looked == [("first program", "insurer_clerk", "contract")] * 3


def test_a_contract_of_another_insurer_is_not_there(api: ApiOfTests, clerk: Program) -> None:
    href = clerk.post("/v1/contracts", contract_sent("C-3"), "contract-3").json()["href"]
    other = api.program("clerk-2")

    assert refused(other.get(href)) == (404, PROBLEM, "not_found")
    assert refused(other.get(f"{href}/persons")) == (404, PROBLEM, "not_found")
    assert refused(other.post(f"{href}/termination", {"from": "2026-07-01"}, "e")) == (404, PROBLEM, "not_found")
    assert other.get("/v1/contracts?number=C-3").json() == {"items": []}
    assert [one["number"] for one in clerk.get("/v1/contracts?number=C-3").json()["items"]] == ["C-3"]


def test_contracts_are_listed_in_pieces(clerk: Program) -> None:
    for number in ("L-1", "L-2", "L-3"):
        clerk.post("/v1/contracts", contract_sent(number), f"list-{number}")
    found, after = list[str](), ""
    while True:
        piece = clerk.get(f"/v1/contracts?most=2&after={after}").json()
        assert len(piece["items"]) <= 2
        found += [one["number"] for one in piece["items"]]
        after = piece.get("next", "")
        if not after:
            break

    assert [one for one in found if one.startswith("L-")] == ["L-1", "L-2", "L-3"]
    assert len(found) == len(set(found))


def test_a_contract_number_is_registered_once_by_one_insurer(api: ApiOfTests, engine: Engine, clerk: Program) -> None:
    clerk.post("/v1/contracts", contract_sent("C-4"), "contract-4")

    assert refused(clerk.post("/v1/contracts", contract_sent("C-4"), "contract-4b")) == (409, PROBLEM, "already_there")
    assert api.program("clerk-2").post("/v1/contracts", contract_sent("C-4"), "contract-4").status_code == 201
    assert count(engine, "C-4") == 2


def test_a_contract_has_identities_and_a_product_of_its_own_insurer(api: ApiOfTests, clerk: Program) -> None:
    product = clerk.post("/v1/products", {**PRODUCT, "code": "for-contracts"}, "product-4").json()["id"]
    document = {"state": "UZ", "number": "AB 1234567"}
    sent = {**contract_sent("C-5"), "product": product, "identities": {"worker": {"name": "R B", "document": document}}}
    made = clerk.post("/v1/contracts", sent, "contract-5")
    stolen = api.program("clerk-2").post("/v1/contracts", {**sent, "identities": {}}, "contract-5")
    strange = {
        **contract_sent("C-6"),
        "identities": {"nobody": {"name": "X", "document": {"state": "QQ", "number": "1"}}},
    }
    unknown = clerk.post("/v1/contracts", strange, "contract-6")

    assert clerk.get(made.json()["href"]).json()["product"] == product
    assert [one["where"] for one in stolen.json()["faults"]] == ["product"]
    assert [one["where"] for one in unknown.json()["faults"]] == ["identities.nobody.document.state"]


def test_a_write_needs_a_key_of_its_own(clerk: Program) -> None:
    found = clerk.post("/v1/contracts", contract_sent("C-7"))

    assert refused(found) == (400, PROBLEM, "bad_request")
    assert "Idempotency-Key" in found.text


def test_the_same_write_sent_again_gets_the_same_answer_and_another_is_refused(engine: Engine, clerk: Program) -> None:
    first = clerk.post("/v1/contracts", contract_sent("C-8"), "contract-8")
    again = clerk.post("/v1/contracts", contract_sent("C-8"), "contract-8")
    other = clerk.post("/v1/contracts", contract_sent("C-8x"), "contract-8")

    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert refused(other) == (422, PROBLEM, "key_used_before")
    assert (count(engine, "C-8"), count(engine, "C-8x")) == (1, 0)


def test_a_write_that_failed_may_be_sent_again_with_its_key(engine: Engine, clerk: Program) -> None:
    clerk.post("/v1/contracts", contract_sent("C-9", kind="unheard"), "contract-9")

    assert clerk.post("/v1/contracts", contract_sent("C-9"), "contract-9").status_code == 201
    assert count(engine, "C-9") == 1


def test_keys_of_senders_do_not_meet(api: ApiOfTests, clerk: Program) -> None:
    found = [
        program.post("/v1/contracts", contract_sent(f"K-{index}"), "the-same-key").status_code
        for index, program in enumerate([clerk, api.program("clerk-2"), api.program("nameless")])
    ]

    assert found == [201, 201, 201]


def test_of_several_that_send_the_same_write_at_once_one_writes_and_all_get_its_answer(
    api: ApiOfTests, engine: Engine
) -> None:
    apps: list[Any] = [api.app, create_api(api.exchange)]
    headers = {"Authorization": "Bearer clerk-1", "Idempotency-Key": "at-once"}

    async def send(number: int) -> Response:
        async with AsyncClient(transport=ASGITransport(app=apps[number % 2]), base_url="http://node") as client:
            return await client.post("/v1/contracts", json=contract_sent("T-2"), headers=headers)

    async def send_all() -> list[Response]:
        return await asyncio.gather(*(send(number) for number in range(6)))

    found = asyncio.run(send_all())

    assert [one.status_code for one in found] == [201] * 6
    assert len({one.content for one in found}) == 1
    assert sorted("Idempotency-Replayed" in one.headers for one in found) == [False] + [True] * 5
    assert count(engine, "T-2") == 1


MANY = [contract_sent("G-1"), contract_sent("G-2", kind="unheard"), {"contract": 5}, contract_sent("G-1")]


@pytest.mark.parametrize("sent", ["list", "lines"])
def test_of_many_none_is_registered_when_all_are_wanted_and_some_are_refused(
    engine: Engine, clerk: Program, sent: str
) -> None:
    body, kind = (MANY, "application/json") if sent == "list" else (lines(*MANY), "application/x-ndjson")
    found = clerk.post("/v1/contracts", body, f"many-{sent}", **{"Content-Type": kind})
    items = found.json()["items"]

    assert refused(found) == (422, PROBLEM, "items_refused")
    assert [(one["item"], one["code"]) for one in items] == [(1, "bad_input"), (2, "bad_input"), (3, "already_there")]
    assert [one["where"].removeprefix("[1].") for one in items[0]["faults"]] == ["contract.kind"]
    assert count(engine, "G-1") == 0


def test_of_many_those_that_can_be_are_registered_when_partial_is_wanted(engine: Engine, clerk: Program) -> None:
    body = lines(*MANY) + b'\n\n{"contract": \n' + json.dumps(contract_sent("G-3")).encode()
    headers = {"Content-Type": "application/x-ndjson"}
    found = clerk.post("/v1/contracts?mode=partial", body, "many-partial", **headers)
    again = clerk.post("/v1/contracts?mode=partial", body, "many-partial", **headers)
    told = found.json()

    assert (found.status_code, told["registered"], told["refused"]) == (201, 2, 4)
    assert [one["state"] for one in told["items"]] == ["registered"] + ["refused"] * 4 + ["registered"]
    assert told["items"][1]["faults"][0]["found"] == "unheard"
    assert [one.get("id") for one in again.json()["items"]] == [one.get("id") for one in told["items"]]
    assert (count(engine, "G-1"), count(engine, "G-2"), count(engine, "G-3")) == (1, 0, 1)


def test_what_was_found_wrong_is_not_kept_with_the_answer(engine: Engine, clerk: Program) -> None:
    person = {**TREE["insured"][0], "born": "KARIMOV"}
    found = clerk.post("/v1/contracts?mode=partial", [contract_sent("P-1", insured=[person])], "personal")
    with engine.connect() as connection:
        kept = connection.execute(select(IDEMPOTENCY.c.answer).where(IDEMPOTENCY.c.key == "personal")).scalar_one()

    assert ("KARIMOV" in found.text, "KARIMOV" in json.dumps(kept)) == (True, False)
    assert kept["items"][0]["faults"][0]["where"].endswith("insured[0].born")


def test_an_ended_contract_is_no_longer_in_force(clerk: Program) -> None:
    href = clerk.post("/v1/contracts", contract_sent("E-1"), "end-1").json()["href"]
    ended = clerk.post(f"{href}/termination", {"from": "2026-07-01", "why": "asked"}, "end-1-now")
    again = clerk.post(f"{href}/termination", {"from": "2026-07-01", "why": "asked"}, "end-1-now")
    found = clerk.get(href).json()

    assert (ended.status_code, again.content) == (200, ended.content)
    assert (found["in_force"], found["period"]["to"]) == (False, "2026-06-30")


def test_decisions_on_record_are_kept_and_told_to_the_authority_of_the_state(
    api: ApiOfTests, engine: Engine, clerk: Program
) -> None:
    href = clerk.post("/v1/contracts", contract_sent("D-1"), "decide-1").json()["href"]
    made = clerk.post(f"{href}/assessments", {"stays": [STAY], "persons": ["worker"]}, "decide-1-now")
    again = clerk.post(f"{href}/assessments", {"stays": [STAY], "persons": ["worker"]}, "decide-1-now")
    (decision,), (told,) = made.json()["decisions"], again.json()["decisions"]
    authority = api.program("authority")
    listed = authority.get("/v1/decisions").json()["items"]
    read = authority.get(f"/v1/decisions/{decision['id']}").json()
    with engine.connect() as connection:
        kept = connection.execute(select(func.count()).select_from(DECISION)).scalar_one()

    assert made.status_code == 201
    assert told == {key: value for key, value in decision.items() if key != "decision"}
    assert [one["id"] for one in listed] == [decision["id"]]
    assert (read["document"], read["asked_by"]) == (decision["decision"], "first program")
    assert refused(clerk.get(f"/v1/decisions/{decision['id']}")) == (403, PROBLEM, "not_allowed")
    assert kept == 1


def test_what_is_no_certificate_is_refused_by_the_verification(anybody: Program) -> None:
    found = anybody.post("/v1/verifications", {"text": "HELLO"})

    assert found.json()["verifications"][0]["answer"] == "refuse"
    assert found.json()["verifications"][0]["reasons"] == ["not_a_certificate"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "(whole file)"),
        ({"text": "A", "picture": "QQ=="}, "(whole file)"),
        ({"picture": "%"}, "picture"),
        ({"picture": b64encode(b"no picture").decode()}, "picture"),
        ({"text": "A", "stay": {**STAY, "state": "QQ"}}, "stay.state"),
    ],
)
def test_a_verification_that_cannot_be_done_says_where_it_is_wrong(
    anybody: Program, body: dict[str, Any], where: str
) -> None:
    found = anybody.post("/v1/verifications", body)

    assert refused(found) == (422, PROBLEM, "bad_input")
    assert [one["where"] for one in found.json()["faults"]] == [where]


def test_an_address_that_asks_too_often_is_told_to_wait(engine: Engine, tmp_path: Path) -> None:
    api = ApiOfTests(engine, tmp_path, most_a_minute=2)
    api.node.stop_the_clock()
    program = api.program()
    found = [program.get("/v1/law?most=1") for _ in range(3)]

    assert [one.status_code for one in found] == [200, 200, 429]
    assert [one.headers["RateLimit-Remaining"] for one in found] == ["1", "0", "0"]
    assert refused(found[2]) == (429, PROBLEM, "too_many_requests")
    assert 0 < int(found[2].headers["Retry-After"]) <= 60


def test_a_key_has_a_limit_of_its_own_in_all_processes_together_and_a_bad_key_counts_for_its_address(
    engine: Engine, tmp_path: Path
) -> None:
    processes = [ApiOfTests(engine, tmp_path, most_a_minute=4, limits=Limits(SqlRates(engine, RING))) for _ in range(2)]
    for one in processes:
        one.node.stop_the_clock()
    first, second = (one.program("clerk-1") for one in processes)
    asked = [one.get("/v1/contracts?most=1").status_code for one in (first, second, first, second, first, second)]

    assert asked == [200] * 4 + [429] * 2
    assert processes[0].program("clerk-2").get("/v1/contracts?most=1").status_code == 200
    guesses = [processes[number % 2].program(f"guess {number}").get("/v1/contracts") for number in range(6)]
    assert [one.status_code for one in guesses] == [401] * 4 + [429] * 2


def test_while_the_counts_cannot_be_kept_a_process_goes_by_its_own(engine: Engine, tmp_path: Path) -> None:
    class Away:
        def add(self, *_: object) -> int:
            raise PolisbridgeError(ErrorCode.NO_DATABASE, "away")

    api = ApiOfTests(engine, tmp_path, most_a_minute=3, limits=Limits(Away()))
    api.node.stop_the_clock()
    program = api.program()

    assert [program.get("/v1/law?most=1").status_code for _ in range(4)] == [200, 200, 200, 429]
