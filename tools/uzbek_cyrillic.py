"""Uzbek from the Latin alphabet of 1995 into the Cyrillic one, for the catalogue uz_Cyrl.

Letter by letter, the two-letter ones (sh, ch, yo, yu, ya, ye, ng) first, as the alphabets of the law of 1993 and 1995
stand side by side; e is э at the beginning of a word and after a vowel, е elsewhere. What letters cannot tell is in
`EXCEPTIONS`: words from Russian keep ц, ь, ъ and their own vowels. Places to fill in, commands, addresses and words in
capitals or with figures (codes such as `QR`, `PDF`) stay as they are. Needed once: the result is a catalogue that people
may correct.
"""

import re

# stems of Latin words and what stands for them in Cyrillic; the longest that fits is taken, endings go by letter
EXCEPTIONS = {
    "yanvar": "январь", "fevral": "февраль", "aprel": "апрель", "iyun": "июнь", "iyul": "июль", "sentabr": "сентябрь",
    "oktabr": "октябрь", "noyabr": "ноябрь", "dekabr": "декабрь",
    "obyekt": "объект", "subyekt": "субъект",
    "medits": "медиц", "tsenz": "ценз", "tsifr": "цифр", "tsentr": "центр", "vaksin": "вакцин", "litsenziya": "лицензия",
    "litsenz": "лиценз", "deklaratsiya": "декларация", "sertifikatsiya": "сертификация", "repatriatsiya": "репатриация",
    "reabilitatsiya": "реабилитация", "registratsiya": "регистрация", "patsiyent": "пациент", "patsient": "пациент",
    "federatsiya": "федерация", "organizatsiya": "организация", "kvitansiya": "квитанция", "aksiya": "акция",
    "evakuatsiya": "эвакуация", "konvensiya": "конвенция", "versiya": "версия", "statsionar": "стационар",
    "gospitalizatsiya": "госпитализация", "ambulator": "амбулатор", "elektron": "электрон", "eksport": "экспорт",
    "ekspert": "эксперт", "test": "тест", "rol": "роль", "parol": "пароль", "kontrakt": "контракт", "modul": "модуль",
    "filial": "филиал", "pensiya": "пенсия", "milliy": "миллий", "million": "миллион", "sentabrda": "сентябрда",
    "aeroport": "аэропорт", "poyezd": "поезд", "poyezdlar": "поездлар", "ssenariy": "сценарий", "ekspress": "экспресс",
    "viza": "виза", "budjet": "бюджет", "byudjet": "бюджет", "noyob": "ноёб", "mayl": "майл", "aniq": "аниқ",
    "operatsiya": "операция", "funksiya": "функция", "informatsiya": "информация", "konsultatsiya": "консультация",
    "sanksiya": "санкция", "ratsion": "рацион", "pozitsiya": "позиция", "optsiya": "опция", "opsiya": "опция",
    "assotsiatsiya": "ассоциация", "sotsial": "социал", "spetsial": "специал", "kompaniya": "компания",
    "kompensatsiya": "компенсация", "protsent": "процент", "protsedura": "процедура", "emitent": "эмитент",
    "kommissiya": "комиссия", "komissiya": "комиссия", "kalkulyator": "калькулятор", "shifr": "шифр", "stansiya": "станция",
    "Yevroosiyo": "Евроосиё", "yevroosiyo": "евроосиё", "yevro": "евро", "Yevropa": "Европа",
    "albatta": "албатта", "ijtimoiy": "ижтимоий", "model": "модель", "feldsher": "фельдшер", "kultura": "культура",
    "asosiy": "асосий", "seriya": "серия", "material": "материал", "kriptografik": "криптографик", "vosita": "восита",
}  # fmt: skip
_PAIRS = {
    "sh": "ш", "ch": "ч", "yo": "ё", "yu": "ю", "ya": "я", "ye": "е", "oʻ": "ў", "gʻ": "ғ", "ts": "ц",
}  # fmt: skip
_LETTERS = dict(zip("abdefghijklmnopqrstuvxyzʼ", "абдефгҳижклмнопқрстувхйзъ", strict=True))
_VOWELS = "aeiouoʻ"
_KEPT = re.compile(r"\{\w*\}|`[^`]*`|https?://\S+|--[\w-]+|\b[\w.-]+\.(?:ya?ml|json|csv|txt|pdf|html|parquet)\b")
_WORD = re.compile(r"[A-Za-zʻʼ]+")
_CODES = re.compile(r"[A-Z]{2,}|I{1,3}")
NAMES = frozenset(
    {"Polisbridge", "Excel", "Google", "FHIR", "OpenID", "PostgreSQL", "Connect", "Bearer", "Authenticator"}
)


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
    if word in NAMES or _CODES.fullmatch(word) or any(one.isdigit() or one in "_@" for one in around):
        return word
    said = _said(word.lower())
    if word.isupper() and len(word) > 1:
        return said.upper()
    return said[:1].upper() + said[1:] if word[:1].isupper() else said


def _said(word: str) -> str:
    stem = max((one for one in EXCEPTIONS if word.startswith(one.lower())), key=len, default="")
    if not stem:
        return _by_letter(word, "")
    ending = word[len(stem) :]
    begun = EXCEPTIONS[stem].lower()
    return (
        begun.removesuffix("ь") + _by_letter(ending, "b")
        if ending[:1] in tuple("aeiou")
        else begun + _by_letter(ending, "b")
    )


def _by_letter(word: str, before: str) -> str:
    """Return a word or its ending letter by letter; `before` is a letter that stands before it."""
    result, at = "", 0
    while at < len(word):
        pair = word[at : at + 2]
        if pair in _PAIRS:
            result += _PAIRS[pair]
            at += 2
        else:
            last = word[at - 1] if at else before
            first = not last or last in _VOWELS
            result += "э" if word[at] == "e" and first else _LETTERS.get(word[at], word[at])
            at += 1
    return result
