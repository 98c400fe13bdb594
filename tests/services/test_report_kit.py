"""A report cannot hold a fact without a source: the types see to it."""

import pytest
from report_builder import DAY, small, source

from polisbridge.core.codes import Evidence
from polisbridge.services.report import Chart, ChartKind, Row, Series, Source, Statement, Table, notes, statements


def test_a_statement_without_source_or_method_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="without a source or a method"):
        Statement("The sum insured is at least EUR 10,000")


def test_a_source_without_an_address_must_be_unconfirmed() -> None:
    assert Source("xx.act.one", "Act", Evidence.UNCONFIRMED, DAY).urls == ()
    for evidence in (Evidence.PRIMARY, Evidence.SECONDARY):
        with pytest.raises(ValueError, match="an address unless it is unconfirmed"):
            Source("xx.act.one", "Act", evidence, DAY)


def test_a_chart_says_how_it_was_computed_and_speaks_to_who_cannot_see_it() -> None:
    series = (Series("yes", (1,)),)
    for alt, method in (("", "counted"), ("one yes", "")):
        with pytest.raises(ValueError, match="needs a method, a text"):
            Chart("Verdicts", ChartKind.STACKED, "cases", ("A",), series, alt, method)
    with pytest.raises(ValueError, match="one value per category"):
        Chart("Verdicts", ChartKind.STACKED, "cases", ("A", "B"), series, "one yes", "counted")


def test_a_row_has_a_cell_for_every_column() -> None:
    with pytest.raises(ValueError, match="another number of cells"):
        Table("Caption", ("Head", "One"), (Row("row", ()),))


def test_statements_of_all_blocks_are_walked_in_the_order_of_reading() -> None:
    assert len(list(statements(small()))) == 6


def test_a_source_used_twice_is_one_note_numbered_where_it_is_first_read() -> None:
    assert notes(small()) == {source(): 1, "counted by hand": 2, "counted": 3}
