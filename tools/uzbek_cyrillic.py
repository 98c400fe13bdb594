"""Uzbek from the Latin alphabet of 1995 into the Cyrillic one, for the catalogue uz_Cyrl.

Letter by letter, those of several signs (sh, ch, yo, yu, ya, ye) first, as the alphabets of the law of 1993 and 1995
stand side by side; e is э at the beginning of a word and after a vowel, е elsewhere. What letters cannot tell is in
`EXCEPTIONS`: words from Russian keep ц, ь, ъ and their own vowels. Places to fill in, commands, addresses and words in
the list `NAMES` (codes such as QR or PDF) stay as they are. A catalogue made this way has to be read through: a word from
Russian that the list lacks comes out by its letters.
"""

import re

# beginnings of Latin words and what stands for them in Cyrillic; the longest that fits is taken, endings go by letter
EXCEPTIONS = {
    "yanvar": "январь", "fevral": "февраль", "aprel": "апрель", "iyun": "июнь", "iyul": "июль", "sentabr": "сентябрь",
    "oktabr": "октябрь", "noyabr": "ноябрь", "dekabr": "декабрь",
    "obyekt": "объект", "subyekt": "субъект", "parol": "пароль", "portfel": "портфель", "model": "модель",
    "modul": "модуль", "rol": "роль", "kompyuter": "компьютер", "feldsher": "фельдшер", "kalkulyator": "калькулятор",
    "litsenz": "лиценз", "medits": "медиц", "tsenz": "ценз", "tsifr": "цифр", "tsentr": "центр", "vaksin": "вакцин",
    "deklaratsi": "деклараци", "sertifikatsiya": "сертификация", "repatriatsi": "репатриаци", "reabilitatsi": "реабилитаци",
    "registratsi": "регистраци", "transliteratsi": "транслитераци", "patsiyent": "пациент", "federatsi": "федераци",
    "organizatsi": "организаци", "kvitansi": "квитанци", "aksiya": "акция", "evakuatsi": "эвакуаци",
    "konvensi": "конвенци", "statsionar": "стационар", "gospitalizatsi": "госпитализаци", "aeroport": "аэропорт",
    "ssenariy": "сценарий", "operatsi": "операци", "funksi": "функци", "informatsi": "информаци",
    "konsultatsi": "консультаци", "sanksi": "санкци", "pozitsi": "позици", "opsiya": "опция", "assotsiatsi": "ассоциаци",
    "kompensatsi": "компенсаци", "protsent": "процент", "protsedura": "процедура", "stansi": "станци",
    "sinxron": "синхрон", "byudjet": "бюджет", "avtorizatsi": "авторизаци", "identifikatsi": "идентификаци",
    "delegatsi": "делегаци", "infeksi": "инфекци", "beleksim": "белэксим", "migratsi": "миграци",
    "emigratsi": "эмиграци", "immigratsi": "иммиграци", "deportatsi": "депортаци",
    "vaksinatsi": "вакцинаци", "dispanserizatsi": "диспансеризаци", "sentyabr": "сентябрь", "oktyabr": "октябрь",
}  # fmt: skip
_PAIRS = {
    "yoʻ": "йў", "sh": "ш", "ch": "ч", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е", "oʻ": "ў", "gʻ": "ғ",
}  # fmt: skip
_LETTERS = dict(zip("abdefghijklmnopqrstuvxyzʼ", "абдефгҳижклмнопқрстувхйзъ", strict=True))
_VOWELS = "aeiouoʻ"
_KEPT = re.compile(
    r"\{\w*\}|`[^`]*`|https?://\S*|--[\w-]+|polisbridge \w+ \w+|\blaw/|(?<!\w)\.[a-z]{2,7}\b|\b[\w.-]+\.(?:ya?ml|json|csv|txt|pdf|html|parquet)\b"
)
_WORD = re.compile(r"[A-Za-zʻʼ]+")
# what stays in Latin letters, also with an Uzbek ending
NAMES = frozenset({
    "Polisbridge", "polisbridge", "CertLogic", "Ctrl", "C", "cookie", "Google", "Authenticator", "Aegis", "Excel",
    "PostgreSQL", "OpenID", "Connect", "Bearer", "FHIR", "API", "QR", "PDF", "SQL", "YAML", "JSON", "PNG", "JPEG",
    "CSV", "XLSX", "ZIP", "MB", "kB", "KB", "PB", "FAS", "FR", "TR", "UZ", "RU", "KZ", "STATE", "OCCASION", "ROW",
    "URL", "ID", "ISO", "SHA", "COVID", "PUBLIC", "KEY", "worker", "spouse", "child", "newborn", "parent", "other",
    "RUSTAMOV", "BAHROM", "Emirates", "NHIS", "UID", "If", "Match", "NDJSON", "Parquet",
})  # fmt: skip


def to_cyrillic(text: str) -> str:
    """Return a text of the Latin alphabet in the Cyrillic one."""
    kept = _KEPT.finditer(text)
    result, at = [], 0
    for one in kept:
        result += [_WORD.sub(_word, text[at : one.start()]), one[0]]
        at = one.end()
    return "".join([*result, _WORD.sub(_word, text[at:])])


def _word(found: re.Match[str]) -> str:
    word = found[0]
    around = found.string[max(0, found.start() - 1) : found.start()] + found.string[found.end() :][:1]
    if word in NAMES or any(one.isdigit() or one in "_@/" for one in around):
        return word
    if named := re.fullmatch(r"([A-Z]{2,})([a-zʻʼ]+)", word):
        return (f"{named[1]}-" if named[1] in NAMES else _said(named[1].lower()).upper()) + _by_letter(named[2], "b")
    said = _said(word.lower())
    if word.isupper() and len(word) > 1:
        return said.upper()
    return said[:1].upper() + said[1:] if word[:1].isupper() else said


def _said(word: str) -> str:
    stem = max((one for one in EXCEPTIONS if word.startswith(one)), key=len, default="")
    begun, ending = EXCEPTIONS.get(stem, ""), word[len(stem) :]
    return (begun.removesuffix("ь") if ending else begun) + _by_letter(ending, stem[-1:])


def _by_letter(word: str, before: str) -> str:
    """Return a word or its ending letter by letter; `before` is the letter that stands before it, if any."""
    result, at = "", 0
    while at < len(word):
        pair = next((one for one in _PAIRS if word.startswith(one, at)), "")
        last = word[at - 1] if at else before
        if pair:
            result += _PAIRS[pair]
        elif word[at] == "e":
            result += "э" if not last or last in _VOWELS else "е"
        else:
            result += _LETTERS.get(word[at], word[at])
        at += len(pair) or 1
    return result
