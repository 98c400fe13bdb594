"""The impact of a scenario on a portfolio as a report: who gains, who loses, by corridor and group, and what it takes.

Figures are those of `services.impact`; nothing is reckoned anew here but sums over what is shown.
"""

from collections.abc import Iterable
from dataclasses import replace

from polisbridge.core.codes import Verdict
from polisbridge.core.law import LawBook
from polisbridge.services.impact import Dimension, Group, Impact
from polisbridge.services.report import (
    Banner,
    Block,
    Bullets,
    Chart,
    ChartKind,
    Guide,
    Report,
    Row,
    Section,
    Series,
    Statement,
    Table,
    Tone,
)
from polisbridge.words import Words
from polisbridge.words.citing import TONES
from polisbridge.words.report_impact_words import METHOD, MOST_BARS, MOST_ROWS, SaidOfImpact
from polisbridge.words.report_top_ups import TopUpWords

_SHOWN = (Verdict.RECOGNISED, Verdict.NOT_REQUIRED, Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED)


class ImpactWords(SaidOfImpact):
    """Says one impact in one language."""

    def report(self) -> Report:
        """Return the whole report."""
        found, words = self.found, self.words
        sections = (
            Section("brief", words("report.section.brief"), (self.brief(),)),
            Section(
                "scenario", words("report.section.scenario"), (Guide(words("report.guide.scenario")), self._told())
            ),
            Section("verdicts", words("report.section.verdicts"), (self.verdicts_chart(), self._transitions())),
            Section("corridors", words("report.section.by_corridor"), self.corridors()),
            Section("groups", words("report.section.groups"), tuple(self._groups())),
            Section("findings", words("report.section.findings"), (self._findings(),)),
            Section("top-ups", words("report.section.top_ups"), tuple(TopUpWords(found, words, self.laws).blocks())),
        )
        return Report(
            words.text(found.scenario.title),
            words("report.impact.subtitle", day=words.day(found.as_of) if found.as_of else words("report.own_days")),
            words.language,
            found.as_of or max(one.citation.checked for one in self.laws[0].provisions),
            found.law,
            sections,
            (*self.warnings(), words("report.banner.not_advice")),
        )

    def warnings(self) -> tuple[str, ...]:
        """Return what has to stand beside every figure: a scenario, and a synthetic portfolio where it is one."""
        synthetic = (self.words("report.banner.synthetic"),) if self.found.synthetic else ()
        return (self.words("report.banner.scenario"), *synthetic)

    def brief(self) -> Bullets:
        """Return what the scenario does to the portfolio in a few lines."""
        found, total, words = self.found, self.found.total, self.words
        rows = {name: words.number(getattr(found, name)) for name in ("rows", "decided", "rejected", "compared")}
        lines = [words("report.impact.rows", **rows, checked=words.number(found.checked_by_core))]
        for name in ("changed", "newly_recognised", "newly_free", "lost"):
            count: int = getattr(total, name)
            share = words.number(100 * count / total.rows if total.rows else 0, digits=1)
            lines.append(words(f"report.impact.{name}", number=words.number(count), share=share))
        return Bullets(tuple((self.computed(line),) for line in lines))

    def _told(self) -> Bullets:
        told = self.found.scenario
        ends = tuple(one for one in told.ends if one not in told.settled)
        items = [
            replace(one, text=f"{self.words(f'report.impact.{name}')} {one.text}")
            for name, ids in (("begins", told.begins), ("ends", ends), ("settled", told.settled))
            for one in map(self.provision, ids)
        ]
        items += [self.computed(self.words("report.impact.treaty", treaty=self._treaty(one))) for one in told.treaties]
        return Bullets(tuple((one,) for one in items))

    def _treaty(self, name: str) -> str:
        held = self.laws[0].jurisdictions.get(name.partition(":")[0])
        return name if held is None else self.words.text(held.title)

    def verdicts_chart(self) -> Chart:
        """Return the verdicts by the law and by the scenario, as two stacked bars."""
        words, total = self.words, self.found.total
        names = (words("report.variant.today"), words("report.variant.scenario"))
        counts = [(total.before(verdict), total.after(verdict)) for verdict in _SHOWN]
        series = tuple(
            Series(self.citing.verdict(verdict), pair, TONES[verdict])
            for verdict, pair in zip(_SHOWN, counts, strict=True)
        )
        alt = "; ".join(
            f"{name}: " + ", ".join(f"{one.name.lower()} {words.number(one.values[at])}" for one in series)
            for at, name in enumerate(names)
        )
        return self.chart("report.chart.verdicts", ChartKind.STACKED, names, series, alt)

    def _transitions(self) -> Table:
        words, counts = self.words, {(one.before, one.after): one.rows for one in self.found.total.transitions}
        rows = tuple(
            Row(
                self.citing.verdict(before),
                tuple(
                    self.number(counts.get((before, after), 0), Tone.PLAIN if before is after else TONES[after])
                    for after in _SHOWN
                ),
            )
            for before in _SHOWN
        )
        columns = (words("report.impact.before_after"), *(self.citing.verdict(after) for after in _SHOWN))
        return Table(words("report.caption.transitions"), columns, rows, (4, 3, 3, 3, 3), words(METHOD))

    def corridors(self) -> tuple[Block, ...]:
        """Return the corridors with their way back: who gains and who loses, as a chart and a table."""
        words, pairs = self.words, self.found.pairs()
        changed = [one for pair in pairs for one in pair if one is not None and any(pair_changed(pair))]
        blocks: list[Block] = [Guide(words("report.guide.pairs"))]
        if changed:
            blocks.append(self._gains(changed[: 2 * MOST_BARS]))
        told = tuple(one for pair in pairs for one in pair if one is not None)
        blocks.append(self._group_table(Dimension.CORRIDOR, told))
        return tuple(blocks)

    def _gains(self, groups: list[Group]) -> Chart:
        words, names = self.words, tuple(self.corridor(one.key) for one in groups)
        series = (
            Series(
                words("report.impact.column.newly_recognised"), tuple(one.newly_recognised for one in groups), Tone.YES
            ),
            Series(words("report.impact.column.newly_free"), tuple(one.newly_free for one in groups), Tone.FREE),
            Series(words("report.impact.column.lost"), tuple(-one.lost for one in groups), Tone.NO),
        )
        alt = "; ".join(
            f"{name}: " + ", ".join(f"{one.name.lower()} {words.number(abs(one.values[at]))}" for one in series)
            for at, name in enumerate(names)
        )
        return self.chart("report.chart.corridors", ChartKind.DIVERGING, names, series, alt)

    def _groups(self) -> Iterable[Table]:
        for dimension, groups in self.found.groups.items():
            if dimension is not Dimension.CORRIDOR:
                yield self._group_table(dimension, groups[:MOST_ROWS], len(groups) - MOST_ROWS)

    def _group_table(self, dimension: Dimension, groups: tuple[Group, ...], left_out: int = 0) -> Table:
        words = self.words
        rows = [Row(self._name(dimension, one.key), self._figures(one)) for one in groups]
        names = ("rows", "before", "after", "newly_recognised", "newly_free", "lost")
        columns = (
            words(f"report.impact.by.{dimension.value}"),
            *(words(f"report.impact.column.{name}") for name in names),
        )
        caption = words(f"report.caption.by.{dimension.value}")
        if left_out > 0:
            caption = f"{caption} ({words('report.left_out', number=words.number(left_out))})"
        return Table(caption, columns, tuple(rows), (6, 2, 3, 3, 3, 3, 3), words(METHOD))

    def _figures(self, one: Group) -> tuple[tuple[Statement, ...], ...]:
        if not one.rows:
            return ((self.computed(self.words("report.impact.no_rows")),), (), (), (), (), ())
        return (
            self.number(one.rows),
            self.number(one.before(Verdict.RECOGNISED)),
            self.number(one.after(Verdict.RECOGNISED)),
            self.number(one.newly_recognised, Tone.YES),
            self.number(one.newly_free, Tone.FREE),
            self.number(one.lost, Tone.NO),
        )

    def _name(self, dimension: Dimension, key: tuple[str, ...]) -> str:
        if dimension is Dimension.CORRIDOR:
            return self.corridor(key)
        told = key[0] if key else ""
        if not told:
            return self.words("report.unknown")
        return self.words(f"{dimension.value}.{told}") if dimension in (Dimension.ROLE, Dimension.GATE) else told

    def _findings(self) -> Table:
        words, found = self.words, self.found.findings
        rows = tuple(
            Row(
                str(at),
                (
                    tuple(self.provision(name) for name in dict.fromkeys((one.before_id, one.after_id)) if name),
                    (self.computed(self._outcomes(one.before, one.after)),),
                    self.number(one.rows),
                ),
            )
            for at, one in enumerate(found[:MOST_ROWS], 1)
        )
        columns = ("#", *(words(f"report.impact.finding.{name}") for name in ("provision", "change", "rows")))
        return Table(words("report.caption.findings"), columns, rows, (1, 8, 5, 2), words(METHOD))

    def _outcomes(self, *outcomes: object) -> str:
        words = self.words
        said = [words("report.impact.not_there") if one is None else words(f"outcome.{one}") for one in outcomes]
        return " → ".join(said)


def pair_changed(pair: tuple[Group, Group | None]) -> tuple[bool, ...]:
    """Say for both directions whether anybody gains or loses there."""
    return tuple(bool(one.newly_recognised or one.newly_free or one.lost) for one in pair if one is not None)


def impact_report(found: Impact, words: Words, law: LawBook, supposed: LawBook | None = None) -> Report:
    """Return the impact as a report. Provisions that the scenario adds are named where `supposed` is at hand."""
    return ImpactWords(found, words, (law,) if supposed is None else (law, supposed)).report()


def impact_section(found: Impact, words: Words, law: LawBook, at: str) -> Section:
    """Return the impact as one section of a larger report, under its warnings; `at` begins its address."""
    said = ImpactWords(found, words, (law,))
    banners: tuple[Block, ...] = tuple(Banner(one) for one in said.warnings())
    blocks = (*banners, said.brief(), said.verdicts_chart(), *said.corridors())
    return Section(at, words.text(found.scenario.title), blocks)
