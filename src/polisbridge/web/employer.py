"""The employer's desk: its own workers, whether they are insured and enough for the work, and whose cover ends soon."""

from dataclasses import dataclass
from datetime import date, datetime

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.response import Template

from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.contract import Period, Stay
from polisbridge.core.registry import Employer
from polisbridge.core.roles import AccessAction, AccessSubject, Actor
from polisbridge.core.statusbook import Note
from polisbridge.core.verification import Answer
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.registry import looking
from polisbridge.services.registry.onrecord import RecordAnswer, Standing, answer_for
from polisbridge.services.registry.ports import Registry
from polisbridge.services.registry.staff import workers_of
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import actor_for, people_of, signed_in
from polisbridge.web.view import node_of, page
from polisbridge.words import Words
from polisbridge.words.plain import plain_words

PATH = "/employer"
MOST = 50  # workers on one page
SOON = 30  # days
GATES = (Gate.HIRING, Gate.WORK_PERMIT)
_CHOICES = ("all", "soon", "trouble")


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker in one contract: name, days, whether in force, and the answer for each occasion of work, in words."""

    name: str
    standing: str
    answer: Answer
    first: str
    last: str
    soon: str
    occasions: tuple[tuple[str, Verdict, str], ...]

    @property
    def sign(self) -> str:
        """How it is shown: as good, as refused, or as something to do."""
        good = self.answer is Answer.ACCEPT
        return "undetermined" if good and (self.trouble or self.soon) else self.answer.value

    @property
    def trouble(self) -> bool:
        """Whether somebody has to do something now."""
        refused = any(verdict is Verdict.NOT_RECOGNISED for _, verdict, _ in self.occasions)
        return self.answer is not Answer.ACCEPT or refused


@get("/", sync_to_thread=True, opt={"action": AccessAction.READ_CONTRACT})
def staff(request: PageRequest) -> Template:
    """Show the employer's workers, all or those that need something, in pieces."""
    actor, people, node, words = _desk(request), people_of(request), node_of(request), words_for(request)
    chosen = request.query_params.get("show", "all")
    chosen = chosen if chosen in _CHOICES else "all"
    number = _page(request.query_params.get("page", ""))
    employer = actor.organisation or 0
    with people.registries.change() as registry:
        today, now = node.today(), node.now()
        found = workers_of(registry, employer, on=today, at=now)
        piece = found[(number - 1) * MOST : number * MOST]
        if not piece and number > 1:
            raise NotFoundException
        title = next((one.value.title for one in registry.known(Employer, on=today, at=now, thing=employer)), {})
        rows = []
        for one in piece:
            looking.record(registry, one.person, actor.role.value, "insured", Note(actor.name, now, "employment"))
            told = answer_for(registry, one, node.laws, None, on=today, at=now)
            rows.append(_worker(registry, told, node.laws, actor.state, words, today, now))
    shown = [one for one in rows if chosen == "all" or (one.soon if chosen == "soon" else one.trouble)]
    return page(
        request,
        "employer.html",
        keep=False,
        title=words.text(title) if title else "",
        state=words.state(actor.state),
        rows=shown,
        counts={
            "all": len(rows),
            "soon": sum(bool(one.soon) for one in rows),
            "trouble": sum(one.trouble for one in rows),
        },
        chosen=chosen,
        gates=[words(f"gate.{gate.value}") for gate in GATES],
        pages=(number, -(-len(found) // MOST)),
        workers=len(found),
        soon_days=SOON,
    )


def _worker(
    registry: Registry, found: RecordAnswer, laws: AppliedLaws, state: str, words: Words, on: date, at: datetime
) -> Worker:
    first, last = found.cover.first, found.cover.last
    left = (last - on).days if last is not None else None
    in_force = found.standing is Standing.IN_FORCE
    occasions = []
    for gate in GATES:
        stay = Stay(state, gate, on, None, Period(on, last))
        decided = answer_for(registry, found.found, laws, stay, on=on, at=at).assessment if in_force else None
        if decided is not None:
            occasions.append((words(f"gate.{gate.value}"), decided.decision.verdict, plain_words(decided, words)))
    identity = found.identity
    return Worker(
        name=" · ".join(one for one in (identity.name, identity.original_name) if one) if identity else "",
        standing=words(f"web.employer.{found.standing.value}"),
        answer=found.answer,
        first=words.day(first) if first else "–",
        last=words.day(last) if last else "–",
        soon=words.plural("web.employer.days_left", left) if in_force and left is not None and left <= SOON else "",
        occasions=tuple(occasions),
    )


def _desk(request: PageRequest) -> Actor:
    """Return who sits at the desk of an employer. Raises AccessRefused; who may read contracts by another right has none."""
    _, actor = signed_in(request)
    own = frozenset({actor.organisation}) if actor.organisation else frozenset[int]()
    actor = actor_for(request, AccessAction.READ_CONTRACT, AccessSubject("", own))
    with people_of(request).registries.read() as registry:
        now = node_of(request).now()
        known = list(registry.known(Employer, on=None, at=now, thing=actor.organisation or 0))
    if not known:
        raise NotFoundException
    return actor


def _page(written: str) -> int:
    """Return the number of a page; the first for anything that is none."""
    return int(written) if written.isascii() and written.isdecimal() and int(written[:6]) > 0 else 1
