"""One draft of law: its form, and its page with what would change, from both sides of four eyes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from polisbridge.core.checks import KINDS
from polisbridge.core.codes import Evidence
from polisbridge.core.drafting import Draft, DraftAct, DraftKind, DraftStatus
from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.law import LawBook, OpenQuestion, Provision, Requirement, Route
from polisbridge.core.roles import AccessAction
from polisbridge.formats.tree import read_tree
from polisbridge.services.drafting import drafts
from polisbridge.services.drafting.admissions import admission_of, publish_admission
from polisbridge.services.drafting.drafts import Official
from polisbridge.services.drafting.lawfiles import DraftedLaw, change_of
from polisbridge.services.drafting.ports import Drafting
from polisbridge.services.law_diff import law_diff
from polisbridge.services.trust.notice import first_day_allowed
from polisbridge.web.authority import desk_page, drafting_of, official_of, printable
from polisbridge.web.authority_diff import file_diffs
from polisbridge.web.authority_faults import FORM, tell
from polisbridge.web.authority_fields import (
    PREFIX,
    Option,
    ParameterField,
    kinds,
    parameter_fields,
    parameters_of,
    values_of,
)
from polisbridge.web.forms import FormReader, Posted, posted, shortened
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER
from polisbridge.web.view import node_of
from polisbridge.words import Words
from polisbridge.words.telling import Teller

_EVIDENCE = (Evidence.PRIMARY, Evidence.SECONDARY, Evidence.UNCONFIRMED)
_ACTS = {"propose": DraftAct.PROPOSED, "return": DraftAct.RETURNED, "withdraw": DraftAct.WITHDRAWN}
_PAIRS = {"title": "title", "reading": "reading", "answer": "answer"}  # texts in both languages of the law
_MOST = 2_000  # characters of a text
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class _About:
    """What a form is about: what is done, to which provision or routes, by which requirement kind."""

    do: str
    provision: Provision | None
    routes: tuple[str, ...]
    check: str


@get("/drafts/new", sync_to_thread=True, opt={"action": AccessAction.DRAFT_LAW})
def new_form(request: PageRequest) -> Template:
    """Show the form of a new draft: filled with what the provision says today."""
    one, asked = official_of(request), request.query_params
    drafts.may(drafting_of(request), one, AccessAction.DRAFT_LAW)
    book = node_of(request).book
    routes = tuple(each for each in asked.getall("route", []) if each)
    about = _about(
        book, one.actor.state, asked.get("do", ""), asked.get("provision", ""), routes, asked.get("check", "")
    )
    if about.do == "add" and (not about.check or not about.routes):
        return _choose(request, book, one.actor.state, about)
    return _form(request, about, _filled(request, about, one.now.date()), {}, draft=None)


@get("/drafts/{number:int}/edit", sync_to_thread=True, opt={"action": AccessAction.DRAFT_LAW})
def edit_form(request: PageRequest, number: FromPath[int]) -> Template:
    """Show the form of a draft that is still open."""
    one = official_of(request)
    seen = drafts.draft_of(drafting_of(request), one, number)
    if seen.status is not DraftStatus.OPEN:
        raise NotFoundException
    about = _about_of(request, one.actor.state, seen.change)
    return _form(request, about, _kept(request, about, seen.change), {}, draft=seen)


@post("/drafts", opt={"action": AccessAction.DRAFT_LAW})
async def create(request: PageRequest) -> Template | Redirect:
    """Keep a new draft, or show the form again with everything that is wrong."""
    return await sync_to_thread(_saved, request, await posted(request), None)


@post("/drafts/{number:int}", opt={"action": AccessAction.DRAFT_LAW})
async def change(request: PageRequest, number: FromPath[int]) -> Template | Redirect:
    """Keep a draft changed, or show the form again with everything that is wrong."""
    return await sync_to_thread(_saved, request, await posted(request), number)


def _saved(request: PageRequest, given: Posted, number: int | None) -> Template | Redirect:
    one, drafting, words = official_of(request), drafting_of(request), words_for(request)
    drafts.may(drafting, one, AccessAction.DRAFT_LAW)
    seen = drafts.draft_of(drafting, one, number) if number is not None else None
    values = printable(given.values)
    routes = tuple(each for each in values.get("routes", "").split(" ") if each)
    book, state = node_of(request).book, one.actor.state
    about = _about(book, state, values.get("do", ""), values.get("provision", ""), routes, values.get("check", ""))
    reader = FormReader(values, words)
    tree = _tree(reader, about, book, one.now.date())
    try:
        drafts.checked(drafting, one, change_of(tree))
    except InputFaults as exc:
        names = [each.name for each in parameter_fields(about.check, book, words)] if about.check else []
        tell(reader, [each for each in exc.faults if each.path not in _stood_in(reader)], names)
    if not reader.faults:
        try:
            return _keep(request, tree, seen, values.get("version", ""))
        except PolisbridgeError as exc:
            if exc.code not in (ErrorCode.ALREADY_THERE, ErrorCode.CHANGED_MEANWHILE):
                raise
            reader.fault(FORM, f"web.authority.fault.{exc.code.value}")
    return _form(request, about, values, reader.faults, draft=seen)


def _keep(request: PageRequest, tree: dict[str, Any], seen: Draft | None, version: str) -> Redirect:
    one, drafting = official_of(request), drafting_of(request)
    if seen is None:
        number = drafts.open_draft(drafting, one, change_of(tree), tree)
    else:
        number = seen.id
        drafts.change_draft(drafting, one, number, int(version) if version.isdecimal() else 0, change_of(tree), tree)
    return Redirect(f"/authority/drafts/{number}", status_code=SEE_OTHER)


def _stood_in(reader: FormReader) -> set[str]:
    """Return paths of the law file where something stands in for a field that the form itself refused."""
    paths = {
        "first": ("first", "in_force.from", "in_force.to"),
        "checked": ("citation.checked",),
        "evidence": ("citation.evidence",),
    }
    asked = {f"with.{name.removeprefix(PREFIX)}" for name in reader.faults if name.startswith(PREFIX)}
    return asked | {path for name in reader.faults for path in paths.get(name, ())}


def _about(book: LawBook, state: str, do: str, provision: str, routes: tuple[str, ...], check: str) -> _About:
    """Return what a form is about. Raises NotFoundException for what is not the state's own or no kind."""
    if do == "add":
        found = [book.get(one) for one in routes]
        own = all(isinstance(one, Route) and book.jurisdictions[one.jurisdiction].state == state for one in found)
        if not own or (check and check not in KINDS):
            raise NotFoundException
        return _About("add", None, routes, check)
    one = book.get(provision)
    if one is None or book.jurisdictions[one.jurisdiction].state != state:
        raise NotFoundException
    usual = "change" if isinstance(one, Requirement) else "answer" if isinstance(one, OpenQuestion) else "end"
    chosen = do or usual
    if chosen != usual and (chosen != "end" or isinstance(one, OpenQuestion)):
        raise NotFoundException
    return _About(chosen, one, (), one.check.name if isinstance(one, Requirement) and chosen == "change" else "")


def _about_of(request: PageRequest, state: str, tree: Mapping[str, Any]) -> _About:
    routes = tuple(tree.get("routes", ()))
    book = node_of(request).book
    return _about(
        book, state, str(tree.get("do", "")), str(tree.get("provision", "")), routes, str(tree.get("check", ""))
    )


def _tree(reader: FormReader, about: _About, book: LawBook, today: date) -> dict[str, Any]:
    """Return the change as it is kept; what the form refuses is stood in for, so that the rest can be judged too."""
    first = reader.day("first")
    if first is None and "first" not in reader.faults:
        reader.fault("first", "web.authority.fault.first")
    tree: dict[str, Any] = {"do": about.do, "first": (first or today + timedelta(days=30)).isoformat()}
    if about.provision is not None:
        tree["provision"] = about.provision.id
    if about.do == "add":
        tree |= {"routes": list(about.routes), "check": about.check}
    if about.check:
        tree["with"] = parameters_of(about.check, reader.values, book, reader.words)
        _refuse_no_numbers(reader, about.check, tree["with"], book)
    if about.do in ("change", "add"):
        tree |= {
            "title": _pair(reader, "title"),
            "citation": _citation(reader, today),
            "reading": _pair(reader, "reading"),
        }
        tree["reading"] = {tag: said for tag, said in tree["reading"].items() if said}
    if about.do == "answer":
        tree["answer"] = _pair(reader, "answer")
        for tag, said in tree["answer"].items():
            if not said:
                reader.fault(f"answer-{tag}", "web.authority.fault.missing_key")
    return tree


def _refuse_no_numbers(reader: FormReader, check: str, parameters: dict[str, Any], book: LawBook) -> None:
    """Note amounts and percentages that are none, and let a number stand in for them."""
    for one in parameter_fields(check, book, reader.words):
        written = parameters.get(one.parameter)
        if one.kind in ("amount", "percent") and written and not _NUMBER.fullmatch(written):
            reader.fault(one.name, "web.authority.fault.wrong_value", found=shortened(reader.text(one.name)))
            parameters[one.parameter] = "1"


def _citation(reader: FormReader, today: date) -> dict[str, Any]:
    evidence = reader.choice("evidence", [one.value for one in _EVIDENCE], needed=True)
    looked = reader.day("checked")
    if looked is not None and looked > today:
        reader.fault("checked", "web.fault.future")
    point = {tag: said for tag, said in _pair(reader, "point").items() if said}
    return {
        "act": _pair(reader, "act"),
        "provision": point,
        "url": reader.text("url")[:_MOST],
        "evidence": evidence or Evidence.UNCONFIRMED.value,
        "checked": (looked or today).isoformat(),
    }


def _pair(reader: FormReader, name: str) -> dict[str, str]:
    return {tag: " ".join(reader.text(f"{name}-{tag}").split())[:_MOST] for tag in ("en", "ru")}


def _filled(request: PageRequest, about: _About, today: date) -> dict[str, str]:
    """Return what the fields of a new form show: what the provision says today."""
    book, words, node = node_of(request).book, words_for(request), node_of(request)
    values = {"checked": today.isoformat()}
    if isinstance(about.provision, Requirement) and about.do == "change":
        one = about.provision
        name = f"{one.id.replace('.', '/')}.yaml"
        tree = read_tree(node.law_files()[name], name).tree
        values |= values_of(about.check, tree.get("with", {}), book, words)
        values |= {f"title-{tag}": one.title.get(tag, "") for tag in ("en", "ru")}
        values |= {f"reading-{tag}": one.reading.get(tag, "") for tag in ("en", "ru")}
    elif about.check:
        values |= values_of(about.check, {}, book, words)
    return values


def _kept(request: PageRequest, about: _About, tree: Mapping[str, Any]) -> dict[str, str]:
    """Return what the fields show of a draft that was kept."""
    values = {"first": str(tree.get("first", ""))}
    for name in _PAIRS:
        values |= {f"{name}-{tag}": str(tree.get(name, {}).get(tag, "")) for tag in ("en", "ru")}
    cited = tree.get("citation", {})
    values |= {f"act-{tag}": str(cited.get("act", {}).get(tag, "")) for tag in ("en", "ru")}
    values |= {f"point-{tag}": str(cited.get("provision", {}).get(tag, "")) for tag in ("en", "ru")}
    values |= {name: str(cited.get(name, "")) for name in ("url", "evidence", "checked")}
    if about.check:
        values |= values_of(about.check, tree.get("with", {}), node_of(request).book, words_for(request))
    return values


def _choose(request: PageRequest, book: LawBook, state: str, about: _About) -> Template:
    """Show the first step of adding a requirement: to which route, and of which kind."""
    words = words_for(request)
    routes = [Option(one.id, words.text(one.title)) for one in book.of_state(state) if isinstance(one, Route)]
    values = {"route": about.routes[0] if about.routes else "", "check": about.check}
    return desk_page(
        request,
        "authority_add.html",
        "",
        routes=routes,
        kinds=kinds(words),
        values=values,
        faults=dict[str, list[str]](),
    )


def _form(
    request: PageRequest,
    about: _About,
    values: Mapping[str, str],
    faults: Mapping[str, list[str]],
    *,
    draft: Draft | None,
) -> Template:
    node, words, book = node_of(request), words_for(request), node_of(request).book
    one = about.provision
    teller = Teller(words, book)
    parameters = parameter_fields(about.check, book, words) if about.check else []
    labels = _labels(about.do, parameters, words)
    order = list(labels)
    faults = dict(sorted(faults.items(), key=lambda each: order.index(each[0]) if each[0] in labels else -1))
    shown = {
        "labels": labels,
        "do": about.do,
        "provision": one.id if one else "",
        "title": words.text(one.title) if one else words(f"kind.{about.check}"),
        "asked": teller.asked(one) if isinstance(one, Requirement) else (),
        "in_force": words.in_force(one.in_force) if one else "",
        "cited": teller.cited(one.citation) if one else None,
        "would_change": words.text(one.would_change) if isinstance(one, OpenQuestion) else "",
        "routes": [(name, words.text(book.get(name).title)) for name in about.routes if book.get(name)],  # type: ignore[union-attr]
        "check": about.check,
        "fields": parameters,
        "evidence": [Option(each.value, words(f"web.authority.evidence.{each.value}")) for each in _EVIDENCE],
        "earliest": words.day(first_day_allowed(node.now())),
        "action": f"/authority/drafts/{draft.id}" if draft else "/authority/drafts",
        "version": draft.version if draft else 0,
    }
    return desk_page(
        request, "authority_form.html", "", status=422 if faults else 200, values=dict(values), faults=faults, **shown
    )


def _labels(do: str, parameters: Sequence[ParameterField], words: Words) -> dict[str, str]:
    """Return what the fields of a form are called, in the order in which they stand."""
    found = {one.name: one.label for one in parameters}
    found |= _both("answer", words) | {"first": words(f"web.authority.field.first.{do}")}
    found |= _both("title", words) | _both("reading", words) | _both("act", words) | _both("point", words)
    return found | {name: words(f"web.authority.field.{name}") for name in ("url", "evidence", "checked")}


def _both(name: str, words: Words) -> dict[str, str]:
    label = words(f"web.authority.field.{name}")
    return {f"{name}-{tag}": f"{label} ({words(f'web.authority.in.{tag}')})" for tag in ("en", "ru")}


@get("/drafts/{number:int}", sync_to_thread=True, opt={"action": AccessAction.DRAFT_LAW})
def show(request: PageRequest, number: FromPath[int]) -> Template:
    """Show a draft: in words, as files beside those of today, its steps, and what can be done with it."""
    return _draft_page(request, number, "")


def _draft_page(request: PageRequest, number: int, said: str, status: int = 200) -> Template:
    one, drafting, words = official_of(request), drafting_of(request), words_for(request)
    seen = drafts.draft_of(drafting, one, number)
    law = seen.kind is DraftKind.LAW
    own = one.account in seen.writers()
    steps = [
        (words(f"web.authority.act.{each.act.value}"), each.who, words.moment(each.at), each.why) for each in seen.steps
    ]
    made, diffs, lines, broken = None, [], [], []
    if law and seen.status in (DraftStatus.OPEN, DraftStatus.PROPOSED):
        try:
            made, _, files = drafts.previewed(drafting, one, seen)
            diffs = file_diffs(files, made.files, made.changed)
            lines = _in_words(made, seen, words)
        except InputFaults as exc:
            reader = FormReader({}, words)
            tell(reader, exc.faults, [])
            broken = [each for found in reader.faults.values() for each in found]
    return desk_page(
        request,
        "authority_draft.html",
        "/drafts" if law else "/insurers",
        status=status,
        draft=seen,
        title=words.text(seen.title),
        what=words(f"web.authority.do.{seen.change.get('do', '')}"),
        first=words.day(date.fromisoformat(str(seen.change.get("first")))),
        said=said,
        status_said=words(f"web.authority.status.{seen.status.value}"),
        steps=steps,
        diffs=diffs,
        lines=lines,
        broken=broken,
        own=own,
        answer=words.text(seen.change.get("answer", {}) or {}),  # type: ignore[arg-type]
        tidy=made is not None or not law,
        law=law,
        admission=[] if law else _admission(seen, words),
    )


def _published(drafting: Drafting, one: Official, number: int, version: int) -> Redirect:
    if drafts.draft_of(drafting, one, number).kind is DraftKind.ADMISSION:
        publish_admission(drafting, one, number, version)
        return Redirect("/authority/insurers", status_code=SEE_OTHER)
    drafts.publish_law(drafting, one, number, version)
    return Redirect("/authority/history", status_code=SEE_OTHER)


def _admission(seen: Draft, words: Words) -> list[tuple[str, str]]:
    """Return what a draft of an admission says, as pairs of name and value."""
    said = admission_of(seen.change)
    days = {"last": said.last} if said.last else {}
    found = [("name", words.text(seen.title)), ("number", said.number)]
    found.append(("lines", ", ".join(words(f"web.authority.line.{one}") for one in said.lines)))
    found += [(name, words.day(day)) for name, day in ({"first": said.first} | days).items()]
    found.append(("key", words("web.authority.field.key.there") if said.key else ""))
    return [(words(f"web.authority.field.{name}"), value) for name, value in found if value]


@dataclass(frozen=True, slots=True)
class WordLine:
    """A provision that begins or ends by the draft, in words."""

    begins: bool
    day: str
    title: str
    asked: tuple[str, ...]
    cited: str
    id: str


def _in_words(made: DraftedLaw, seen: Draft, words: Words) -> list[WordLine]:
    """Return what the draft changes between the day before it bites and that day."""
    first = date.fromisoformat(str(seen.change["first"]))
    teller = Teller(words, made.book)
    return [
        WordLine(
            each.new,
            words.day(each.on),
            words.text(each.provision.title),
            teller.asked(each.provision) if isinstance(each.provision, Requirement) else (),
            teller.cited(each.provision.citation).cited,
            each.provision.id,
        )
        for each in law_diff(made.book, first - timedelta(days=1), first)
        if each.provision.id in (made.old, made.new)
    ]


@post("/drafts/{number:int}/{act:str}", opt={"action": AccessAction.DRAFT_LAW})
async def move(request: PageRequest, number: FromPath[int], act: FromPath[str]) -> Template | Redirect:
    """Propose a draft, send it back, take it back, or approve and publish it."""
    return await sync_to_thread(_moved, request, await posted(request), number, act)


def _moved(request: PageRequest, given: Posted, number: int, act: str) -> Template | Redirect:
    one, drafting, words = official_of(request), drafting_of(request), words_for(request)
    version = int(given.values.get("version", "")) if given.values.get("version", "").isdecimal() else 0
    try:
        if act == "publish":
            return _published(drafting, one, number, version)
        if act not in _ACTS:
            raise NotFoundException
        drafts.move(drafting, one, number, version, _ACTS[act], printable(given.values).get("why", ""))
    except drafts.OwnDraft:
        return _draft_page(request, number, words("web.authority.fault.own"), 422)
    except InputFaults:
        return _draft_page(request, number, words("web.authority.fault.outdated"), 422)
    except PolisbridgeError as exc:
        if exc.code is not ErrorCode.CHANGED_MEANWHILE:
            raise
        return _draft_page(request, number, words("web.authority.fault.changed_meanwhile"), 422)
    return Redirect(f"/authority/drafts/{number}", status_code=SEE_OTHER)
