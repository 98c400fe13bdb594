"""Belarusian names in Latin letters, from their Belarusian form. From the Russian form the Russian tables apply."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows
from polisbridge.core.names.tables.icao import CYRILLIC

TABLES = (
    TransliterationTable(
        "be_icao",
        "ICAO Doc 9303, Belarusian values",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "map icao bel of interscript 2.3.2 with its examples, and http://trworkshop.net/wiki/",
        CYRILLIC | rows("г=h ё=io"),
    ),
    TransliterationTable(
        "be_passport",
        "Instructions of the Ministry of the Interior No. 288 of 2008 and No. 200 of 2010; passports of Belarus",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "beginning of No. 288, http://levonevski.net/pravo/norm2009/num03/d03066.html (its table was not seen); г=h, ь"
        " left out and the examples of No. 200 from interscript 2.3.2; spellings with y are general knowledge",
        CYRILLIC | rows("г=h ё=io|yo ^ё=yo|io ю=iu|yu ^ю=yu|iu я=ia|ya ^я=ya|ia ^е=ye|e й=i|y ый$=y|yi"),
    ),
    TransliterationTable(
        "be_geographic",
        "Instruction No. 15 of 2000 as changed in 2007, without its marks; some people ask for it in passports",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "examples of the act in interscript 2.3.2; changed in 2025, https://officelife.media/news/41990",
        CYRILLIC | rows("г=h ж=z х=ch ц=c ч=c ш=s ё=io ^ё=jo е=e|ie ^е=je ю=iu ^ю=ju я=ia ^я=ja й=j"),
        plain=False,
    ),
)
