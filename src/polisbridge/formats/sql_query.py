"""Many conditions over a portfolio as one SQL query, in layers.

of_<field>   what is asked of a set or benefit table, once per distinct list, joined to rows by number
facts        one row per person and occasion, with the fields that are read and the answers of its lists
shared_n     what several answers share, reckoned once: an engine that writes a layer into the next would reckon it
             again for each use (Spark does so with what it holds for cheap, and keeps what is used more than once)
"""

from collections.abc import Iterator, Mapping, Sequence

from polisbridge.core.condition import (
    ALWAYS,
    NEVER,
    UNKNOWN,
    And,
    AtLeast,
    Condition,
    IsTrue,
    Not,
    Or,
    Overlaps,
    Within,
    fields_read,
)
from polisbridge.core.facts import ITEM_TYPES, Facts, FieldType, field_types
from polisbridge.core.plan import plan
from polisbridge.formats.sql_conditions import SqlConditions, conjunction, disjunction, negation
from polisbridge.formats.sql_dialect import Dialect

ROWS, SETS, BENEFITS = "portfolio_rows", "portfolio_sets", "portfolio_benefits"
_ITEM = {FieldType.LINES: "line", FieldType.PERSONS: "insured"}  # no column of rows has such a name
_KINDS = field_types(Facts)
_LISTS = (FieldType.CODES, FieldType.LINES)


class Query:
    """The answers to named conditions, for every row of a portfolio; `answer` reads one from the table `source`.

    `carried` are columns of the rows that are passed on. `reads` are the fields of Facts that are looked at.
    """

    def __init__(
        self, answers: Mapping[str, Condition], dialect: Dialect, carried: Sequence[str] = ("row",), rows: str = ROWS
    ) -> None:
        self._dialect, self._carried, self._rows = dialect, carried, rows
        self._words = SqlConditions(Facts, dialect)
        self._plan = plan(answers)
        self._of_list: dict[str, list[tuple[str, Condition]]] = {}
        self._with_codes: set[str] = set()
        self._written: dict[int, str] = {}
        for at, part in enumerate(self._plan.parts):
            self._written[at] = self._write(part.condition, part.parts)
        leaves = [part.condition for part in self._plan.parts if not part.parts]
        self.reads = tuple(sorted({name for leaf in leaves for name in fields_read(leaf)}))
        self.source = f"shared_{len(self._levels)}" if self._levels else "facts"

    @property
    def columns(self) -> dict[str, str]:
        """The columns of the rows that the query needs, with their types; of what is carried, `row` alone."""
        return {"row": "BIGINT"} | {name: self._dialect.column_type(_KINDS[name]) for name in self.reads}

    def answer(self, name: str) -> str:
        """Return the truth of a named condition, as a column or from columns of `source`."""
        return self._read(self._plan.answers[name])

    def layers(self, where: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
        """Yield the name and the query of every layer, for rows of which all of `where` holds."""
        for field in self._of_list:
            if _KINDS[field] is not FieldType.PERSONS:
                yield from self._list_layers(field)
        yield "facts", self._facts(where)
        for number, level in enumerate(self._levels):
            columns = [f"{self._written[at]} AS part_{at}" for at in level]
            yield f"shared_{number + 1}", _select(["*", *columns], f"shared_{number}" if number else "facts")

    @property
    def _levels(self) -> list[list[int]]:
        found = [[at for at in level if not self._is_plain(at)] for level in self._plan.levels]
        return [level for level in found if level]

    def _is_plain(self, at: int) -> bool:
        """Return whether a part is a constant, or a column as it stands: a flag, or an answer of a list."""
        condition = self._plan.parts[at].condition
        return (
            condition in (ALWAYS, NEVER, UNKNOWN)
            or isinstance(condition, IsTrue)
            or self._written[at] in {name for asked in self._of_list.values() for name, _ in asked}
        )

    def _read(self, at: int) -> str:
        kept = self._plan.parts[at].kept and not self._is_plain(at)
        return f"part_{at}" if kept else self._written[at]

    def _write(self, condition: Condition, parts: tuple[int, ...]) -> str:
        match condition:
            case Not():
                return negation(self._read(parts[0]))
            case And():
                return conjunction([self._read(part) for part in parts])
            case Or():
                return disjunction([self._read(part) for part in parts])
            case AtLeast(_, items, _):
                return self._of_items(condition, items.name)
            case Overlaps(field, codes, or_fields) if or_fields:
                self._of_list.setdefault(field.name, [])
                self._with_codes.add(field.name)
                return self._words.overlaps(f"of_{field.name}_codes", codes, or_fields)
            case Overlaps(field) | Within(field):
                return self._entered(field.name, condition)
            case _:
                return self._words.leaf(condition)

    def _entered(self, field: str, condition: Condition) -> str:
        asked = self._of_list.setdefault(field, [])
        asked.append((f"of_{field}_{len(asked) + 1}", condition))
        return asked[-1][0]

    def _of_items(self, condition: AtLeast, field: str) -> str:
        name = self._entered(field, condition)
        return self._counted(name, condition.count) if _KINDS[field] is FieldType.PERSONS else name

    def _counted(self, truths: str, count: int) -> str:
        """Return the Kleene truth of "at least so many" from the list of truths of all items."""
        yes, no = (self._dialect.count(truths, of=truth) for truth in (True, False))
        return f"CASE WHEN {yes} >= {count} THEN true WHEN {self._dialect.size(truths)} - {no} < {count} THEN false END"

    def _each(self, condition: AtLeast, held: str) -> str:
        kind = _KINDS[condition.items.name]
        words = SqlConditions(ITEM_TYPES[kind], self._dialect, f"{_ITEM[kind]}.")
        return self._dialect.each(held, _ITEM[kind], words.truth(condition.each))

    def _list_layers(self, field: str) -> Iterator[tuple[str, str]]:
        asked = self._of_list[field]
        if _KINDS[field] is FieldType.LINES:
            each = [f"{self._each(one, 'lines')} AS {name}" for name, one in asked if isinstance(one, AtLeast)]
            yield f"each_of_{field}", _select(["number", *each], BENEFITS)
            counted = [f"{self._counted(name, one.count)} AS {name}" for name, one in asked if isinstance(one, AtLeast)]
            yield f"of_{field}", _select(["number", *counted], f"each_of_{field}")
            return
        columns = [f"{self._on_codes(one)} AS {name}" for name, one in asked]
        codes = [f"codes AS of_{field}_codes"] if field in self._with_codes else []
        yield f"of_{field}", _select(["number", *codes, *columns], SETS)

    def _on_codes(self, condition: Condition) -> str:
        """Return what a condition on a set says of the column `codes`."""
        match condition:
            case Overlaps(_, codes):
                return self._words.overlaps("codes", codes, ())
            case Within(_, codes):
                return self._dialect.all_in("codes", codes) if codes else f"{self._dialect.size('codes')} = 0"
        raise TypeError(f"{type(condition).__name__} is not about a set")

    def _facts(self, where: Sequence[str]) -> str:
        joined = [field for field in self._of_list if _KINDS[field] in _LISTS]
        plain = [name for name in self.reads if _KINDS[name] not in (*_LISTS, FieldType.PERSONS)]
        columns = [f"one.{name}" for name in dict.fromkeys([*self._carried, *plain])]
        for field in joined:
            columns += [f"of_{field}_codes"] if field in self._with_codes else []
            columns += [name for name, _ in self._of_list[field]]
        people = self._of_list.get("persons", [])
        columns += [f"{self._each(one, 'one.persons')} AS {name}" for name, one in people if isinstance(one, AtLeast)]
        joins = [f"LEFT JOIN of_{field} ON of_{field}.number = one.{field}" for field in joined]
        hint = self._dialect.hint([f"of_{field}" for field in joined])
        return _select(columns, f"{self._rows} AS one", [*joins, *_where(where)], hint)


def _where(conditions: Sequence[str]) -> list[str]:
    return [f"{'AND' if number else 'WHERE'} {one}" for number, one in enumerate(conditions)]


def _select(columns: Sequence[str], source: str, rest: Sequence[str] = (), hint: str = "") -> str:
    listed = ",\n           ".join(columns)
    return "\n".join([f"    SELECT{hint} {listed}", f"    FROM {source}", *(f"    {line}" for line in rest)])
