"""What the tables of portfolios share: keys and shortfalls in words, in columns that fit a terminal of 80."""

from collections.abc import Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from polisbridge.core.law import LawBook
from polisbridge.services.impact import Dimension, Shortfall, Unit
from polisbridge.words import Words


class Tables:
    """Prints tables of one language and law."""

    def __init__(self, out: Console, words: Words, book: LawBook) -> None:
        self._out, self.words, self._book = out, words, book

    def banner(self, *, synthetic: bool) -> None:
        """Say first of all that the persons are made up, where they are."""
        if synthetic:
            self._out.print(self.words("portfolio.synthetic"), style="bold yellow")

    def line(self, text: str, style: str = "") -> None:
        """Print a line of text, wrapped between words."""
        self._out.print(text, style=style or None, markup=False)

    def table(self, title: str, heads: Iterable[str], rows: Iterable[Iterable[str]], numbers: int) -> None:
        """Print a table whose last columns, so many, hold numbers."""
        heads, rows = list(heads), [list(row) for row in rows]
        drawn = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
        for at, head in enumerate(heads):
            number = at >= len(heads) - numbers
            drawn.add_column(head, justify="right" if number else "left", overflow="fold", no_wrap=number)
        for row in rows:
            drawn.add_row(*row)
        self._out.print(drawn)

    def key(self, dimension: Dimension, key: tuple[str, ...]) -> str:
        """Return the key of a group in words."""
        if dimension is Dimension.CORRIDOR:
            return " → ".join(one or "?" for one in key)
        (code,) = key
        if not code:
            return self.words("portfolio.not_told")
        named = {Dimension.ROLE: f"role.{code}", Dimension.GATE: f"gate.{code}"}.get(dimension, "")
        return self.words(named) if named and self.words.has(named) else code

    def title(self, provision: str) -> str:
        """Return the title of a provision, with its id below, as far as the law has it."""
        found = self._book.get(provision)
        return f"{self.words.text(found.title)}\n{provision}" if found else provision

    def lack(self, one: Shortfall) -> str:
        """Return what is missing, or too much, in words."""
        words = self.words
        if one.unit is Unit.CODE:
            return self._code(one)
        field = words.field(one.field)
        named = f"{words.code('benefit', one.benefit, self._book)}: {field}" if one.benefit else field
        return words(f"lack.{'less' if one.action == 'lower' else 'more'}", field=named)

    def _code(self, one: Shortfall) -> str:
        words, code = self.words, one.code or ""
        if one.field == "benefit":
            return words("lack.benefit", benefit=words.code("benefit", code, self._book))
        value = words(f"value.{'yes' if code == 'true' else 'no'}") if code in ("true", "false") else code
        if value == code:
            value = words.code(one.field, code, self._book)
        return words("lack.drop" if one.action == "drop" else "lack.code", field=words.field(one.field), value=value)

    def total(self, one: Shortfall) -> str:
        """Return what the shortfalls add up to; nothing for codes, which the rows count already."""
        match one.unit:
            case Unit.MONEY:
                return self.words.amount(one.total, one.currency or "")
            case Unit.DAYS:
                return self.words.plural("count.days", one.total) if one.total else ""
            case Unit.NUMBER:
                return self.words.number(one.total)
        return ""
