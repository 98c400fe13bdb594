"""What DuckDB and Spark 4 write differently in SQL: names, texts, days, lists and where tables lie.

Both have three-valued logic that is Kleene's, and functions on lists that take a lambda.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from enum import StrEnum

from polisbridge.core.days import day_of
from polisbridge.core.facts import ITEM_TYPES, FieldType, field_types

# What stands for "stated absent" in a column of a portfolio (docs/spec/portfolio.md).
ABSENT_NUMBER, ABSENT_DATE, ABSENT_CODE = -(2**31), "0001-01-01", "absent"


class DialectName(StrEnum):
    """The engines that SQL is printed for."""

    DUCKDB = "duckdb"
    SPARK = "spark"


class Dialect(ABC):
    """How one engine writes what the other writes differently."""

    name: DialectName
    types: Mapping[FieldType, str]
    text_type: str
    array: str  # of so many of a type

    def column_type(self, kind: FieldType) -> str:
        """Return the type of a field of Facts in a row."""
        if kind is FieldType.PERSONS:
            return self.array.format(self.struct(ITEM_TYPES[kind]))
        return self.types[kind]

    @abstractmethod
    def struct(self, record: type) -> str:
        """Return the type of an item, sets inside as lists of codes."""

    def item_field(self, kind: FieldType) -> str:
        """Return the type of a field inside an item."""
        return self.array.format(self.text_type) if kind is FieldType.CODES else self.types[kind]

    @abstractmethod
    def name_of(self, name: str) -> str:
        """Return a name quoted, whatever it holds."""

    @abstractmethod
    def text(self, value: str) -> str:
        """Return a text as a literal, whatever it holds."""

    def day(self, number: int) -> str | None:
        """Return a day number as a literal; None for days that the calendar of both engines does not share."""
        try:
            return f"DATE '{day_of(number).isoformat()}'"
        except OverflowError:
            return None

    @abstractmethod
    def later(self, day: str, days: int) -> str:
        """Return a day so many days later."""

    @abstractmethod
    def day_number(self, day: str) -> str:
        """Return the whole days since 1970-01-01."""

    def codes(self, codes: Collection[str]) -> str:
        """Return codes with commas, sorted."""
        return ", ".join(self.text(code) for code in sorted(codes))

    @abstractmethod
    def any_of(self, held: str, codes: Collection[str]) -> str:
        """Return whether a list holds one of the codes, of which there is at least one."""

    @abstractmethod
    def holds(self, held: str, code: str) -> str:
        """Return whether a list holds a code; null where the code is null."""

    @abstractmethod
    def all_in(self, held: str, codes: Collection[str]) -> str:
        """Return whether every code of a list is one of the codes, of which there is at least one."""

    @abstractmethod
    def size(self, held: str) -> str:
        """Return how long a list is; null of null."""

    @abstractmethod
    def each(self, held: str, item: str, truth: str) -> str:
        """Return the list of what `truth` says of every item."""

    @abstractmethod
    def count(self, truths: str, *, of: bool) -> str:
        """Return how many of a list of truths are true, or false; null of null."""

    @abstractmethod
    def packed(self, codes: Collection[str]) -> str:
        """Return codes of two bits each in one number of 64 bits, the first lowest."""

    @abstractmethod
    def hint(self, tables: Collection[str]) -> str:
        """Return what to say after SELECT so that small tables are joined as such."""

    @abstractmethod
    def rows_view(self, name: str, folder: str, columns: Mapping[str, str]) -> str:
        """Return the statement that makes the rows of a portfolio a view with these columns, null where not there."""

    @abstractmethod
    def table_view(self, name: str, file: str) -> str:
        """Return the statement that makes one Parquet file a view."""


class DuckDB(Dialect):
    """DuckDB 1.3 and later."""

    name = DialectName.DUCKDB
    text_type = "VARCHAR"
    array = "{}[]"
    types = {  # noqa: RUF012 - a table, never changed
        FieldType.WHOLE: "INTEGER",
        FieldType.MINOR: "BIGINT",
        FieldType.DAY: "DATE",
        FieldType.CODE: "VARCHAR",
        FieldType.FLAG: "BOOLEAN",
        FieldType.CODES: "UINTEGER",
        FieldType.LINES: "UINTEGER",
    }

    def struct(self, record: type) -> str:
        """Return the type of an item."""
        parts = [f"{self.name_of(name)} {self.item_field(kind)}" for name, kind in field_types(record).items()]
        return f"STRUCT({', '.join(parts)})"

    def name_of(self, name: str) -> str:
        """Return a name in double quotes."""
        return '"' + name.replace('"', '""') + '"'

    def text(self, value: str) -> str:
        """Return a text in single quotes, quotes inside doubled."""
        return "'" + value.replace("'", "''") + "'"

    def later(self, day: str, days: int) -> str:
        """Return the day plus a number."""
        return f"({day} + {days})"

    def day_number(self, day: str) -> str:
        """Return the difference to the first day."""
        return f"({day} - DATE '1970-01-01')"

    def any_of(self, held: str, codes: Collection[str]) -> str:
        """Return the overlap of two lists."""
        return f"list_has_any({held}, [{self.codes(codes)}])"

    def holds(self, held: str, code: str) -> str:
        """Return whether a code is in a list."""
        return f"list_contains({held}, {code})"

    def all_in(self, held: str, codes: Collection[str]) -> str:
        """Return whether one list has all of the other."""
        return f"list_has_all([{self.codes(codes)}], {held})"

    def size(self, held: str) -> str:
        """Return the length."""
        return f"len({held})"

    def each(self, held: str, item: str, truth: str) -> str:
        """Return the list transformed."""
        return f"list_transform({held}, lambda {item}: {truth})"

    def count(self, truths: str, *, of: bool) -> str:
        """Return the length of what is left."""
        return f"len(list_filter({truths}, lambda truth: {'truth' if of else 'NOT truth'}))"

    def packed(self, codes: Collection[str]) -> str:
        """Return a sum of products: a shift would do, but a product is checked for overflow."""
        return " + ".join(f"CAST({code} AS UBIGINT) * {4**at}" for at, code in enumerate(codes))

    def hint(self, tables: Collection[str]) -> str:  # noqa: ARG002 - it finds out by itself
        """Return nothing."""
        return ""

    def rows_view(self, name: str, folder: str, columns: Mapping[str, str]) -> str:
        """Return a view of all files, united with no rows of all columns."""
        empty = ", ".join(f"CAST(NULL AS {kind}) AS {self.name_of(column)}" for column, kind in columns.items())
        files = self.text(f"{folder}/rows/*.parquet")
        read = f"    SELECT * FROM read_parquet({files})\n    UNION ALL BY NAME SELECT {empty} WHERE false"  # noqa: S608 - quoted
        return f"CREATE OR REPLACE TEMP VIEW {name} AS\n{read}"

    def table_view(self, name: str, file: str) -> str:
        """Return a view of the file."""
        return f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM read_parquet({self.text(file)})"  # noqa: S608 - quoted


class Spark(Dialect):
    """Spark 4 in its default mode (ANSI)."""

    name = DialectName.SPARK
    text_type = "STRING"
    array = "ARRAY<{}>"
    types = {  # noqa: RUF012 - a table, never changed
        FieldType.WHOLE: "INT",
        FieldType.MINOR: "BIGINT",
        FieldType.DAY: "DATE",
        FieldType.CODE: "STRING",
        FieldType.FLAG: "BOOLEAN",
        FieldType.CODES: "BIGINT",  # there are no unsigned numbers
        FieldType.LINES: "BIGINT",
    }

    def struct(self, record: type) -> str:
        """Return the type of an item."""
        parts = [f"{self.name_of(name)}: {self.item_field(kind)}" for name, kind in field_types(record).items()]
        return f"STRUCT<{', '.join(parts)}>"

    def name_of(self, name: str) -> str:
        """Return a name in backquotes."""
        return "`" + name.replace("`", "``") + "`"

    def text(self, value: str) -> str:
        """Return a text in single quotes, quotes and backslashes inside escaped."""
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def later(self, day: str, days: int) -> str:
        """Return the day with a number added."""
        return f"date_add({day}, {days})"

    def day_number(self, day: str) -> str:
        """Return the day as a number."""
        return f"unix_date({day})"

    def any_of(self, held: str, codes: Collection[str]) -> str:
        """Return the overlap of two arrays."""
        return f"arrays_overlap({held}, array({self.codes(codes)}))"

    def holds(self, held: str, code: str) -> str:
        """Return whether a code is in an array."""
        return f"array_contains({held}, {code})"

    def all_in(self, held: str, codes: Collection[str]) -> str:
        """Return whether it is so of all."""
        return f"forall({held}, code -> code IN ({self.codes(codes)}))"

    def size(self, held: str) -> str:
        """Return the length."""
        return f"array_size({held})"

    def each(self, held: str, item: str, truth: str) -> str:
        """Return the array transformed."""
        return f"transform({held}, {item} -> {truth})"

    def count(self, truths: str, *, of: bool) -> str:
        """Return the length of what is left."""
        return f"array_size(filter({truths}, truth -> {'truth' if of else 'NOT truth'}))"

    def packed(self, codes: Collection[str]) -> str:
        """Return shifted numbers together: the highest bit is the sign, so a sum could overflow."""
        return " | ".join(
            f"shiftleft(CAST({code} AS BIGINT), {2 * at})" if at else f"CAST({code} AS BIGINT)"
            for at, code in enumerate(codes)
        )

    def hint(self, tables: Collection[str]) -> str:
        """Return that every machine gets these tables whole."""
        return f" /*+ BROADCAST({', '.join(tables)}) */" if tables else ""

    def rows_view(self, name: str, folder: str, columns: Mapping[str, str]) -> str:
        """Return a view of the folder; what the files do not have is null."""
        kinds = ", ".join(f"{self.name_of(column)} {kind}" for column, kind in columns.items())
        path = self.text(f"{folder}/rows")
        return f"CREATE OR REPLACE TEMPORARY VIEW {name} ({kinds})\n    USING parquet OPTIONS (path {path})"

    def table_view(self, name: str, file: str) -> str:
        """Return a view of the file."""
        return f"CREATE OR REPLACE TEMPORARY VIEW {name} USING parquet OPTIONS (path {self.text(file)})"


DIALECTS: dict[DialectName, Dialect] = {one.name: one for one in (DuckDB(), Spark())}
