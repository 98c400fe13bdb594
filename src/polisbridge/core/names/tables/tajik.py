"""Tajik names."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows
from polisbridge.core.names.tables.icao import RUSSIAN

TABLES = (
    TransliterationTable(
        "tg_bgn_1994",
        "BGN/PCGN 1994, without its marks",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "report of the UN working group on romanization, http://www.eki.ee/wgrs/v2_2/rom2_tg.htm",
        RUSSIAN | rows("ё=yo й=y ъ= ю=yu я=ya ғ=gh ӣ=i қ=q ӯ=u ҳ=h ҷ=j"),
    ),
    TransliterationTable(
        "tg_practice",
        "Tajik names as passports show them",
        Script.CYRILLIC,
        Evidence.UNCONFIRMED,
        "general knowledge; no rule of Tajikistan was found",
        RUSSIAN | rows("ё=yo|e|io й=y|i ъ= ю=yu|iu я=ya|ia ғ=gh|g ӣ=i қ=q|k ӯ=u|o ҳ=h|kh ҷ=j|dzh|dj х=kh|h"),
    ),
)
