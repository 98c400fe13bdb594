"""Which insurers the state admits: the list with licences and keys, forms to change it, and a second official's approval."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect, Template

from polisbridge.core.contract import Period
from polisbridge.core.drafting import LIVE, DraftKind
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import Held, RegisteredKey
from polisbridge.core.roles import AccessAction
from polisbridge.core.signing import key_id_of
from polisbridge.services.drafting import drafts
from polisbridge.services.drafting.admissions import (
    LINES,
    AdmissionFile,
    AdmittedInsurer,
    insurers_of,
    open_admission,
    public_key,
)
from polisbridge.web.authority import desk_page, draft_line, drafting_of, official_of, printable
from polisbridge.web.authority_fields import Option
from polisbridge.web.forms import FormReader, Posted, posted
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER
from polisbridge.words import Words

_DO = ("admit", "end_admission", "remove_key")


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in the list: a short name of it, its days, and what a form sends to remove it."""

    name: str
    days: str
    value: str
    over: bool


@dataclass(frozen=True, slots=True)
class InsurerLine:
    """An insurer in the list."""

    thing: int
    name: str
    licences: tuple[tuple[str, str, str], ...]
    keys: tuple[KeyLine, ...]
    admitted: bool


@get("/insurers", sync_to_thread=True, opt={"action": AccessAction.ADMIT_INSURER})
def show(request: PageRequest) -> Template:
    """Show the insurers of the own state, and the forms."""
    return _page(request, {}, {})


def _page(request: PageRequest, values: Mapping[str, str], faults: Mapping[str, list[str]]) -> Template:
    one, drafting, words = official_of(request), drafting_of(request), words_for(request)
    today = one.now.date()
    found = [_line(each, words, today) for each in insurers_of(drafting, one)]
    waiting = [each for each in drafts.drafts_of(drafting, one, DraftKind.ADMISSION) if each.status in LIVE]
    return desk_page(
        request,
        "authority_insurers.html",
        "/insurers",
        status=422 if faults else 200,
        insurers=found,
        options=[Option(str(each.thing), each.name) for each in found],
        lines=[(one, words(f"web.authority.line.{one}")) for one in LINES],
        waiting=[draft_line(each, words) for each in waiting],
        values={"first": today.isoformat(), **values},
        faults=faults,
        state=words.state(one.actor.state),
    )


def _line(one: AdmittedInsurer, words: Words, today: date) -> InsurerLine:
    licences = tuple(
        (each.value.number, ", ".join(_line_word(line, words) for line in each.value.lines), _days(each.valid, words))
        for each in one.licences
    )
    standing = any(each.valid.last is None or each.valid.last >= today for each in one.licences)
    return InsurerLine(one.thing, words.text(one.name), licences, tuple(_keys(one.keys, words, today)), standing)


def _line_word(line: str, words: Words) -> str:
    key = f"web.authority.line.{line}"
    return words(key) if words.has(key) else line


def _keys(keys: Iterable[Held[RegisteredKey]], words: Words, today: date) -> Iterable[KeyLine]:
    for each in keys:
        name = key_id_of(each.value.spki).hex()
        over = each.valid.last is not None and each.valid.last < today
        yield KeyLine(f"{name[:4]} {name[4:8]}", _days(each.valid, words), name, over)


def _days(days: Period, words: Words) -> str:
    first = words("web.authority.from", day=words.day(days.first)) if days.first else ""
    last = words("web.authority.until", day=words.day(days.last)) if days.last else ""
    return " ".join(part for part in (first, last) if part) or words("web.authority.always")


@post("/insurers", opt={"action": AccessAction.ADMIT_INSURER})
async def create(request: PageRequest) -> Template | Redirect:
    """Keep a draft for a second official, or show the form again with everything that is wrong."""
    return await sync_to_thread(_create, request, await posted(request))


def _create(request: PageRequest, given: Posted) -> Template | Redirect:
    one, drafting, words = official_of(request), drafting_of(request), words_for(request)
    drafts.may(drafting, one, AccessAction.ADMIT_INSURER)
    reader = FormReader(printable(given.values), words)
    change = _change(request, reader, given)
    number = 0
    try:
        if change is not None:
            number = open_admission(drafting, one, change)
    except InputFaults as exc:
        for each in exc.faults:
            key = f"web.authority.fault.{each.code.value}"
            reader.fault(
                each.path, key if each.code is not FaultCode.WRONG_ORDER else "web.fault.order", found=each.found
            )
    except PolisbridgeError as exc:
        if exc.code is not ErrorCode.ALREADY_THERE:
            raise
        reader.fault("form", "web.authority.fault.insurer_draft")
    if reader.faults or change is None:
        return _page(request, given.values, reader.faults)
    return Redirect(f"/authority/drafts/{number}", status_code=SEE_OTHER)


def _change(request: PageRequest, reader: FormReader, given: Posted) -> AdmissionFile | None:
    """Return what the form says; None when it says too little to be checked further."""
    do = reader.choice("do", _DO, needed=True)
    first, last = reader.day("first"), reader.day("last")
    if first is None and "first" not in reader.faults:
        reader.fault("first", "web.authority.fault.first")
    insurer = reader.text("insurer")
    upload, key = given.file(["key"]), ""
    if do == "admit" and upload is not None:
        key = public_key(upload.data)
        if not key:
            reader.fault("key", "web.authority.fault.key")
    if do == "remove_key":
        key = _key_of(request, reader.text("remove"))
    if do is None or first is None or (insurer and not insurer.isdecimal()):
        return None
    said: dict[str, Any] = {"do": do, "first": first, "insurer": int(insurer or 0), "key": key}
    if do == "admit":
        lines = [line for line in LINES if reader.values.get(f"line-{line}")]
        said |= {"name": reader.text("name"), "number": reader.text("number"), "lines": lines, "last": last}
    return AdmissionFile(**said) if do == "admit" or insurer else None


def _key_of(request: PageRequest, name: str) -> str:
    """Return the key of that name on record, as it is kept with a draft; empty when there is none."""
    for one in insurers_of(drafting_of(request), official_of(request)):
        for key in one.keys:
            if key_id_of(key.value.spki).hex() == name:
                return base64.b64encode(key.value.spki).decode()
    return ""
