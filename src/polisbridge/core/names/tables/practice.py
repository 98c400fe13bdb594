"""Spellings that no state prescribes: how desks and people themselves write Cyrillic names."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows
from polisbridge.core.names.tables.icao import CYRILLIC, RUSSIAN

_LETTERS = rows("ә=a ғ=g қ=k ң=n ө=o ұ=u ү=u һ=kh ҳ=kh ҷ=ch ӣ=i ӯ=u")

TABLES = (
    TransliterationTable(
        "flat",
        "National Cyrillic letters as a ticket desk takes them for Russian ones",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "a seller's rules, https://help.anywayanyday.business/article/25717",
        CYRILLIC | _LETTERS,
    ),
    TransliterationTable(
        "practice",
        "Cyrillic names as people spell them",
        Script.CYRILLIC,
        Evidence.UNCONFIRMED,
        "general knowledge",
        RUSSIAN
        | _LETTERS
        | rows("ё=yo|e|io ^е=ye|e й=y|i ий$=y|iy|i ый$=y|yi ю=yu|iu я=ya|ia х=kh|h ъ= ж=zh|j ц=ts|c щ=shch|sch кс=ks|x")
        | rows("ҳ=h ҷ=j і=i ў=u|o"),
    ),
)
