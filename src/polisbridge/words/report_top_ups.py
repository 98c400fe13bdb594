"""The part of a report on an impact that tells what those who lose would need."""

from collections.abc import Iterable

from polisbridge.services.impact import Need, Shortfall, TopUps, Unit
from polisbridge.services.report import Block, Bullets, Chart, ChartKind, Guide, Row, Series, Table, Tone
from polisbridge.words.citing import joined
from polisbridge.words.report_impact_words import METHOD, MOST_BARS, MOST_ROWS, SaidOfImpact


class TopUpWords(SaidOfImpact):
    """Says the top-ups of one impact in one language."""

    def blocks(self) -> Iterable[Block]:
        """Yield what those who lose would need: by corridor, in all, and requirement by requirement."""
        words = self.words
        if not self.found.top_ups:
            yield Bullets(((self.computed(words("report.impact.nobody_loses")),),))
            return
        whole = next((one for one in self.found.top_ups if not one.corridor), None)
        yield Guide(words("report.guide.top_ups"))
        yield self._by_corridor()
        if whole is not None:
            yield self._shortfalls(whole)
            if whole.needs:
                yield self._needs_chart(whole.needs)
                yield self._needs(whole)

    def _by_corridor(self) -> Table:
        words, names = self.words, ("rows", "complete", "incomplete", "unknown", "hopeless")
        rows = tuple(
            Row(
                self.corridor(one.corridor) if one.corridor else words("report.total"),
                tuple(self.number(getattr(one, name)) for name in names),
            )
            for one in self.found.top_ups[:MOST_ROWS]
        )
        columns = (words("report.impact.by.corridor"), *(words(f"report.impact.top_up.{name}") for name in names))
        return Table(words("report.caption.top_ups"), columns, rows, (5, 3, 3, 3, 3, 3), words(METHOD))

    def _shortfalls(self, whole: TopUps) -> Table:
        words = self.words
        rows = tuple(
            Row(self.lacks(one), (self.number(one.rows), (self.computed(self.amount(one)),)))
            for one in whole.shortfalls
        )
        columns = tuple(words(f"report.impact.shortfall.{name}") for name in ("what", "rows", "total"))
        return Table(words("report.caption.shortfalls"), columns, rows, (6, 2, 4), words(METHOD))

    def lacks(self, one: Shortfall) -> str:
        """Return what contracts lack, in words."""
        words, book = self.words, self.laws[0]
        name = joined(words.field(one.field)) if one.field != "benefit" else ""
        parts = [words.code("benefit", one.benefit, book) if one.benefit else "", name]
        if one.code is not None and one.code != one.benefit:
            parts.append(words.value(one.field, _flag(one.code), book))
        return ": ".join(part for part in parts if part) or words("report.impact.shortfall.benefit")

    def amount(self, one: Shortfall) -> str:
        """Return how much it is in all, in words."""
        words = self.words
        match one.unit:
            case Unit.MONEY:
                return words.amount(one.total, one.currency or "")
            case Unit.DAYS:
                return words("report.impact.days", number=words.number(one.total))
            case Unit.NUMBER:
                return words.number(one.total)
        return words("report.impact.contracts", number=words.number(one.total))

    def _needs_chart(self, needs: tuple[Need, ...]) -> Chart:
        shown = sorted(needs, key=lambda one: (-one.rows, one.requirement))[:MOST_BARS]
        names = tuple(self.provision(one.requirement).text for one in shown)
        series = (Series(self.words("report.impact.column.lost"), tuple(one.rows for one in shown), Tone.NO),)
        alt = "; ".join(f"{name}: {self.words.number(one.rows)}" for name, one in zip(names, shown, strict=True))
        return self.chart("report.chart.needs", ChartKind.STACKED, names, series, alt)

    def _needs(self, whole: TopUps) -> Table:
        words = self.words
        rows = tuple(
            Row(
                str(at),
                (
                    (self.provision(one.requirement),),
                    self.number(one.rows),
                    tuple(self.computed(f"{self.lacks(part)}: {self.amount(part)}") for part in one.shortfalls),
                ),
            )
            for at, one in enumerate(whole.needs[:MOST_ROWS], 1)
        )
        columns = ("#", *(words(f"report.impact.need.{name}") for name in ("requirement", "rows", "lacks")))
        return Table(words("report.caption.needs"), columns, rows, (1, 6, 2, 6), words(METHOD))


def _flag(code: str) -> object:
    """Return a flag for the words "true" and "false", else the code."""
    return {"true": True, "false": False}.get(code, code)
