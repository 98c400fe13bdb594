"""Uzbek names: the Cyrillic alphabet, the two Latin ones, and names that went through Russian."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows
from polisbridge.core.names.tables.icao import RUSSIAN

_COMMON = RUSSIAN | rows("ё=yo ж=j й=y ъ= э=e ю=yu я=ya е=e ^е=ye|e х=x ц=ts|s қ=q ҳ=h")

TABLES = (
    TransliterationTable(
        "uz_latin_1995",
        "Uzbek alphabet of 1995; passports of Uzbekistan",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "https://rendszam.guru/romanization/uzbek_cyrillic.html and T. Pedersen's chart,"
        " https://docslib.org/download/5392677/; use in passports: https://vopros.norma.uz/question/6368",
        _COMMON | rows("ў=o ғ=g"),
    ),
    TransliterationTable(
        "uz_latin_1993",
        "Uzbek alphabet of 1993 (ö ğ ç ş), without its marks",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "T. Pedersen's chart, https://docslib.org/download/5392677/",
        _COMMON | rows("ў=o ғ=g ч=c ш=s ц=c нг=n|ng"),
        plain=False,
    ),
    TransliterationTable(
        "uz_russian",
        "Uzbek names as Russian speakers and older passports spell them",
        Script.CYRILLIC,
        Evidence.UNCONFIRMED,
        "general knowledge",
        RUSSIAN | rows("ё=yo ж=j|zh|dj й=y|i ъ= ю=yu|iu я=ya|ia ў=u|o ғ=g|gh қ=k|q ҳ=kh|h х=kh|h ^е=ye|e"),
    ),
    TransliterationTable(
        "uz_from_latin",
        "Uzbek names in Latin letters as other offices copy them",
        Script.LATIN,
        Evidence.UNCONFIRMED,
        "general knowledge; the signs ʻ ʼ ' ` ´ ‘ ’ are taken for one",
        rows("o'=o|u g'=g|gh q=q|k x=x|kh|h j=j|zh ya=ya|ia yu=yu|iu yo=yo|e ş=sh ç=ch ö=o|u ğ=g|gh ñ=ng|n y=y|i"),
    ),
)
