"""What a verification shows to whom: each role sees as much of the certificate as the matrix says, and no more."""

from dataclasses import replace
from typing import TYPE_CHECKING

from polisbridge.core.roles import AccessAction, Allowed, AnswerPart
from polisbridge.services.access import allowed, shown
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import people_of, signed_in
from polisbridge.words.fields import FieldNumber

if TYPE_CHECKING:
    from polisbridge.web.verify import Verified

_OF_PART = {
    FieldNumber.VALID_UNTIL: AnswerPart.PERIOD,
    FieldNumber.BORN: AnswerPart.BORN,
    FieldNumber.ROLE: AnswerPart.FAMILY_ROLE,
    FieldNumber.PERIOD: AnswerPart.PERIOD,
    FieldNumber.TERRITORY: AnswerPart.TERRITORY,
}


def parts_for(request: PageRequest) -> frozenset[AnswerPart]:
    """Return what of a certificate the one who asks is shown; where nobody can sign in, all of it."""
    if request.app.state.people is None:
        return frozenset(AnswerPart)
    _, actor = signed_in(request)
    return shown(people_of(request).matrix, actor.role)


def may_find(request: PageRequest) -> bool:
    """Say whether the one who asks may verify by number and birth date."""
    if request.app.state.people is None:
        return False
    _, actor = signed_in(request)
    return isinstance(allowed(people_of(request).matrix, actor, AccessAction.FIND_INSURED), Allowed)


def minimised(found: "Verified", parts: frozenset[AnswerPart]) -> "Verified":
    """Return a verification with only these parts; a field of no part is shown to nobody."""
    return replace(
        found,
        number=found.number if AnswerPart.NUMBER in parts else "",
        holder=found.holder if AnswerPart.HOLDER in parts else "",
        insurer=found.insurer if AnswerPart.INSURER in parts else "",
        fields=tuple(one for one in found.fields if _OF_PART.get(one.number) in parts),
        told=found.told if AnswerPart.DECISION in parts else None,
    )
