"""Endings and small words of surnames and patronymics, by the languages of the region. General knowledge."""

from polisbridge.core.names.folding import folded


def _folds(text: str) -> tuple[str, ...]:
    return tuple(sorted({form for one in text.split() for form in folded(one)}, key=lambda one: (-len(one), one)))


# words that make the word before them a patronymic: Uzbek, Kazakh, Kyrgyz, Azerbaijani
MARKERS = frozenset(_folds("ogli ugli oghli oglu ogly ugly uli uly ulu uulu qizi kizi kyzy gyzy gizi kizy"))
# Russian and Belarusian, then Kazakh as one word with the father's name
PATRONYMICS = _folds("ovich evich yevich ich avich ovna evna yevna auna euna ichna inichna uly uli kyzy kizi ogly ogli")
SURNAMES = _folds("ov ev in ova eva ina ou eu av au zoda zada zade zod pur pour i yan ian ean yants iants yanc")
# masculine and feminine
PAIRS = tuple(
    (masculine, feminine)
    for pair in ("ov ova", "ev eva", "in ina", "ou ova", "eu eva", "au ava", "oi aia", "i aia", "yn yna")
    for masculine, feminine in [pair.split()]
)
_STEM = 3
# the endings that given names seldom have, with the shortest stem before them: Marian and Damian are given names
_SURE = {end: 4 if end == "ian" else _STEM for end in _folds("ov ev ova eva ou eu zoda zade yan yants ski skaia")}


def stems(form: str) -> frozenset[str]:
    """Return what a coarse form may be made of: itself, or itself without one ending."""
    found = {
        form[: -len(end)] for end in PATRONYMICS + SURNAMES if form.endswith(end) and len(form) - len(end) >= _STEM
    }
    return frozenset(found | {form})


def is_patronymic(form: str) -> bool:
    """Whether a coarse form ends as a patronymic does. Some surnames do too."""
    return any(form.endswith(end) and len(form) - len(end) >= _STEM - 1 for end in PATRONYMICS)


def is_surname(form: str) -> bool:
    """Whether a coarse form ends as only surnames do."""
    return any(form.endswith(end) and len(form) - len(end) >= stem for end, stem in _SURE.items())


def differ_by_gender(one: str, other: str) -> bool:
    """Whether two coarse forms are the masculine and the feminine of one surname."""
    return any(
        first.endswith(man) and second.endswith(woman) and first[: -len(man)] == second[: -len(woman)]
        for man, woman in PAIRS
        for first, second in ((one, other), (other, one))
        if len(first) - len(man) >= _STEM
    )
