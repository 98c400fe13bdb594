"""Whom a draft touches, as a page: who loses, who gains, by where they come from, product, insurer and role."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.response import Template

from polisbridge.core.codes import Verdict
from polisbridge.core.errors import InputFaults
from polisbridge.core.roles import AccessAction
from polisbridge.services.drafting import drafts
from polisbridge.services.drafting.effect import Effect, effect_on_made_up, effect_on_record
from polisbridge.services.impact import Dimension, Group
from polisbridge.services.statistics import LEAST, CountTable, count_table
from polisbridge.web.authority import authority_of, desk_page, drafting_of, official_of
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.view import node_of
from polisbridge.words import Words
from polisbridge.words.report_top_ups import TopUpWords

_DIMENSIONS = (Dimension.CORRIDOR, Dimension.PRODUCT, Dimension.INSURER, Dimension.ROLE)
_MOST = 12  # groups in a table
_WIDTH = 100  # of a bar


@dataclass(frozen=True, slots=True)
class Line:
    """A group in a table: numbers as they are told, and the widths of its two bars in a hundred."""

    name: str
    rows: str
    lost: str
    gained: str
    lost_bar: int
    gained_bar: int


@dataclass(frozen=True, slots=True)
class GroupTable:
    """All groups of one kind that change, those that change most first."""

    title: str
    lines: tuple[Line, ...]
    more: int


@get("/drafts/{number:int}/effect", sync_to_thread=True, opt={"action": AccessAction.DRAFT_LAW})
def on_made_up(request: PageRequest, number: FromPath[int]) -> Template:
    """Show what a draft does to made-up persons."""
    return _page(request, number, effect_on_made_up, on_record=False)


@post("/drafts/{number:int}/record", status_code=200, opt={"action": AccessAction.RUN_PORTFOLIO})
async def on_record(request: PageRequest, number: FromPath[int]) -> Template:
    """Show what a draft does to the persons on record of the own state; that their data were read is recorded."""
    return await sync_to_thread(_page, request, number, effect_on_record, on_record=True)


def _page(request: PageRequest, number: int, reckon: Callable[..., Effect], *, on_record: bool) -> Template:
    one, drafting, words = official_of(request), drafting_of(request), words_for(request)
    seen = drafts.draft_of(drafting, one, number)
    try:
        effect: Effect | None = reckon(drafting, authority_of(request).effects, one, seen)
    except InputFaults:
        effect = None
    names = {str(each.id): words.text(each.title) for each in node_of(request).products()} if on_record else {}
    said = _Said(words, effect, names, withheld=on_record) if effect is not None else None
    return desk_page(
        request,
        "authority_effect.html",
        "/drafts",
        status=200 if effect is not None else 422,
        draft=seen,
        title=words.text(seen.title),
        on_record=on_record,
        effect=said,
        least=LEAST,
    )


class _Said:
    """An effect in words. Small numbers of real persons are withheld."""

    def __init__(self, words: Words, effect: Effect, products: Mapping[str, str], *, withheld: bool) -> None:
        self._words, self._found, self._withheld, self._products = words, effect.impact, withheld, products
        self._books = (effect.before, effect.after)

    @property
    def rows(self) -> str:
        """How many persons were decided."""
        return self._number(self._found.decided)

    @property
    def nothing(self) -> bool:
        """Whether nobody is touched, or there is nobody."""
        return self._found.total.changed == 0

    @property
    def empty(self) -> bool:
        """Whether the portfolio has nobody."""
        return self._found.decided == 0

    def headline(self) -> Iterator[tuple[str, str]]:
        """Yield what happens in large: a code for the style, and the sentence."""
        total, words = self._found.total, self._words
        for code, number in (("lost", total.lost), ("gained", _gained(total))):
            if number:
                yield code, words(f"web.authority.effect.{code}", number=self._number(number), rows=self.rows)
        other = total.changed - total.lost - _gained(total)
        if other:
            yield "other", words("web.authority.effect.other", number=self._number(other))

    def verdicts(self) -> Iterator[tuple[str, str, str]]:
        """Yield each verdict with how many have it by the law of today, and by the draft."""
        before = self._told([self._found.total.before(one) for one in Verdict])
        after = self._told([self._found.total.after(one) for one in Verdict])
        for one, was, then in zip(Verdict, before, after, strict=True):
            yield self._words(f"verdict.{one.value}"), was, then

    def tables(self) -> Iterator[GroupTable]:
        """Yield who is touched by where they come from, product, insurer and role."""
        for dimension in _DIMENSIONS:
            groups = [one for one in self._found.groups.get(dimension, ()) if one.changed]
            if groups:
                yield self._table(dimension, groups)

    def top_ups(self) -> Iterator[tuple[str, str, str]]:
        """Yield what those who lose would need: what, how many persons, how much in all."""
        whole = next((one for one in self._found.top_ups if not one.corridor), None)
        teller = TopUpWords(self._found, self._words, self._books)
        for one in whole.shortfalls if whole else ():
            if not self._withheld or one.rows >= LEAST:
                yield teller.lacks(one), self._number(one.rows), teller.amount(one)

    def _table(self, dimension: Dimension, groups: list[Group]) -> GroupTable:
        rows, lost, gained = (self._told([count(one) for one in groups]) for count in (_rows, _lost, _gained))
        most = max(max(_lost(one), _gained(one)) for one in groups) or 1
        lines = tuple(
            Line(
                self._name(dimension, one.key),
                rows[at],
                lost[at],
                gained[at],
                0 if self._hidden(_lost(one)) else _WIDTH * _lost(one) // most,
                0 if self._hidden(_gained(one)) else _WIDTH * _gained(one) // most,
            )
            for at, one in enumerate(groups[:_MOST])
        )
        return GroupTable(self._words(f"web.authority.effect.by.{dimension.value}"), lines, max(0, len(groups) - _MOST))

    def _name(self, dimension: Dimension, key: tuple[str, ...]) -> str:
        words = self._words
        if dimension is Dimension.CORRIDOR:
            return " → ".join(words.state(one) if one else words("report.unknown") for one in key)
        if dimension is Dimension.ROLE and key[0]:
            return words(f"role.{key[0]}")
        return self._products.get(key[0], key[0]) or words("report.unknown")

    def _told(self, counts: list[int]) -> list[str]:
        """Return numbers as they may be told."""
        if not self._withheld:
            return [self._words.number(one) for one in counts]
        table: CountTable = count_table({(str(at),): one for at, one in enumerate(counts)})
        found = {key[0]: number for key, number in table.rows}
        return [
            self._few() if found[str(at)] is None else self._words.number(found[str(at)] or 0)
            for at in range(len(counts))
        ]

    def _number(self, number: int) -> str:
        return self._words("web.authority.fewer", least=LEAST) if self._hidden(number) else self._words.number(number)

    def _hidden(self, number: int) -> bool:
        return self._withheld and 0 < number < LEAST

    def _few(self) -> str:
        return self._words("web.authority.withheld")


def _rows(one: Group) -> int:
    return one.rows


def _lost(one: Group) -> int:
    return one.lost


def _gained(one: Group) -> int:
    return one.newly_recognised + one.newly_free
