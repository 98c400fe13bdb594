"""Kazakh names: Cyrillic into the Latin alphabets proposed since 2018, and into older systems."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows
from polisbridge.core.names.tables.icao import RUSSIAN

_NEW = RUSSIAN | rows("ж=j й=i ъ= ы=y і=i қ=q ғ=g ә=a ң=n ө=o ұ=u ү=u х=h һ=h ю=iu я=ia")

TABLES = (
    TransliterationTable(
        "kk_latin_2021",
        "Kazakh alphabet of 2021 (ä ğ ñ ö ū ü ş ı), without its marks",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "sample text with its Cyrillic form, https://wikimili.com/wiki/Kazakh_alphabets; ч is general knowledge",
        _NEW | rows("ш=s ч=ts|ch"),
        plain=False,
    ),
    TransliterationTable(
        "kk_latin_2018",
        "Kazakh alphabet of 2018 (á ǵ ń ó ú ý, sh, ch), without its marks",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "https://cs.m.wikibooks.org/wiki/Kazaština/Přechod_na_latinku",
        _NEW | rows("у=y"),
    ),
    TransliterationTable(
        "kk_bgn_1979",
        "BGN/PCGN 1979, without its marks",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "beginning of CLDR's Kazakh-Latin-BGN and https://github.com/interscript/maps/issues/30",
        RUSSIAN | rows("ё=yo й=y ъ= ю=yu я=ya ә=a ғ=gh қ=q ң=ng ө=o ұ=u ү=u һ=h і=i"),
    ),
    TransliterationTable(
        "kk_practice",
        "Kazakh names as passports show them",
        Script.CYRILLIC,
        Evidence.UNCONFIRMED,
        "general knowledge, but for kh: https://ru.sputnik.kg/20171006/kazahstancu-ne-nravitsya-proiznoshenie-familii-"
        "1035602302.html",
        RUSSIAN
        | rows("ё=yo|e ж=zh|j й=i|y ъ= ю=yu|iu я=ya|ia ә=a|e ғ=g|gh қ=k|q ң=n|ng ө=o ұ=u ү=u һ=h|kh і=i х=kh|h"),
    ),
    TransliterationTable(
        "kk_from_latin",
        "Kazakh names in the Latin alphabet of 2021 as other offices copy them",
        Script.LATIN,
        Evidence.UNCONFIRMED,
        "general knowledge",
        rows("ä=a|e ğ=g|gh q=q|k ñ=n|ng ö=o ū=u ü=u ş=sh|s ı=i|y y=y|i j=zh|j"),
    ),
)
