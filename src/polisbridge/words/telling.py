"""A decision in words, as parts: the answer first, then reasons, sources, remedy. Screens and paper arrange them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from polisbridge.core.assessment import Assessment
from polisbridge.core.checks import Ask, Relation
from polisbridge.core.codes import Bearing, Evidence, Outcome, Verdict
from polisbridge.core.decide import RouteResult
from polisbridge.core.finding import Finding
from polisbridge.core.law import Citation, LawBook, OpenQuestion, Requirement, Route
from polisbridge.core.remedy import Change
from polisbridge.formats.decisionfile import actual_value, ask_value, change_value
from polisbridge.words import LawText, Words

_SHOWN_FIRST = (Outcome.NOT_MET, Outcome.UNDETERMINED, Outcome.MET)


@dataclass(frozen=True, slots=True)
class ToldFinding:
    """One finding in words. `shown` is its outcome, undetermined where it does not count."""

    provision: str
    shown: Outcome
    title: str
    source: int
    compared: tuple[str, ...] = ()
    unconfirmed: str = ""
    reading: str = ""
    remedies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToldRoute:
    """One way to satisfy the duty in words; `findings` of the nearest one, `note` of the others."""

    provision: str
    title: str
    source: int
    how: str = ""
    note: str = ""
    ended: ToldFinding | None = None
    findings: tuple[ToldFinding, ...] = ()
    no_condition: str = ""


@dataclass(frozen=True, slots=True)
class ToldQuestion:
    """An open question in words, with its id."""

    provision: str
    title: str


@dataclass(frozen=True, slots=True)
class ToldSource:
    """A citation in words with its evidence, and the address where it can be read, if there is one."""

    cited: str
    url: str

    def __str__(self) -> str:
        """Return both in one line."""
        return f"{self.cited} · {self.url}" if self.url else self.cited


@dataclass(frozen=True, slots=True)
class Told:
    """One decision in words. An empty part has nothing to say. Sources are numbered from 1."""

    headline: str
    stay: str
    supposed: str
    verdict: Verdict
    verdict_word: str
    sentence: str
    basis: tuple[ToldFinding, ...]
    route: ToldRoute | None
    other_routes: tuple[ToldRoute, ...]
    top_up: tuple[str, ...]
    top_up_ends: str
    needs: str
    blocking: tuple[ToldQuestion, ...]
    informing: tuple[ToldQuestion, ...]
    hangs_on: str
    rates: tuple[str, ...]
    assumed: str
    sources: tuple[ToldSource, ...]


class Teller:
    """Tells decisions in one language."""

    def __init__(self, words: Words, book: LawBook) -> None:
        self.words, self._book = words, book
        self._sources: dict[ToldSource, int] = {}

    def told(self, found: Assessment) -> Told:
        """Return one decision in words."""
        self._sources = {}
        words, decision = self.words, found.decision
        gate, state = words(f"gate.{decision.law.gate.value}"), words.state(str(found.facts.state))
        person = f"{found.person} ({words(f'role.{found.facts.role}')})"
        required = decision.verdict is not Verdict.NOT_REQUIRED
        basis = () if required else tuple(self._finding(one, found) for one in decision.basis or decision.duties)
        route, others = self._routes(found) if required else (None, ())
        blocking, informing = self._questions(found)
        return Told(
            headline=words("answer.headline", person=person, state=state, gate=gate, day=words.day(found.as_of)),
            stay=self._stay(found),
            supposed=words("answer.supposed", treaties=", ".join(found.supposed)) if found.supposed else "",
            verdict=decision.verdict,
            verdict_word=words(f"verdict.{decision.verdict.value}"),
            sentence=self._sentence(found),
            basis=basis,
            route=route,
            other_routes=others,
            top_up=tuple(self.change(one) for one in found.top_up.changes) if found.top_up else (),
            top_up_ends=self._top_up_ends(found),
            needs="; ".join(words.field(name) for name in decision.needs),
            blocking=blocking,
            informing=informing,
            hangs_on=self._hangs_on(found),
            rates=self._rates(found) if required else (),
            assumed=self._assumed(found),
            sources=tuple(self._sources),
        )

    def cited(self, citation: Citation) -> ToldSource:
        """Return a citation: act, provision, how well established, where to read it."""
        act = self.words.text(citation.act)
        place = f"{act}, {self.words.text(citation.provision)}" if citation.provision else act
        evidence = f" ({self.words(f'evidence.{citation.evidence.value}')})"
        whole = act.around("", f"{place[len(act) :]}{evidence}") if isinstance(act, LawText) else f"{place}{evidence}"
        return ToldSource(whole, citation.url)

    def asked(self, requirement: Requirement) -> tuple[str, ...]:
        """Return what a requirement asks, whatever the contract: a line per field."""
        words, told = self.words, []
        for ask in requirement.check.asks():
            value = ask_value(ask).get("value")
            wanted = (
                words.field(str(value)) if isinstance(ask.value, str) else words.value(ask.field, value, self._book)
            )
            told.append(f"{self._field(ask)}: {words(f'relation.{ask.relation.value}', value=wanted)}")
        return tuple(told)

    def change(self, change: Change) -> str:
        """Return a change in words, such as "sum insured: raise to 10,000.00 EUR"."""
        words, written = self.words, change_value(change)
        value = words.value(change.field, written["value"], self._book)
        benefit = words.code("benefit", change.benefit, self._book) if change.benefit else ""
        key = f"change.{change.field}.{change.action.value}"
        if not words.has(key):
            key = f"action.{change.action.value}"
        if change.field in ("first_day", "last_day"):
            key = f"action.move.{change.field}"
        elif change.field == "benefit":
            return words("action.add_benefit", benefit=benefit)
        said = words(key, field=words.field(change.field), value=value)
        return words("action.of_benefit", benefit=benefit, change=said) if benefit else said

    def _stay(self, found: Assessment) -> str:
        """Return the stay in words: region, dates, and the form of care."""
        words, facts = self.words, found.facts
        parts = [facts.region] if isinstance(facts.region, str) else []
        if isinstance(facts.stay_first, int) and isinstance(facts.stay_last, int):
            parts.append(f"{words.day(facts.stay_first)} – {words.day(facts.stay_last)}")
        if isinstance(facts.care_form, str):
            parts.append(words.code("care_form", facts.care_form, self._book))
        return " · ".join(parts)

    def _sentence(self, found: Assessment) -> str:
        words, decision = self.words, found.decision
        if not decision.law_known:
            return words("answer.no_law")
        sentence = words(f"verdict.{decision.verdict.value}.sentence")
        if decision.verdict is not Verdict.NOT_REQUIRED and not decision.routes:
            return f"{sentence} {words('answer.no_route')}"
        return sentence

    def _routes(self, found: Assessment) -> tuple[ToldRoute | None, tuple[ToldRoute, ...]]:
        decision = found.decision
        if not decision.routes:
            return None, ()
        nearest, *others = decision.routes
        told = self._route(nearest, found)
        return told, () if decision.verdict is Verdict.RECOGNISED else tuple(self._other(one) for one in others)

    def _route(self, result: RouteResult, found: Assessment) -> ToldRoute:
        words, entry = self.words, result.entry
        route = ToldRoute(result.route.id, words.text(result.route.title), self._noted(cited_by(result.entry)))
        how = isinstance(result.route, Route) and found.decision.verdict is not Verdict.RECOGNISED
        findings = []
        if not entry.ended and entry.outcome is not Outcome.MET:
            findings.append(self._finding(entry, found))
        for outcome in _SHOWN_FIRST if not result.closed else ():
            findings += [self._finding(one, found) for one in result.findings if one.outcome is outcome]
        return ToldRoute(
            route.provision,
            route.title,
            route.source,
            how=words.text(result.route.how) if how and isinstance(result.route, Route) and result.route.how else "",
            ended=self._ended(result, found) if entry.ended and entry.outcome is Outcome.NOT_MET else None,
            findings=tuple(findings),
            no_condition="" if result.findings else words("answer.no_condition"),
        )

    def _ended(self, result: RouteResult, found: Assessment) -> ToldFinding:
        remedies = result.entry.remedy(found.facts, found.decision.law.setting)
        title = self.words("answer.ended", day=self.words.day(found.as_of))
        return ToldFinding(
            result.route.id, Outcome.NOT_MET, title, 0, remedies=tuple(self.change(one) for one in remedies)
        )

    def _other(self, result: RouteResult) -> ToldRoute:
        words = self.words
        missing = sum(finding.outcome is Outcome.NOT_MET for finding in result.findings)
        note = words("answer.not_open") if result.closed else words.plural("count.not_met", missing)
        how = words.text(result.route.how) if isinstance(result.route, Route) and result.route.how else ""
        source = self._noted(cited_by(result.entry))
        return ToldRoute(result.route.id, words.text(result.route.title), source, how=how, note=note)

    def _finding(self, finding: Finding, found: Assessment) -> ToldFinding:
        words, provision = self.words, finding.provision
        source = self._noted(cited_by(finding))
        open_point = finding.counts is None and finding.outcome is not Outcome.UNDETERMINED
        reading = words.text(provision.reading) if provision.reading and finding.outcome is not Outcome.MET else ""
        return ToldFinding(
            provision.id,
            finding.outcome if finding.counts is not None else Outcome.UNDETERMINED,
            words.text(provision.title),
            source,
            compared=tuple(self._compared(finding, found)) if isinstance(provision, Requirement | Route) else (),
            unconfirmed=words("answer.unconfirmed", outcome=words(f"outcome.{finding.outcome.value}"))
            if open_point
            else "",
            reading=reading,
            remedies=tuple(
                f"{self.change(change)} ({words(f'lever.{change.lever.value}')})"
                for change in finding.remedy(found.facts, found.decision.law.setting)
            ),
        )

    def _compared(self, finding: Finding, found: Assessment) -> Iterator[str]:
        """Yield what was found beside what was asked; asks of one field with "any of" are alternatives."""
        groups: dict[tuple[str, str, str | None], list[Ask]] = {}
        for ask in finding.applied.asks:
            groups.setdefault((ask.field, ask.relation.value, ask.benefit), []).append(ask)
        for asks in groups.values():
            wanted = self.words("answer.or").join(self._wanted(ask, found) for ask in asks)
            actual = actual_value(asks[0], found.facts)
            if finding.outcome is Outcome.MET and isinstance(actual, list) and isinstance(asks[0].value, tuple):
                actual = [one for one in actual if one in asks[0].value] or actual
            shown = self.words.value(asks[0].field, actual, self._book)
            yield self.words("answer.compared", field=self._field(asks[0]), found=shown, asked=wanted)

    def _wanted(self, ask: Ask, found: Assessment) -> str:
        words, relation = self.words, ask.relation.value
        if isinstance(ask.value, str):
            value = self._other_field(ask.value, found)
        else:
            value = (
                words.value(ask.field, ask_value(ask).get("value"), self._book) if ask.value not in (None, ()) else ""
            )
        if isinstance(ask.value, tuple) and len(ask.value) == 1 and relation in ("one_of", "any_of", "all_of"):
            return value
        return words(f"relation.{relation}", value=value)

    def _field(self, ask: Ask) -> str:
        name = self.words.field(ask.field)
        return f"{self.words.code('benefit', ask.benefit, self._book)}: {name}" if ask.benefit else name

    def _other_field(self, field: str, found: Assessment) -> str:
        value = actual_value(Ask(field, Relation.ONE_OF), found.facts)
        return f"{self.words.field(field)} ({self.words.value(field, value, self._book)})"

    def _top_up_ends(self, found: Assessment) -> str:
        if found.top_up is None:
            return ""
        return self.words("answer.top_up.complete" if found.top_up.complete else "answer.top_up.incomplete")

    def _questions(self, found: Assessment) -> tuple[tuple[ToldQuestion, ...], tuple[ToldQuestion, ...]]:
        """Return the open questions that hold the verdict back, and those for information."""
        decision = found.decision
        if decision.verdict in (Verdict.NOT_REQUIRED, Verdict.RECOGNISED):
            return (), ()
        blocking, informing = list[ToldQuestion](), list[ToldQuestion]()
        for one in decision.questions:
            if isinstance(one.provision, OpenQuestion):
                told = ToldQuestion(one.provision.id, self.words.text(one.provision.title))
                (blocking if one.provision.effect is Bearing.BLOCKS else informing).append(told)
        if decision.verdict is Verdict.NOT_RECOGNISED:  # it hangs on none of them
            return (), (*blocking, *informing)
        return tuple(blocking), tuple(informing)

    def _hangs_on(self, found: Assessment) -> str:
        words, decision = self.words, found.decision
        if decision.if_confirmed is decision.if_refuted:
            return ""
        yes, no = words(f"verdict.{decision.if_confirmed.value}"), words(f"verdict.{decision.if_refuted.value}")
        return words("answer.if_confirmed", verdict=yes.lower(), verdict_no=no.lower())

    def _rates(self, found: Assessment) -> tuple[str, ...]:
        words = self.words
        return tuple(
            f"{'; '.join(words.quote(rate, table) for rate in table.rates)} ({table.source})" for table in found.rates
        )

    def _assumed(self, found: Assessment) -> str:
        words = self.words
        return "; ".join(
            f"{words.field(one.field)}: {words.value(one.field, one.value, self._book)}" for one in found.assumed
        )

    def _noted(self, citation: Citation) -> int:
        return self._sources.setdefault(self.cited(citation), len(self._sources) + 1)


def cited_by(finding: Finding) -> Citation:
    """Return where the provision of a finding stands; supposed where a scenario makes a treaty bind here."""
    citation = finding.provision.citation
    is_supposed = finding.applied.evidence is Evidence.SUPPOSED
    return replace(citation, evidence=Evidence.SUPPOSED) if is_supposed else citation
