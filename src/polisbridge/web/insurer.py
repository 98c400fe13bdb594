"""The insurer's desk: where a clerk begins, and what all its pages share. Everything is of the clerk's own insurer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from litestar import Router, get
from litestar.exceptions import NotFoundException
from litestar.response import Template

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Held, Insurer, RegisteredProduct
from polisbridge.core.roles import AccessAction, AccessSubject, Actor
from polisbridge.core.status import Status
from polisbridge.core.statusbook import Note
from polisbridge.services.exchange import Exchange, Issuing, OnceAnswer, Turn
from polisbridge.services.registry.overview import CertificateRow, Sought
from polisbridge.web.jobs import job_links
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import actor_for, signed_in
from polisbridge.web.view import page
from polisbridge.words import Words

SOON = (30, 60, 90)  # days within which a certificate ends
SIGNS = {Status.VALID: "✓", Status.SUSPENDED: "⏸", Status.REVOKED: "✗"}
PAGES = ("", "products", "contracts", "certificates", "upload")
_FEW = 8
_DAY = timedelta(days=1)  # a certificate ends when its last day of cover is over in every time zone, on the day after


@dataclass(frozen=True, slots=True)
class Clerk:
    """A clerk at work: who, for which insurer, with what, and when. `register` is the insurer's name on record."""

    actor: Actor
    insurer: int
    held: Held[Insurer] | None
    exchange: Exchange
    issuing: Issuing
    words: Words
    now: datetime

    @property
    def register(self) -> str:
        """The name of the insurer on record, which is that of its status register."""
        return self.held.code if self.held else ""

    @property
    def state(self) -> str:
        """The state that the insurer is of."""
        return self.held.value.state if self.held else self.actor.state

    def note(self, why: str) -> Note:
        """Return who does something now, and why."""
        return Note(self.actor.name, self.now, why)

    def title(self) -> str:
        """Return the insurer's name in words."""
        return self.words.text(self.held.value.title) if self.held else ""

    def products(self) -> list[Held[RegisteredProduct]]:
        """Return the insurer's products on sale today, by code."""
        with self.exchange.registries.read() as registry:
            held = registry.known(RegisteredProduct, on=self.now.date(), at=self.now, seller=self.insurer)
            return sorted(held, key=lambda one: one.code)

    def once(self, key: str, what: str, do: Callable[[Turn], Mapping[str, Any]]) -> Mapping[str, Any]:
        """Do a write once, however often its form is sent; return what `do` returned the first time.

        The key stands in the form; `what` is hashed, so that another form under the same key is refused.
        """
        request, account = sha256(what.encode()).digest(), self.actor.account or 0
        with self.exchange.writes.once(account, f"desk-{key}"[:200], request, self.now) as turn:
            if turn.other:
                raise PolisbridgeError(ErrorCode.CHANGED_MEANWHILE, "a form sent twice with other content")
            if turn.answered is not None:
                return turn.answered.body
            answer = do(turn)
            turn.keep(OnceAnswer(200, answer))
            return answer


def clerk_for(request: PageRequest, action: AccessAction) -> Clerk:
    """Return the clerk who may do this for their own insurer. Raises AccessRefused for anybody else."""
    _, who = signed_in(request)
    own = frozenset({who.organisation}) if who.organisation is not None else frozenset[int]()
    actor = actor_for(request, action, AccessSubject(organisations=own))
    exchange: Exchange | None = request.app.state.exchange
    if exchange is None or exchange.issuing is None or actor.organisation is None:
        raise NotFoundException
    now = exchange.node.now()
    with exchange.registries.read() as registry:
        held = list(registry.known(Insurer, on=now.date(), at=now, thing=actor.organisation))
    return Clerk(
        actor, actor.organisation, held[-1] if held else None, exchange, exchange.issuing, words_for(request), now
    )


def desk_page(
    request: PageRequest, clerk: Clerk, template: str, *, here: str, status: int = 200, **shown: Any
) -> Template:
    """Return a page of the desk with the links to its others; nothing of it is kept by anybody on the way."""
    words = clerk.words
    links = [(f"/insurer/{one}".rstrip("/"), words(f"web.insurer.nav.{one or 'start'}")) for one in PAGES]
    links.append(("/duplicates", words("web.doubles.title")))
    links += job_links(request)
    context = {"links": links, "here": here, "insurer": clerk.title(), "signs": SIGNS}
    return page(request, template, status=status, keep=False, **context, **shown)


@dataclass(frozen=True, slots=True)
class ShownCertificate:
    """A certificate in a list, in words."""

    number: int
    contract: int
    contract_number: str
    person: str
    issued: str
    until: str
    status: str
    word: str


def shown_certificate(one: CertificateRow, clerk: Clerk) -> ShownCertificate:
    """Return a certificate of a list in words, with its status today."""
    words, today = clerk.words, clerk.now.date()
    status = one.status_on(today)
    over = status is Status.VALID and one.valid.last is not None and one.valid.last < today
    kind = "expired" if over else status.name.lower()
    word = words(f"web.insurer.status.{kind}")
    if one.ends is not None and one.ends > today:
        word = words("web.insurer.status.until", day=words.day(one.ends))
    return ShownCertificate(
        number=one.number,
        contract=one.contract,
        contract_number=one.contract_number,
        person=person_word(one.person, words),
        issued=words.day(one.issued.date()),
        until=words.day(one.valid.last - _DAY) if one.valid.last else "",
        status=kind,
        word=word,
    )


def person_word(person: str, words: Words) -> str:
    """Return the id of a person in a contract in words where it is a role: `child-2` is the second child.

    >>> person_word("w17", Words("en"))
    'w17'
    """
    role, _, number = person.partition("-")
    if not words.has(f"role.{role}"):
        return person
    word = words(f"role.{role}")
    return f"{word[:1].upper()}{word[1:]} {number}".strip()


@get("/", sync_to_thread=True, opt={"action": AccessAction.READ_CERTIFICATE})
def start(request: PageRequest) -> Template:
    """Show how much there is, what ends soon, what was issued last, and what needs attention."""
    clerk = clerk_for(request, AccessAction.READ_CERTIFICATE)
    lists, today = clerk.issuing.lists, clerk.now.date()
    counts = lists.counts(clerk.insurer, clerk.register, today, SOON)
    soon = Sought(today, ending_by=today + timedelta(days=SOON[-1]))
    ending = lists.certificates(clerk.insurer, clerk.register, soon, most=_FEW)
    newest = lists.certificates(clerk.insurer, clerk.register, Sought(today), most=_FEW, newest=True)
    return desk_page(
        request,
        clerk,
        "insurer_start.html",
        here="/insurer",
        counts=counts,
        expiring=[(days, clerk.words.plural("web.insurer.within", days), counts.expiring[days]) for days in SOON],
        ending=[shown_certificate(one, clerk) for one in ending],
        newest=[shown_certificate(one, clerk) for one in newest],
        can_issue=clerk.issuing.keys.can_issue(clerk.register),
        uploads=[
            (one.number, one.name, clerk.words.moment(one.at), len(one.contracts))
            for one in lists.uploads(clerk.insurer, 5)
        ],
    )


def insurer_pages(exchange: Exchange | None) -> list[Router]:
    """Return the routes of the desk; none at a node that issues nothing."""
    if exchange is None or exchange.issuing is None:
        return []
    from polisbridge.web import (  # noqa: PLC0415 - they need what stands here
        insurer_certificates,
        insurer_contracts,
        insurer_products,
        insurer_upload,
    )

    handlers = [start, *insurer_products.PAGES, *insurer_contracts.PAGES]
    handlers += [*insurer_certificates.PAGES, *insurer_upload.PAGES]
    return [Router("/insurer", route_handlers=handlers)]
