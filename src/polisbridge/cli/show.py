"""Decisions and provisions as text for a person to read: the answer first, then reasons, sources, remedy."""

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.law import Citation, LawBook, OpenQuestion, Provision, Requirement, Route
from polisbridge.core.remedy import Change
from polisbridge.words import Words
from polisbridge.words.telling import Teller, Told, ToldFinding, ToldQuestion, ToldRoute

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


class Shower:
    """Prints assessments in one language; sources are numbered and listed once below the answer."""

    def __init__(self, out: Console, words: Words, book: LawBook) -> None:
        self._out, self._words = out, words
        self._teller = Teller(words, book)

    def assessment(self, found: Assessment) -> None:
        """Print one decision: verdict, route, every finding with its source, remedies, open points."""
        told = self._teller.told(found)
        self._line(told.headline, 0, "bold")
        if told.supposed:
            self._line(told.supposed, 2, "bold magenta")
        headline = Text(told.verdict_word.upper(), style=_COLOURS[told.verdict])
        self._print(headline.append(f"  {told.sentence}", style="default not bold"), 2)
        for finding in told.basis:
            self._finding(finding)
        if told.route is not None:
            self._route(told.route)
        self._other_routes(told.other_routes)
        self._foot(told)
        for number, source in enumerate(told.sources, start=1):
            self._line(f"[{number}] {source}", 2, "dim")
        self._out.print()

    def _foot(self, told: Told) -> None:
        words = self._words
        if told.top_up_ends:
            self._line(f"{words('answer.top_up')}:", 2, "bold")
            for change in told.top_up:
                self._line(f"→ {change}", 4)
            self._line(told.top_up_ends, 4)
        if told.needs:
            self._line(f"{words('answer.needs')}: {told.needs}", 2)
        self._questions("answer.questions", told.blocking, "bold", "")
        self._questions("answer.informs", told.informing, "dim", "dim")
        if told.hangs_on:
            self._line(told.hangs_on, 2)
        for rates in told.rates:
            self._line(f"{words('answer.rates')}: {rates}", 2)
        if told.assumed:
            self._line(f"{words('answer.assumed')}: {told.assumed}", 2, "dim")

    def _questions(self, key: str, questions: tuple[ToldQuestion, ...], style: str, each: str) -> None:
        if questions:
            self._line(f"{self._words(key)}:", 2, style)
        for question in questions:
            self._line(f"· {question.title} ({question.provision})", 4, each)

    def _route(self, route: ToldRoute) -> None:
        self._line(f"{self._words('answer.route')}: {route.title} [{route.source}]", 2, "bold")
        if route.how:
            self._line(route.how, 4, "dim")
        if route.ended is not None:
            self._line(f"✗ {route.ended.title}", 4)
            for remedy in route.ended.remedies:
                self._line(f"→ {remedy}", 6)
        for finding in route.findings:
            self._finding(finding)
        if route.no_condition:
            self._line(route.no_condition, 4, "dim")

    def _other_routes(self, routes: tuple[ToldRoute, ...]) -> None:
        if routes:
            self._line(f"{self._words('answer.other_routes')}:", 2, "bold")
        for route in routes:
            self._line(f"· {route.title} ({route.note}) [{route.source}]", 4)
            if route.how:
                self._line(route.how, 6, "dim")

    def _finding(self, finding: ToldFinding) -> None:
        mark, colour = _MARKS[finding.shown]
        title = f"{finding.title} [{finding.source}]"
        self._print(Text(f"{mark} ", style=colour).append(title, style="default"), 4)
        for line in finding.compared:
            self._line(line, 6, "dim")
        if finding.unconfirmed:
            self._line(finding.unconfirmed, 6, "yellow")
        if finding.reading:
            self._line(f"{self._words('answer.reading')}: {finding.reading}", 6, "dim")
        for remedy in finding.remedies:
            self._line(f"→ {remedy}", 6)

    def cited(self, citation: Citation) -> str:
        """Return a citation in one line: act, provision, how well established, where to read it."""
        return str(self._teller.cited(citation))

    def change(self, change: Change) -> str:
        """Return a change in words, such as "sum insured: raise to 10,000.00 EUR"."""
        return self._teller.change(change)

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
            for line in self._teller.asked(provision):
                self._line(line, 2)
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
