"""ICAO Doc 9303, part 3, section 6: the recommended transliteration of Cyrillic and of national Latin letters."""

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script
from polisbridge.core.names.table import TransliterationTable, rows

RUSSIAN = rows(
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh"
    " щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia"
)
CYRILLIC = RUSSIAN | rows("і=i ґ=g ў=u є=ie ї=i ѵ=y ѫ=u")

TABLES = (
    TransliterationTable(
        "icao_9303",
        "ICAO Doc 9303; passports of Russia since 2014",
        Script.CYRILLIC,
        Evidence.SECONDARY,
        "extract in a Russian order, https://docs.cntd.ru/document/420215211/titles/7E20KC; rows of other alphabets:"
        " http://trworkshop.net/wiki/ (transliteration by ICAO). The document itself was not read",
        CYRILLIC,
    ),
    TransliterationTable(
        "icao_9303_latin",
        "ICAO Doc 9303; national Latin letters",
        Script.LATIN,
        Evidence.SECONDARY,
        "rows quoted in public source code that cites 9303_p3_cons_en.pdf; Kazakh and Uzbek letters by their base letter"
        " are general knowledge",
        rows(
            "ä=ae|a ö=oe|o ü=ue|u å=aa|a æ=ae ø=oe œ=oe ß=ss þ=th ð=d đ=d ł=l ŋ=n ı=i ə=e|a ɵ=o ñ=n ç=c ğ=g ş=s"
            " č=c š=s ž=z ū=u ō=o õ=o"
        ),
        plain=False,
    ),
)
