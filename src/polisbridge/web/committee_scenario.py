"""A draft rule tried out: a minimum sum, another state's rule, the draft Agreement; what it does, at once.

The answer is reckoned on a few thousand persons who do not exist, and on the model contract of every corridor. The
same form gives the scenario as a file, or the work on a large made-up portfolio as a job.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template

from polisbridge.core.checks.sum_insured_at_least import SumInsuredAtLeast
from polisbridge.core.codes import Verdict
from polisbridge.core.errors import InputFaults
from polisbridge.core.jobs import JobKind
from polisbridge.core.law import Requirement
from polisbridge.core.money import minor_digits
from polisbridge.core.roles import AccessAction, Actor
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.formats.scenariowriter import write_scenario
from polisbridge.formats.tree import Document
from polisbridge.services import jobs as services
from polisbridge.services.approaches import SEVEN
from polisbridge.services.committee import WORKER, changed_cases, minimum_sums, routes_in_force
from polisbridge.services.corridors import Case, decide_corridors
from polisbridge.services.impact import Dimension, Impact
from polisbridge.services.jobs import own_scope
from polisbridge.services.scenario import supposed_law
from polisbridge.web.check_form import Option
from polisbridge.web.committee import SIGNS, Answer, committee_page, corridors_of, desk_of
from polisbridge.web.forms import FormReader, Posted, posted, shortened
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER, account_for, actor_for, signed_in
from polisbridge.web.view import node_of
from polisbridge.words import Words, languages
from polisbridge.words.telling import Teller

DRAFT = "cis_vhi_draft"
_PERIOD = f"treaties.{DRAFT}.agreement.home_state_contract.period_of_work"
_TIMES, _STEPS = 4, 80  # the slider goes up to so many times the sum of today, in so many steps
_LARGE = 200_000  # rows of the job
_MOST = 14  # corridors told
_NAME = "draft_rule"
_LEAST_PARTIES = 2


@dataclass(frozen=True, slots=True)
class Slider:
    """A minimum sum that can be moved: its rule, what it is today, and how far the slider goes."""

    id: str
    title: str
    amount: int
    currency: str
    most: int
    step: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft rule as the form gave it: the scenario's tree, and the day from which it is looked at."""

    tree: Mapping[str, Any]
    day: date


def _slider(one: Requirement, words: Words) -> Slider:
    assert isinstance(one.check, SumInsuredAtLeast)  # noqa: S101 - as `minimum_sums` gives them
    amount = int(one.check.amount)
    step = max(1, amount * _TIMES // _STEPS)
    return Slider(one.id, words.text(one.title), amount, one.check.currency, amount * _TIMES, step)


@get("/scenario", sync_to_thread=True, opt={"action": AccessAction.READ_STATISTICS})
def scenario(request: PageRequest) -> Template:
    """Show the form, and what the rule in it does."""
    _allowed(request)
    words, node = words_for(request), node_of(request)
    values = dict(request.query_params.items())
    parties = [one for one in request.query_params.getall("party", []) if one in SEVEN]
    reader = FormReader(values, words)
    form = _Form(request, reader, parties)
    draft = form.draft()
    result = None
    if draft is not None and not reader.faults:
        result = _result(request, draft, reader)
    return committee_page(
        request,
        "committee_scenario.html",
        "/scenario",
        status=422 if reader.faults else 200,
        faults=reader.faults,
        values={**values, "from": form.day.isoformat()},
        sums=[Option(one.id, f"{words.state(_state(one.id))}: {one.title}") for one in form.sliders],
        slider=form.chosen,
        amount=form.amount,
        shown=words.amount(form.amount * 10 ** minor_digits(form.chosen.currency), form.chosen.currency),
        today=words.amount(form.chosen.amount * 10 ** minor_digits(form.chosen.currency), form.chosen.currency),
        rules=form.rules,
        routes=form.routes,
        parties=[Option(one, words.state(one)) for one in sorted(SEVEN, key=words.state)],
        chosen=parties,
        settled="settled" in values or "asked" not in values,
        result=result,
        query=request.url.query,
        can_wait=desk_of(request).jobs is not None and signed_in(request)[0] is not None,
        node_law=node.book.hash[:12],
    )


def _state(provision: str) -> str:
    return provision.split(".", maxsplit=1)[0].upper()


def _allowed(request: PageRequest) -> Actor:
    _, actor = signed_in(request)
    return actor_for(request, AccessAction.READ_STATISTICS, own_scope(actor))


class _Form:
    """What the form asks for."""

    def __init__(self, request: PageRequest, reader: FormReader, parties: list[str]) -> None:
        self._node, self._reader, self._words, self._parties = node_of(request), reader, words_for(request), parties
        today = self._node.today()
        book = self._node.book
        sums = minimum_sums(book, today)
        own = [one for one in sums if _state(one.id) in SEVEN]
        self.sliders = [_slider(one, self._words) for one in own]
        self.rules = [Option(one.id, f"{self._place(one.id)}: {self._words.text(one.title)}") for one in sums]
        self.routes = [
            Option(one.id, self._words.text(one.title), self._words.state(_state(one.id)))
            for one in routes_in_force(book, SEVEN, today)
        ]
        wanted = reader.choice("sum", {one.id for one in self.sliders})
        self.chosen = next((one for one in self.sliders if one.id == wanted), self.sliders[0])
        self.amount = self._amount()
        self.day = reader.day("from") or date(today.year + 1, 1, 1)

    def _place(self, provision: str) -> str:
        code = provision.split(".", maxsplit=1)[0].upper()
        return self._words.state(code[:2]) if code != "EU" else "EU"

    def _amount(self) -> int:
        """Return the minimum asked for: the typed one, or where the slider was moved to without a script."""
        typed = self._reader.text("amount").replace(" ", "").replace("\u00a0", "")
        slid, was = self._reader.text("slide"), self._reader.text("was")
        written = slid if slid and slid != was and typed in ("", was) else typed
        if not written or self._reader.text("of") not in ("", self.chosen.id):
            return self.chosen.amount
        if not (written.isascii() and written.isdecimal() and len(written) <= 12):  # noqa: PLR2004 - below any overflow
            self._reader.fault("amount", "web.committee.scenario.no_amount", found=shortened(written))
            return self.chosen.amount
        return int(written)

    def draft(self) -> Draft | None:
        """Return the draft rule, None when nothing is changed."""
        changes = [*self._sum(), *self._adopted(), *self._agreement()]
        if not changes:
            return None
        title = {one: Words(one)("web.committee.scenario.name") for one in ("en", "ru")}
        made = self._node.today().isoformat()
        return Draft({"scenario": _NAME, "title": title, "made": made, "changes": changes}, self.day)

    def _sum(self) -> list[dict[str, Any]]:
        if self.amount == self.chosen.amount:
            return []
        amount, currency = str(Decimal(self.amount)), self.chosen.currency
        return [
            {
                "do": "change",
                "provision": self.chosen.id,
                "with": {"amount": amount},
                "title": _titles("web.committee.scenario.sum_title", amount=f"{self.amount:,} {currency}"),
            }
        ]

    def _adopted(self) -> list[dict[str, Any]]:
        rule = self._reader.choice("adopt", {one.value for one in self.rules})
        route = self._reader.choice("route", {one.value for one in self.routes}, needed=bool(rule))
        return [{"do": "adopt", "provision": rule, "route": route}] if rule and route else []

    def _agreement(self) -> list[dict[str, Any]]:
        if not self._parties:
            return []
        if len(self._parties) < _LEAST_PARTIES:
            self._reader.fault("party-RU", "web.committee.scenario.two_parties")
            return []
        settled = "settled" in self._reader.values or "asked" not in self._reader.values
        suppose = {
            "do": "suppose",
            "treaty": DRAFT,
            "parties": sorted(self._parties),
            "from": self.day.isoformat(),
            "open_questions": "settled" if settled else "open",
        }
        if self._node.book.get(_PERIOD) is None:
            return [suppose]
        stay = {"do": "change", "provision": _PERIOD, "with": {"what": "stay"}}
        return [suppose, stay | {"title": _titles("web.committee.scenario.stay_title")}]


def _titles(key: str, **values: object) -> dict[str, str]:
    """Return a title in the languages that every scenario has."""
    return {one: Words(one)(key, **values) if values else Words(one)(key) for one in ("en", "ru")}


@dataclass(frozen=True, slots=True)
class Moved:
    """A corridor at a gate whose answer changes for the worker: before and after."""

    name: str
    gate: str
    before: Answer
    after: Answer


@dataclass(frozen=True, slots=True)
class Result:
    """What a draft rule does: to made-up persons, by verdict and corridor, and to the model contract."""

    rows: str
    better: str
    free: str
    lost: str
    verdicts: tuple[tuple[Answer, str, str, str], ...]
    corridors: tuple[tuple[str, str, str, str], ...]
    moved: tuple[Moved, ...]
    moved_more: int
    asked: tuple[str, ...]
    nothing: bool


def _result(request: PageRequest, draft: Draft, reader: FormReader) -> Result | None:
    node, words = node_of(request), words_for(request)
    before = node.laws
    try:
        read = read_scenario(Document("scenario", draft.tree, {}), node.book)
    except InputFaults as exc:
        for one in exc.faults:
            reader.fault("adopt", "web.committee.scenario.not_possible", expected=one.expected)
        return None
    after = supposed_law(node.book, read, before.rates, draft.day)
    found = desk_of(request).trials.impact(before, after)
    model = desk_of(request).models.model(node.book)
    moved = changed_cases(corridors_of(request, draft.day), decide_corridors(after.laws, model, draft.day))
    own = [(one, other) for one, other in moved if one.person == WORKER]
    teller = Teller(words, after.laws.book)
    begun = [after.laws.book.get(name) for name in after.told.begins]
    return Result(
        words.number(found.decided),
        words.number(found.total.newly_recognised),
        words.number(found.total.newly_free),
        words.number(found.total.lost),
        tuple(_verdicts(found, words)),
        tuple(_corridors(found, words)),
        tuple(_moved(one, other, words) for one, other in own[:_MOST]),
        max(0, len(own) - _MOST),
        tuple(said for one in begun if isinstance(one, Requirement) for said in teller.asked(one)),
        nothing=not found.total.changed and not own,
    )


def _verdicts(found: Impact, words: Words) -> Iterator[tuple[Answer, str, str, str]]:
    for one in Verdict:
        before, after = found.total.before(one), found.total.after(one)
        change = after - before
        sign = "+" if change > 0 else "−" if change < 0 else ""
        told = Answer(one.value, SIGNS[one], words(f"verdict.{one.value}"), "", "")
        yield told, words.number(before), words.number(after), f"{sign}{words.number(abs(change))}"


def _corridors(found: Impact, words: Words) -> Iterator[tuple[str, str, str, str]]:
    for one in found.groups[Dimension.CORRIDOR]:
        if one.changed:
            home, host = one.key
            name = words("web.committee.corridor", home=words.state(home), host=words.state(host))
            better = one.newly_recognised + one.newly_free
            yield name, words.number(one.rows), words.number(better), words.number(one.lost)


def _moved(one: Case, other: Case, words: Words) -> Moved:
    name = words("web.committee.corridor", home=words.state(one.home), host=words.state(one.host))
    link = f"/committee/corridor/{one.home}/{one.host}#{one.gate.value}"
    told = [
        Answer(case.verdict.value, SIGNS[case.verdict], words(f"verdict.{case.verdict.value}"), link, name)
        for case in (one, other)
    ]
    return Moved(name, words(f"gate.{one.gate.value}"), told[0], told[1])


@get("/scenario/file", sync_to_thread=True, opt={"action": AccessAction.READ_STATISTICS})
def scenario_file(request: PageRequest) -> Response[str]:
    """Give the draft rule as a scenario file."""
    _allowed(request)
    parties = [one for one in request.query_params.getall("party", []) if one in SEVEN]
    form = _Form(request, FormReader(dict(request.query_params.items()), words_for(request)), parties)
    draft = form.draft()
    if draft is None:
        raise NotFoundException
    headers = {"Content-Disposition": 'attachment; filename="draft_rule.scenario.yaml"'}
    return Response(write_scenario(draft.tree), media_type="application/yaml", headers=headers)


@post("/scenario/large", opt={"action": AccessAction.READ_STATISTICS})
async def scenario_large(request: PageRequest) -> Redirect:
    """Have the same draft rule weighed on a large made-up portfolio, in the background."""
    return await sync_to_thread(_large, request, await posted(request))


def _large(request: PageRequest, given: Posted) -> Redirect:
    account_for(request, AccessAction.OWN_ACCOUNT)
    actor, jobs = _allowed(request), desk_of(request).jobs
    parties = [one for one in given.values.get("parties", "").split(",") if one in SEVEN]
    form = _Form(request, FormReader(given.values, words_for(request)), parties)
    draft = form.draft()
    if draft is None or jobs is None:
        return Redirect("/committee/scenario", status_code=SEE_OTHER)
    language = words_for(request).language
    asked = {
        "kind": JobKind.SCENARIO_IMPACT.value,
        "source": "synthetic",
        "rows": _LARGE,
        "as_of": draft.day.isoformat(),
        "language": language if language in languages() else "en",
        "scenario": dict(draft.tree),
    }
    number = services.submit(jobs, actor, JobKind.SCENARIO_IMPACT, asked, node_of(request).now())
    return Redirect(f"/jobs/{number}", status_code=SEE_OTHER)
