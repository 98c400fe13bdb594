"""Given names that differ from language to language by more than letters, and Armenian surnames made of them.

General knowledge, `unconfirmed`; not complete. In coarse form they are compared at the beginning of a word, so that
patronymics and surnames made of them are found too.
"""

from polisbridge.core.names.endings import PATRONYMICS
from polisbridge.core.names.folding import folded

_FORMS = """
aleksandr aliaksandr
aleksei aliaksei
andrei
anastasia anastasiia nastassia
dmitrii dzmitry
ekaterina katsiaryna yekaterina
elena alena yelena
evgenii yauheni yevgeny
grigorii ryhor hryhory
igor ihar
konstantin kanstantsin
maksim maxim
mikhail mikhas
nikolai mikalai
oleg aleh
olga volha
pavel pavlo
sergei siarhei
svetlana sviatlana
tatiana tatsiana
viktor viktar
vladimir uladzimir
muhammad mukhammad mahmad magomed muhamed mukhamed
hovhannes ovanes hovanes oganes ogannes
hakob akop hagop
harutiun arutiun
sargis sarkis
gevorg georg gevork
hovsep osep
hrachia grachia
hamlet gamlet
hayk gaik aik
"""
FORMS: tuple[frozenset[str], ...] = tuple(
    frozenset(form for name in line.split() for form in folded(name)) for line in _FORMS.strip().splitlines()
)


def same_name(one: str, other: str) -> bool:
    """Whether two coarse forms begin with forms of one given name and end alike, or both as patronymics."""
    for group in FORMS:
        tails = [{_tail(word[len(form) :]) for form in group if word.startswith(form)} for word in (one, other)]
        if tails[0] & tails[1]:
            return True
    return False


def _tail(end: str) -> str:
    return PATRONYMICS[0] if end in PATRONYMICS else end
