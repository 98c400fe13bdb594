"""The insurer's desk on a real database: products, contracts, files, certificates, cards; and nothing of another insurer."""

import io
import re
from datetime import timedelta

import pypdfium2
import pytest
from httpx import Response
from insurer_desk import InsurerNode
from issuing_scene import Clock
from litestar.testing import TestClient
from people_builder import NOON, PASSWORD, code
from sqlalchemy import Engine, func, select

from polisbridge.adapters.database.tables import ACCESS, CERTIFICATE, CONTRACT, THING, UPLOAD
from polisbridge.adapters.pictures import read_codes_within_limits
from polisbridge.core.verification import Reason

CLERK, FAR = "clerk", "far.clerk"
HEAD = "contract,product,from,to,role,name,original_name,born,citizenship,document_state,document"
PRODUCT = "uzbek_home_contract"


class Clerk:
    """A clerk with a browser without JavaScript."""

    def __init__(self, node: InsurerNode, login: str) -> None:
        self.node = node
        self.client = TestClient(node.site, raise_server_exceptions=False)
        self.client.headers["Accept-Language"] = "en"
        now = node.node.now() + timedelta(seconds=30)
        factor = code(node.factors[login], now)
        answer = self.post("/sign-in", "/sign-in", login=login, password=PASSWORD, code=factor)
        assert answer.status_code == 303

    def get(self, path: str) -> Response:
        return self.client.get(path, follow_redirects=False)

    def post(self, path: str, form: str, /, **fields: str) -> Response:
        """Send a form of a page, with its token and its key, without following where it leads."""
        page = self.client.get(form).text
        hidden = dict(re.findall(r'<input type="hidden" name="(_csrf_token|once|seen)" value="([^"]*)"', page))
        return self.client.post(path, data={**hidden, **fields}, follow_redirects=False)

    def send(self, data: bytes, name: str = "contracts.csv") -> Response:
        token = re.search(r'name="_csrf_token" value="([^"]+)"', self.get("/insurer/upload").text)
        assert token
        files = {"file": (name, data)}
        return self.client.post("/insurer/upload", data={"_csrf_token": token[1]}, files=files, follow_redirects=False)

    def contract(self, number: str, **fields: str) -> str:
        """Put a contract of one worker on record; return its address."""
        answer = self.post("/insurer/contracts/new", "/insurer/contracts/new", **{**worker(self, number), **fields})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def issued(self, address: str) -> str:
        """Issue for a contract; return the address of the newest certificate."""
        assert self.post(f"{address}/certificates", address).status_code == 303
        return str(re.findall(r'href="(/insurer/certificates/\d+)"', self.get(address).text)[0])

    def product(self) -> str:
        (found,) = re.findall(r'href="/insurer/products/(\d+)">Family contract', self.get("/insurer/products").text)
        return str(found)


def worker(clerk: Clerk, number: str) -> dict[str, str]:
    return {
        "number": number,
        "product": clerk.product(),
        "first": "2026-11-22",
        "last": "2027-11-21",
        "count": "1",
        "role-1": "worker",
        "name-1": "KARIMOV ALISHER",
        "born-1": "1990-05-17",
        "citizenship-1": "UZ",
        "document_state-1": "UZ",
        "document-1": f"AB{abs(hash(number)) % 10_000_000:07d}",
    }


def rows(*lines: str) -> bytes:
    return "\r\n".join([HEAD, *lines]).encode()


def row(
    contract: str, document: str, name: str = "KARIMOV ALISHER", role: str = "worker", born: str = "1990-05-17"
) -> str:
    return f"{contract},{PRODUCT},2026-12-01,2027-11-30,{role},{name},,{born},UZ,UZ,{document}"


@pytest.fixture(scope="module")
def node(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> InsurerNode:
    made = InsurerNode(engine, tmp_path_factory.mktemp("node"), Clock(NOON))
    made.clerk(CLERK)
    made.clerk(FAR, made.other)
    return made


@pytest.fixture(scope="module")
def clerk(node: InsurerNode) -> Clerk:
    return Clerk(node, CLERK)


@pytest.fixture(scope="module")
def stranger(node: InsurerNode) -> Clerk:
    return Clerk(node, FAR)


def count(engine: Engine, table: object, *where: object) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one())  # type: ignore[arg-type]


def test_the_desk_begins_with_what_there_is_and_what_ends_soon(clerk: Clerk) -> None:
    clerk.issued(clerk.contract("START-1", last="2026-12-10"))
    text = clerk.get("/insurer").text

    assert re.search(r"<strong>1</strong> certificates end within 30 days", text)
    assert "Insurer in Uzbekistan (sample)" in text


def test_a_visitor_is_led_to_sign_in_and_other_roles_are_refused(node: InsurerNode) -> None:
    visitor = TestClient(node.site)
    answer = visitor.get("/insurer", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=%2Finsurer")


def test_a_contract_is_made_by_a_form_issued_and_accepted_by_the_node_until_it_is_suspended(
    clerk: Clerk, node: InsurerNode
) -> None:
    address = clerk.issued(clerk.contract("MAIN-1"))
    found = re.search(r'<code id="text">([^<]+)</code>', clerk.get(address).text)
    assert found
    text = found[1].replace("&#43;", "+").replace("&amp;", "&")
    states = [node.scene.verified(text).reasons]
    for change in ("suspend", "resume", "revoke"):
        assert clerk.post(f"{address}/status", address, change=change, why="asked").status_code == 303
        states.append(node.scene.verified(text).reasons)

    assert states == [(Reason.IN_FORCE,), (Reason.SUSPENDED,), (Reason.IN_FORCE,), (Reason.REVOKED,)]


def test_a_reason_is_asked_for_before_anything_changes(clerk: Clerk) -> None:
    address = clerk.issued(clerk.contract("REASON-1"))
    answer = clerk.post(f"{address}/status", address, change="suspend", why="")

    assert (answer.status_code, 'aria-invalid="true"' in answer.text) == (422, True)
    assert "counts" in clerk.get(address).text


def test_the_same_form_sent_twice_makes_one_contract(clerk: Clerk, engine: Engine) -> None:
    page = clerk.get("/insurer/contracts/new").text
    hidden = dict(re.findall(r'<input type="hidden" name="(_csrf_token|once)" value="([^"]*)"', page))
    fields = {**hidden, **worker(clerk, "TWICE-1")}
    answers = [clerk.client.post("/insurer/contracts/new", data=fields, follow_redirects=False) for _ in range(2)]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert count(engine, THING, THING.c.kind == CONTRACT.name, THING.c.code == "TWICE-1") == 1


def test_everything_wrong_with_a_contract_is_told_at_its_field(clerk: Clerk) -> None:
    wrong = {"name-1": "Каримов", "born-1": "2031-01-01", "last": "2026-01-01", "number": ""}
    answer = clerk.post("/insurer/contracts/new", "/insurer/contracts/new", **{**worker(clerk, "X"), **wrong})

    assert answer.status_code == 422
    faulty = set(re.findall(r'<div class="fault" id="([a-z0-9_-]+)-fault"', answer.text))
    assert faulty == {"name-1", "born-1", "last", "number"}


def test_a_family_is_one_contract_with_a_certificate_each(clerk: Clerk) -> None:
    more = {"count": "2", "role-2": "spouse", "name-2": "KARIMOVA NODIRA", "born-2": "1992-02-02"}
    address = clerk.contract("FAMILY-1", **more)
    clerk.issued(address)

    assert len(set(re.findall(r'href="/insurer/certificates/(\d+)"', clerk.get(address).text))) == 2


def test_a_contract_that_ends_takes_its_certificates_with_it(clerk: Clerk) -> None:
    address = clerk.contract("ENDS-1")
    certificate = clerk.issued(address)
    answer = clerk.post(f"{address}/end", address, end_from="2026-11-22", end_why="not paid")

    assert answer.status_code == 303
    assert "cancelled" in clerk.get(certificate).text


def test_issued_anew_the_old_certificate_stops_counting(clerk: Clerk) -> None:
    address = clerk.contract("ANEW-1")
    old = clerk.issued(address)
    clerk.post(f"{address}/certificates", address, again="1")
    new = re.findall(r'href="(/insurer/certificates/\d+)"', clerk.get(address).text)[0]

    assert new != old
    assert ("replaced by a new one" in clerk.get(old).text, "takes the place" in clerk.get(new).text) == (True, True)


def test_a_product_is_checked_by_state_before_it_is_on_sale(clerk: Clerk) -> None:
    like = clerk.product()
    page = clerk.get(f"/insurer/products/new?like={like}").text
    ticks = re.findall(r'name="((?:benefit|territory|exclusion|language)_\w+)" value="1" checked', page)
    typed = dict.fromkeys(ticks, "1") | {
        "title_en": "New one",
        "code": "new-1",
        "kind": "voluntary",
        "home_state": "UZ",
    }
    checked = clerk.post("/insurer/products/new", "/insurer/products/new", check="1", **typed)
    made = clerk.post("/insurer/products/new", "/insurer/products/new", **typed)
    again = clerk.post("/insurer/products/new", "/insurer/products/new", **typed)

    assert (checked.status_code, made.status_code, again.status_code) == (200, 303, 422)
    assert checked.text.count('class="verdict ') > 30
    assert "New one" in clerk.get("/insurer/products").text


def test_a_product_changed_by_somebody_else_in_the_meantime_is_not_overwritten(clerk: Clerk) -> None:
    address = f"/insurer/products/{clerk.product()}"
    page = clerk.get(address).text
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    fields = {"title_en": "Family contract of ours", "kind": "voluntary", "home_state": "UZ"}
    ticks = dict.fromkeys(
        re.findall(r'name="((?:benefit|territory|exclusion|language)_\w+)" value="1" checked', page), "1"
    )
    first = clerk.post(address, address, **fields, **ticks)
    second = clerk.post(address, address, **{**fields, **ticks, "seen": seen[1]})

    assert (first.status_code, second.status_code) == (303, 422)


def test_a_file_with_faults_shows_them_in_the_table_and_writes_nothing(clerk: Clerk, engine: Engine) -> None:
    data = rows(
        row("F-1", "FA0000001"),
        row("F-2", "FA0000002", born="yesterday"),
        row("F-3", "FA0000003", name="Каримов", role="uncle"),
        row("F-3", "FA0000003", role="spouse"),
    )
    sent = clerk.send(data)
    preview = clerk.get(sent.headers["location"])

    assert (sent.status_code, preview.status_code) == (303, 422)
    assert len(re.findall(r'<td class="wrong-cell">', preview.text)) == 4
    assert "1 contract, 1 person" in preview.text
    assert count(engine, THING, THING.c.code.in_(["F-1", "F-2", "F-3"])) == 0


def test_good_rows_are_taken_only_when_the_clerk_says_so_and_only_once(clerk: Clerk, engine: Engine) -> None:
    sent = clerk.send(rows(row("G-1", "GA0000001"), row("G-2", "GA0000002", born="yesterday")))
    address = sent.headers["location"]
    without = clerk.post(address, address)
    done = [clerk.post(address, address, without_faulty="1") for _ in range(2)]

    assert (without.status_code, [one.status_code for one in done]) == (422, [200, 200])
    assert count(engine, THING, THING.c.code.in_(["G-1", "G-2"]), THING.c.kind == CONTRACT.name) == 1
    assert count(engine, UPLOAD, UPLOAD.c.done.is_not(None), func.length(UPLOAD.c.sealed) > 0) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_come_as_programs_of_offices_write_them(clerk: Clerk, encoding: str, delimiter: str) -> None:
    name = f"E-{encoding}-{',;'.find(delimiter)}"
    text = f"{HEAD}\n{name},{PRODUCT},01.12.2026,30.11.2027,worker,KARIMOV ALISHER,Каримов Алишер,17.05.1990,UZ,,"
    sent = clerk.send(text.replace(",", delimiter).encode(encoding))

    assert sent.status_code == 303, sent.text
    assert "1 contract, 1 person" in clerk.get(sent.headers["location"]).text


def test_contracts_come_as_yaml_and_as_lines_of_json_too(clerk: Clerk) -> None:
    person = '{"role": "worker", "name": "KARIMOV ALISHER", "born": "1990-05-17", "citizenship": "UZ"}'
    line = f'{{"contract": "J-1", "product": "{PRODUCT}", "from": "2026-12-01", "to": "2027-11-30", "persons": [{person}]}}'
    for data, name in (
        (line.encode(), "a.ndjson"),
        (f"- {line}\n".encode(), "a.yaml"),
        (f"[{line}]".encode(), "a.json"),
    ):
        sent = clerk.send(data, name)
        assert sent.status_code == 303, sent.text
        assert "1 contract, 1 person" in clerk.get(sent.headers["location"]).text


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00\x01\x98", b"a,b\n1,2", HEAD.encode(), b'"' * 100, b"\x00" * 50])
def test_a_file_that_is_no_table_is_refused_in_words(clerk: Clerk, data: bytes) -> None:
    answer = clerk.send(data)

    assert answer.status_code == 422
    assert 'id="file-fault"' in answer.text


def test_the_template_is_a_file_that_the_desk_takes(clerk: Clerk) -> None:
    template = clerk.get("/insurer/upload/template.csv")
    sent = clerk.send(template.content)

    assert sent.status_code == 303
    assert clerk.get(sent.headers["location"]).status_code == 200


def test_certificates_and_cards_of_a_whole_file(clerk: Clerk, engine: Engine) -> None:
    sent = clerk.send(rows(*(row(f"C-{one}", f"CA000000{one}") for one in range(3))))
    address = sent.headers["location"]
    clerk.post(address, address)
    issued = [clerk.post(f"{address}/certificates", "/insurer/upload") for _ in range(2)]
    cards = clerk.get(f"{address}/cards.pdf")
    mine = select(THING.c.id).where(THING.c.code.in_(["C-0", "C-1", "C-2"]), THING.c.kind == CONTRACT.name)

    assert [one.status_code for one in issued] == [303, 303]
    assert count(engine, CERTIFICATE, CERTIFICATE.c.contract.in_(mine)) == 3
    assert len(pypdfium2.PdfDocument(io.BytesIO(cards.content))) == 6
    assert len(read_codes_within_limits(cards.content).texts) == 3


@pytest.mark.parametrize("path", ["", "/card.pdf", "/sheet.pdf", "/qr.png"])
def test_another_insurer_s_certificate_is_not_there(clerk: Clerk, stranger: Clerk, path: str) -> None:
    address = clerk.issued(clerk.contract(f"FOREIGN-{path[1:]}"))

    assert (clerk.get(address + path).status_code, stranger.get(address + path).status_code) == (200, 404)


def test_another_insurer_s_contract_product_and_upload_are_not_there(clerk: Clerk, stranger: Clerk) -> None:
    contract = clerk.contract("FOREIGN-2")
    upload = clerk.send(rows(row("FOREIGN-3", "ZA0000001"))).headers["location"]
    answers = [
        stranger.get(contract),
        stranger.get(f"/insurer/products/{clerk.product()}"),
        stranger.get(upload),
        stranger.post(upload, "/insurer/upload"),
        stranger.post(f"{contract}/certificates", "/insurer/contracts/new"),
        stranger.post(f"{contract}/end", "/insurer/contracts/new", end_from="2026-12-01", end_why="mine now"),
    ]

    assert [one.status_code for one in answers] == [404] * 6
    assert "FOREIGN-2" not in stranger.get("/insurer/contracts").text


def test_every_look_at_a_contract_is_recorded_for_its_persons(clerk: Clerk, engine: Engine) -> None:
    address = clerk.contract("LOOKED-1")
    before = count(engine, ACCESS, ACCESS.c.what == "contract", ACCESS.c.who == CLERK)
    clerk.get(address)

    assert count(engine, ACCESS, ACCESS.c.what == "contract", ACCESS.c.who == CLERK) == before + 1


@pytest.mark.parametrize("show", ["", "valid", "suspended", "revoked", "30", "nonsense", "9" * 30])
def test_certificates_are_listed_by_what_is_sought(clerk: Clerk, show: str) -> None:
    address = clerk.issued(clerk.contract(f"SHOW-{show}"))
    if show in ("suspended", "revoked"):
        change = {"suspended": "suspend", "revoked": "revoke"}[show]
        clerk.post(f"{address}/status", address, change=change, why="asked")
    answer = clerk.get(f"/insurer/certificates?show={show}&search=SHOW-")

    assert answer.status_code == 200
    assert (f'href="{address}"' in answer.text) is (show != "30")
