"""Decisions and provisions as text for a person to read: the answer first, then reasons, sources, remedy."""

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from polisbridge.core.assessment import Assessment
from polisbridge.core.checks import Ask, Relation
from polisbridge.core.codes import Bearing, Outcome, Verdict
from polisbridge.core.decide import RouteResult
from polisbridge.core.finding import Finding
from polisbridge.core.law import Citation, LawBook, OpenQuestion, Provision, Requirement, Route
from polisbridge.core.remedy import Change
from polisbridge.formats.decisionfile import actual_value, ask_value, change_value
from polisbridge.words import Words

_MARKS = {
    Outcome.MET: ("✓", "green"),
    Outcome.NOT_MET: ("✗", "red"),
    Outcome.UNDETERMINED: ("?", "yellow"),
    Outcome.NOT_APPLICABLE: ("–", "dim"),
    Outcome.NOT_IN_FORCE: ("–", "dim"),
}
_COLOURS = {
    Verdict.RECOGNISED: "bold green",
    Verdict.NOT_RECOGNISED: "bold red",
    Verdict.NOT_REQUIRED: "bold cyan",
    Verdict.UNDETERMINED: "bold yellow",
}


_SHOWN_FIRST = (Outcome.NOT_MET, Outcome.UNDETERMINED, Outcome.MET)


class Shower:
    """Prints assessments in one language; sources are numbered and listed once below the answer."""

    def __init__(self, out: Console, words: Words, book: LawBook) -> None:
        self._out, self._words, self._book = out, words, book
        self._sources: dict[str, int] = {}

    def assessment(self, found: Assessment) -> None:
        """Print one decision: verdict, route, every finding with its source, remedies, open points."""
        words, decision = self._words, found.decision
        self._sources = {}
        person = f"{found.person} ({words(f'role.{found.facts.role}')})"
        gate = words(f"gate.{decision.law.gate.value}")
        state = words.state(str(found.facts.state))
        self._line(
            words("answer.headline", person=person, state=state, gate=gate, day=words.day(found.as_of)), 0, "bold"
        )
        if found.supposed:
            self._line(words("answer.supposed", treaties=", ".join(found.supposed)), 2, "bold magenta")
        verdict = decision.verdict
        headline = Text(words(f"verdict.{verdict.value}").upper(), style=_COLOURS[verdict])
        self._print(headline.append(f"  {self._sentence(found)}", style="default not bold"), 2)
        self._body(found)
        self._foot(found)
        for source, number in self._sources.items():
            self._line(f"[{number}] {source}", 2, "dim")
        self._out.print()

    def _stay(self, found: Assessment) -> str:
        """Return the stay in words: region, dates, and the form of care."""
        words, facts = self._words, found.facts
        parts = [facts.region] if isinstance(facts.region, str) else []
        if isinstance(facts.stay_first, int) and isinstance(facts.stay_last, int):
            parts.append(f"{words.day(facts.stay_first)} – {words.day(facts.stay_last)}")
        if isinstance(facts.care_form, str):
            parts.append(words.code("care_form", facts.care_form, self._book))
        return " · ".join(parts)

    def _sentence(self, found: Assessment) -> str:
        words, decision = self._words, found.decision
        if not decision.law_known:
            return words("answer.no_law")
        sentence = words(f"verdict.{decision.verdict.value}.sentence")
        if decision.verdict is not Verdict.NOT_REQUIRED and not decision.routes:
            return f"{sentence} {words('answer.no_route')}"
        return sentence

    def _body(self, found: Assessment) -> None:
        decision = found.decision
        if decision.verdict is Verdict.NOT_REQUIRED:
            for finding in decision.basis or decision.duties:
                self._finding(finding, found)
            return
        for index, result in enumerate(decision.routes):
            if index == 0:
                self._route(result, found)
            elif decision.verdict is not Verdict.RECOGNISED:
                self._other_route(result, first=index == 1)

    def _foot(self, found: Assessment) -> None:
        words, decision = self._words, found.decision
        if found.top_up is not None:
            self._line(f"{words('answer.top_up')}:", 2, "bold")
            for change in found.top_up.changes:
                self._line(f"→ {self.change(change)}", 4)
            self._line(words("answer.top_up.complete" if found.top_up.complete else "answer.top_up.incomplete"), 4)
        if decision.needs:
            names = "; ".join(words.field(name) for name in decision.needs)
            self._line(f"{words('answer.needs')}: {names}", 2)
        self._questions(found)
        if decision.if_confirmed is not decision.if_refuted:
            yes, no = words(f"verdict.{decision.if_confirmed.value}"), words(f"verdict.{decision.if_refuted.value}")
            self._line(words("answer.if_confirmed", verdict=yes.lower(), verdict_no=no.lower()), 2)
        for table in found.rates if decision.verdict is not Verdict.NOT_REQUIRED else ():
            quotes = "; ".join(words.quote(rate, table) for rate in table.rates)
            self._line(f"{words('answer.rates')}: {quotes} ({table.source})", 2)
        if found.assumed:
            parts = [
                f"{words.field(one.field)}: {words.value(one.field, one.value, self._book)}" for one in found.assumed
            ]
            self._line(f"{words('answer.assumed')}: {'; '.join(parts)}", 2, "dim")

    def _questions(self, found: Assessment) -> None:
        decision = found.decision
        if decision.verdict in (Verdict.NOT_REQUIRED, Verdict.RECOGNISED):
            return
        chosen = {Bearing.BLOCKS: list[OpenQuestion](), Bearing.INFORMS: list[OpenQuestion]()}
        for one in decision.questions:
            if isinstance(one.provision, OpenQuestion):
                chosen[one.provision.effect].append(one.provision)
        if decision.verdict is Verdict.NOT_RECOGNISED:  # it hangs on none of them
            chosen = {Bearing.BLOCKS: [], Bearing.INFORMS: [*chosen[Bearing.BLOCKS], *chosen[Bearing.INFORMS]]}
        for effect, key in ((Bearing.BLOCKS, "answer.questions"), (Bearing.INFORMS, "answer.informs")):
            if chosen[effect]:
                style = "" if effect is Bearing.BLOCKS else "dim"
                self._line(f"{self._words(key)}:", 2, style or "bold")
                for question in chosen[effect]:
                    self._line(f"· {self._words.text(question.title)} ({question.id})", 4, style)

    def _route(self, result: RouteResult, found: Assessment) -> None:
        words = self._words
        route = f"{words('answer.route')}: {words.text(result.route.title)}"
        self._line(f"{route} {self._noted(result.route.citation)}", 2, "bold")
        if isinstance(result.route, Route) and result.route.how and found.decision.verdict is not Verdict.RECOGNISED:
            self._line(words.text(result.route.how), 4, "dim")
        if result.entry.ended and result.entry.outcome is Outcome.NOT_MET:
            self._line(f"✗ {words('answer.ended', day=words.day(found.as_of))}", 4)
            for change in result.entry.remedy(found.facts, found.decision.law.setting):
                self._line(f"→ {self.change(change)}", 6)
        elif result.entry.outcome is not Outcome.MET:
            self._finding(result.entry, found)
        for outcome in _SHOWN_FIRST if not result.closed else ():
            for finding in result.findings:
                if finding.outcome is outcome:
                    self._finding(finding, found)
        if not result.findings:
            self._line(words("answer.no_condition"), 4, "dim")

    def _other_route(self, result: RouteResult, *, first: bool) -> None:
        words = self._words
        if first:
            self._line(f"{words('answer.other_routes')}:", 2, "bold")
        missing = sum(finding.outcome is Outcome.NOT_MET for finding in result.findings)
        note = words("answer.not_open") if result.closed else words.plural("count.not_met", missing)
        self._line(f"· {words.text(result.route.title)} ({note}) {self._noted(result.route.citation)}", 4)
        if isinstance(result.route, Route) and result.route.how:
            self._line(words.text(result.route.how), 6, "dim")

    def _finding(self, finding: Finding, found: Assessment) -> None:
        words = self._words
        mark, colour = _MARKS[finding.outcome if finding.counts is not None else Outcome.UNDETERMINED]
        title = f"{words.text(finding.provision.title)} {self._noted(finding.provision.citation)}"
        self._print(Text(f"{mark} ", style=colour).append(title, style="default"), 4)
        if isinstance(finding.provision, Requirement | Route):
            self._asked(finding, found)
        if finding.counts is None and finding.outcome is not Outcome.UNDETERMINED:
            self._line(words("answer.unconfirmed", outcome=words(f"outcome.{finding.outcome.value}")), 6, "yellow")
        if finding.provision.reading and finding.outcome is not Outcome.MET:
            self._line(f"{words('answer.reading')}: {words.text(finding.provision.reading)}", 6, "dim")
        for change in finding.remedy(found.facts, found.decision.law.setting):
            self._line(f"→ {self.change(change)} ({words(f'lever.{change.lever.value}')})", 6)

    def _asked(self, finding: Finding, found: Assessment) -> None:
        """Print what was found beside what was asked; asks of one field with "any of" are alternatives."""
        groups: dict[tuple[str, str, str | None], list[Ask]] = {}
        for ask in finding.applied.asks:
            groups.setdefault((ask.field, ask.relation.value, ask.benefit), []).append(ask)
        for asks in groups.values():
            wanted = self._words("answer.or").join(self._wanted(ask, found) for ask in asks)
            actual = actual_value(asks[0], found.facts)
            if finding.outcome is Outcome.MET and isinstance(actual, list) and isinstance(asks[0].value, tuple):
                actual = [one for one in actual if one in asks[0].value] or actual
            shown = self._words.value(asks[0].field, actual, self._book)
            self._line(self._words("answer.compared", field=self._field(asks[0]), found=shown, asked=wanted), 6, "dim")

    def _wanted(self, ask: Ask, found: Assessment) -> str:
        words, relation = self._words, ask.relation.value
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
        name = self._words.field(ask.field)
        return f"{self._words.code('benefit', ask.benefit, self._book)}: {name}" if ask.benefit else name

    def _noted(self, citation: Citation) -> str:
        source = self.cited(citation)
        return f"[{self._sources.setdefault(source, len(self._sources) + 1)}]"

    def _other_field(self, field: str, found: Assessment) -> str:
        value = actual_value(Ask(field, Relation.ONE_OF), found.facts)
        return f"{self._words.field(field)} ({self._words.value(field, value, self._book)})"

    def cited(self, citation: Citation) -> str:
        """Return a citation in one line: act, provision, how well established, where to read it."""
        act = self._words.text(citation.act)
        place = f"{act}, {self._words.text(citation.provision)}" if citation.provision else act
        url = f" · {citation.url}" if citation.url else ""
        return f"{place} ({self._words(f'evidence.{citation.evidence.value}')}){url}"

    def change(self, change: Change) -> str:
        """Return a change in words, such as "sum insured: raise to 10,000.00 EUR"."""
        words, written = self._words, change_value(change)
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

    def provision(self, provision: Provision, facts: Iterator[str] | None = None) -> None:
        """Print one provision the way a lawyer reads it."""
        words = self._words
        self._line(f"{words.text(provision.title)}", 0, "bold")
        kind = words(f"provision_kind.{provision.kind.value}")
        gates = ", ".join(words(f"gate.{gate.value}") for gate in sorted(provision.gates))
        self._line(f"{provision.id} · {kind} · {gates}", 2)
        self._line(f"{words('answer.in_force')}: {words.in_force(provision.in_force)}", 2)
        self._line(self.cited(provision.citation), 2)
        for more in provision.citation.also:
            self._line(more, 4, "dim")
        self._line(f"{words('answer.checked')}: {words.day(provision.citation.checked)}", 2)
        if provision.reading:
            self._line(f"{words('answer.reading')}: {words.text(provision.reading)}", 2)
        if provision.citation.note:
            self._line(words.text(provision.citation.note), 2)
        if isinstance(provision, Requirement):
            self._line(f"{words('answer.route')}: {', '.join(provision.routes)}", 2)
            for ask in provision.check.asks():
                value = ask_value(ask).get("value")
                wanted = (
                    words.field(str(value)) if isinstance(ask.value, str) else words.value(ask.field, value, self._book)
                )
                self._line(f"{words.field(ask.field)}: {words(f'relation.{ask.relation.value}', value=wanted)}", 2)
        if isinstance(provision, Route) and provision.how:
            self._line(f"{words('answer.how')}: {words.text(provision.how)}", 2)
        if isinstance(provision, OpenQuestion):
            self._line(f"{words(f'bearing.{provision.effect.value}')}: {', '.join(provision.bears_on)}", 2)
            if provision.would_change:
                self._line(f"{words('answer.would_change')}: {words.text(provision.would_change)}", 2)
        if facts:
            self._line(", ".join(facts), 2, "dim")

    def _line(self, text: str, indent: int, style: str = "") -> None:
        self._print(Text(text, style=style), indent)

    def _print(self, text: Text, indent: int) -> None:
        self._out.print(Padding(text, (0, 0, 0, indent)))
