"""How Russia has written names in passports over time."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows
from polisbridge.core.names.tables.icao import RUSSIAN

TABLES = (
    TransliterationTable(
        "ru_gost_2010",
        "GOST R 52535.1-2006; passports of Russia 2010-2014",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "order of the migration service of 2010-02-03 No. 26 as reported, https://express-kirov.ru/advice/"
        "transliteratsiya-kirillitsyi-dlya-russko/, and github.com/nalgeon/iuliia gost_52535.json",
        RUSSIAN | rows("ц=tc ъ="),
    ),
    TransliterationTable(
        "ru_mvd_1997",
        "Order of the Ministry of the Interior of 1997-05-26 No. 310; passports of Russia until 2010",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "as reported, github.com/nalgeon/iuliia mvd_310.json",
        RUSSIAN | rows("й=y ъ= ю=yu я=ya ье=ye ъе=ye ий$=iy|y ый$=yy|y"),
    ),
    TransliterationTable(
        "ru_french",
        "French spelling; passports of the USSR, and of Russia until 1997 or on request",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "as reported, github.com/nalgeon/iuliia mvd_310_fr.json",
        RUSSIAN
        | rows("ж=j у=ou ц=ts ч=tch ш=ch щ=chtch ъ= ю=iou ье=ie ге=gue|ge ги=gui|gi гы=guy|gy кс=x|ks ин$=ine|in"),
        plain=False,
    ),
)
