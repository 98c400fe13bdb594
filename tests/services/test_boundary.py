"""The records around the boundaries of a condition: tables too have lines just at, below and beyond what is asked."""

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.condition import AtLeast, Field, walk
from polisbridge.core.facts import Facts
from polisbridge.formats.lawfile import read_law
from polisbridge.services.boundary import values_of
from polisbridge.services.mutation_gate import conditions_of

LAW = read_law(read_folder(shipped_law()))


def test_a_table_is_tried_with_lines_that_tell_every_field_its_condition_reads() -> None:
    seen = 0
    for provision in LAW.provisions:
        for _, condition in conditions_of(LAW, provision):
            tables = [one for one, of in walk(condition) if isinstance(one, AtLeast) and of is Facts]
            values = values_of(condition)
            for table in tables:
                lines = [line for choice in values[table.items.name] if isinstance(choice, tuple) for line in choice]
                read = {one.name for one, _ in walk(table.each) if isinstance(one, Field)}
                assert all(any(getattr(line, name) is not None for line in lines) for name in read)
                seen += 1
    assert seen > 5
