"""A node where a contract insures a family that works abroad, with a hospital, an employer and an account for each desk."""

from dataclasses import dataclass, field, replace
from datetime import date

from httpx import Response
from litestar.testing import TestClient
from people_builder import NOON, PASSWORD, code, opened, people
from registry_builder import contract, note
from sqlalchemy import Engine, delete, func, select, update
from web_node import SampleNode, Visitor

from polisbridge.adapters.database.tables import ACCESS, ACCOUNT, LOOKUP, SESSION
from polisbridge.core.contract import Contract, Period
from polisbridge.core.registry import Employer, Enrolment, Identity, IdentityDocument, Insurer, MedicalOrganisation
from polisbridge.core.roles import ActorRole
from polisbridge.services.exchange import Exchange
from polisbridge.services.people.accounts import TotpSecret
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.registry.organisations import keep
from polisbridge.web.site import create_site

BORN = date(1990, 5, 5)
NAMES = {
    "worker": ("RAKHIMOV BAKHROM", "Рахимов Бахром", "AB1234567"),
    "spouse": ("RAKHIMOVA DILNOZA", "Рахимова Дилноза", "AB7654321"),
    "child": ("RAKHIMOV MALIK", "", "AB1111111"),
}
STATES = {ActorRole.VERIFIER: "RU", ActorRole.EMPLOYER: "RU", ActorRole.HOSPITAL_DESK: "RU", ActorRole.AUTHORITY: "RU"}
DESKS = (ActorRole.VERIFIER, ActorRole.EMPLOYER, ActorRole.HOSPITAL_DESK, ActorRole.AUTHORITY, ActorRole.INSURER_CLERK, ActorRole.AUDITOR)  # fmt: skip


def passports_of(terms: Contract, series: str = "") -> dict[str, Identity]:
    """Return who the persons of a contract are, each with a passport of their own."""
    return {
        one.id: Identity(name, original, one.born, document=IdentityDocument("UZ", f"{series}{number}"))
        for one in terms.insured
        for name, original, number in (NAMES[one.id],)
    }


@dataclass
class Care:
    """The node, its things by number, and the second factors of its accounts; a desk's login is its role."""

    engine: Engine
    factors: dict[str, TotpSecret | None] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.people = people(self.engine)
        with self.people.registries.change() as registry:
            phone = Insurer("UZ", {"en": "Tashkent Insurance", "ru": "Ташкент Страхование"}, "+998 71 200 00 00")
            self.seller = keep(registry, "UZ/Tashkent Insurance", phone, Period(), note())
            self.employer = keep(registry, "RU/Builder", Employer("RU", {"en": "Builder LLC"}), Period(), note())
            clinic = MedicalOrganisation("RU", {"en": "City Hospital 4", "ru": "Больница № 4"}, "RU-MOW")
            self.clinic = keep(registry, "RU/Hospital 4", clinic, Period(), note())
            self.other_clinic = keep(registry, "RU/Hospital 5", replace(clinic, region="RU-SPE"), Period(), note())
        self.contract = self.put("C-1", employer=self.employer)
        of = {
            ActorRole.EMPLOYER: self.employer,
            ActorRole.HOSPITAL_DESK: self.clinic,
            ActorRole.INSURER_CLERK: self.seller,
        }
        for role in DESKS:
            self.account(role.value, role, of.get(role))
        self.account("worker", ActorRole.WORKER, self.persons["worker"])
        self.account("helper", ActorRole.HELPER, None)

    def account(self, login: str, role: ActorRole, thing: int | None, state: str = "") -> None:
        _, self.factors[login] = opened(self.people, login, role, thing, state or STATES.get(role, "UZ"))

    def put(self, number: str, series: str = "", employer: int | None = None, **changes: object) -> int:
        """Put a contract on record; its persons are those of the scene when the series is theirs."""
        terms = replace(contract(number), **changes)  # type: ignore[arg-type]
        with self.people.registries.change() as registry:
            new = NewContract(terms, self.seller, employer=employer, identities=passports_of(terms, series))
            thing = register(registry, new, note())
            if not series:
                held = registry.known(Enrolment, on=None, at=NOON, contract=thing)
                self.persons |= {one.code: one.value.person for one in held}
        return thing

    def looks(self, person: str = "worker") -> int:
        """Return how many looks at a person are on record."""
        query = select(func.count()).where(ACCESS.c.person == self.persons[person])
        with self.engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def forget_tries(self) -> None:
        """Let nobody wait, and nobody be signed in."""
        with self.engine.begin() as connection:
            connection.execute(delete(SESSION))
            connection.execute(delete(LOOKUP))
            connection.execute(update(ACCOUNT).values(failures=0, locked_until=None, last_step=None))


class Desk(Visitor):
    """Somebody at a desk, with a browser without JavaScript."""

    def __init__(
        self,
        care: Care,
        login: str = "",
        language: str = "en",
        node: SampleNode | None = None,
        exchange: Exchange | None = None,
    ) -> None:
        self.care, self.node = care, node or SampleNode(at=NOON)
        site = create_site(self.node, secret="s" * 32, most_a_minute=10_000, people=care.people, exchange=exchange)
        self.client = TestClient(site, raise_server_exceptions=False)
        self.client.headers["Accept-Language"] = language
        if login:
            given = code(care.factors[login], self.node.at)
            answer = self.post("/sign-in", "/sign-in", login=login, password=PASSWORD, code=given)
            assert answer.status_code == 303, answer.text

    def post(self, path: str, form: str, /, **fields: str) -> Response:
        """Send a form of a page, without following where it leads."""
        return self.client.post(path, data={"_csrf_token": self.token(form), **fields}, follow_redirects=False)
