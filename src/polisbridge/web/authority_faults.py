"""What is wrong with a drafted change, said beside the field of the form that it is about."""

from collections.abc import Collection, Iterable
from datetime import date

from polisbridge.core.errors import Fault, FaultCode
from polisbridge.web.authority_fields import PREFIX
from polisbridge.web.forms import FormReader, shortened

FORM = "form"  # where a fault stands that belongs to no field
_FIELDS = {
    "title.en": "title-en",
    "title.ru": "title-ru",
    "citation.act.en": "act-en",
    "citation.act.ru": "act-ru",
    "citation.provision.en": "point-en",
    "citation.provision.ru": "point-ru",
    "citation.url": "url",
    "citation.evidence": "evidence",
    "citation.checked": "checked",
    "in_force.from": "first",
    "in_force.to": "first",
    "in_force": "first",
    "first": "first",
    "provision": FORM,
    "routes": "routes",
    "reading.en": "reading-en",
    "reading.ru": "reading-ru",
}


def tell(reader: FormReader, faults: Iterable[Fault], fields: Collection[str]) -> None:
    """Note faults of a draft in the form's reader; `fields` are the names of the parameters' fields."""
    for one in faults:
        name = field_of(one.path, fields)
        words = reader.words
        key = f"web.authority.fault.{one.code.value}"
        found = shortened(one.found)
        if one.code is FaultCode.TOO_SOON:
            reader.fault(name, key, day=words.day(date.fromisoformat(one.expected)))
        elif one.code is FaultCode.WRONG_ORDER and one.expected.rpartition(" ")[2][:4].isdigit():
            which = "late" if one.expected.startswith("a day not") else "early"
            day = date.fromisoformat(one.expected.rpartition(" ")[2])
            reader.fault(name, f"web.authority.fault.{which}", day=words.day(day))
        elif words.has(key):
            reader.fault(name, key, found=found)
        else:
            reader.fault(name, "web.authority.fault.other", what=words(f"fault.{one.code.value}"), found=found)


def field_of(path: str, fields: Collection[str]) -> str:
    """Return the field of the form that a path in the law file is about.

    >>> field_of("with.amount", ["with-amount"]), field_of("citation.act.ru", []), field_of("cases", [])
    ('with-amount', 'act-ru', 'form')
    """
    if path == "with" or path.startswith("with."):
        wanted = PREFIX + path.removeprefix("with.").partition("[")[0].partition(".")[0]
        return wanted if wanted in fields else next(iter(fields), FORM)
    return _FIELDS.get(path, FORM)
