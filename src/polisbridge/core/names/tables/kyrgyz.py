"""Kyrgyz names."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows
from polisbridge.core.names.tables.icao import RUSSIAN

TABLES = (
    TransliterationTable(
        "ky_bgn_1979",
        "BGN/PCGN 1979, without its marks",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "copy of the British table checked in February 2022, https://contohmemo.jagomart.net/item/102500/",
        RUSSIAN | rows("ё=yo ж=j й=y ъ= ю=yu я=ya ң=ng ө=o ү=u"),
    ),
    TransliterationTable(
        "ky_passport",
        "Passports of Kyrgyzstan: zh or dzh for ж, kh for х",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "complaints in the press, https://report.kg/obschestvo/21751 and https://www.super.kg/kabar/news/96635;"
        " other rows are general knowledge",
        RUSSIAN | rows("ж=zh|dzh|j й=i|y ъ= ю=iu|yu я=ia|ya ң=n|ng ө=o ү=u"),
    ),
)
