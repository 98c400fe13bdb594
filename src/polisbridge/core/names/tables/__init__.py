"""All transliteration tables. Where one says `unconfirmed`, nobody has read a source for it."""

from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable
from polisbridge.core.names.tables import armenian, belarusian, icao, kazakh, kyrgyz, practice, russian, tajik, uzbek

TABLES: tuple[TransliterationTable, ...] = (
    *icao.TABLES,
    *russian.TABLES,
    *belarusian.TABLES,
    *uzbek.TABLES,
    *tajik.TABLES,
    *kyrgyz.TABLES,
    *kazakh.TABLES,
    *armenian.TABLES,
    *practice.TABLES,
)
BY_ID = {one.id: one for one in TABLES}
OF_SCRIPT = {script: tuple(one for one in TABLES if one.script is script) for script in Script}
