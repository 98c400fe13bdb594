"""Many contracts from a file: errors in the table, a preview before anything is written, then certificates and cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import RegisteredContract
from polisbridge.core.roles import AccessAction
from polisbridge.formats.groupfile import (
    COLUMNS,
    MOST_ROWS,
    NEEDED,
    RowFault,
    TableRow,
    faulty,
    read_table,
    write_template,
)
from polisbridge.formats.grouptree import read_items
from polisbridge.services.registry.group import Plan, plan
from polisbridge.services.registry.issuing import issuer
from polisbridge.services.registry.overview import Sought, UploadTurn
from polisbridge.services.registry.uploading import put_on_record
from polisbridge.web.forms import Posted, posted
from polisbridge.web.insurer import Clerk, clerk_for, desk_page
from polisbridge.web.insurer_certificates import MOST_CARDS, cards, pdf
from polisbridge.web.insurer_contracts import on_sale
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER
from polisbridge.web.view import node_of

_HERE = "/insurer/upload"
_YEAR = timedelta(days=364)
_SHOWN = 200  # faulty rows on one page; good ones a few
_FEW = 10
_STEP = 500  # contracts that certificates are issued for in one transaction


@get("/upload", sync_to_thread=True, opt={"action": AccessAction.WRITE_CONTRACT})
def form(request: PageRequest) -> Template:
    """Show how the file is made, and the form to send it."""
    return _form(request, clerk_for(request, AccessAction.WRITE_CONTRACT), {})


@get("/upload/template.csv", sync_to_thread=True, opt={"action": AccessAction.WRITE_CONTRACT})
def template(request: PageRequest) -> Response[bytes]:
    """Return the table to fill in, with the insurer's own products."""
    clerk = clerk_for(request, AccessAction.WRITE_CONTRACT)
    today = clerk.now.date()
    data = write_template([one.code for one in clerk.products()], today, today + _YEAR, clerk.state)
    headers = {"Content-Disposition": 'attachment; filename="contracts.csv"', "Cache-Control": "no-store"}
    return Response(data, media_type="text/csv; charset=utf-8", headers=headers)


@post("/upload", status_code=200, opt={"action": AccessAction.WRITE_CONTRACT})
async def send(request: PageRequest) -> Template | Redirect:
    """Keep the file and lead to its preview."""
    return await sync_to_thread(_sent, request, await posted(request))


@get("/upload/{upload:int}", sync_to_thread=True, opt={"action": AccessAction.WRITE_CONTRACT})
def preview(request: PageRequest, upload: FromPath[int]) -> Template:
    """Show what the file would put on record and what is wrong with it; or what it did put on record."""
    clerk = clerk_for(request, AccessAction.WRITE_CONTRACT)
    with clerk.issuing.lists.upload(clerk.insurer, _number(upload)) as turn:
        if turn.row.done is not None:
            return _done(request, clerk, turn, ())
        rows, found = _planned(request, clerk, turn)
        return _preview(request, clerk, turn, rows, found)


@post("/upload/{upload:int}", status_code=200, opt={"action": AccessAction.WRITE_CONTRACT})
async def confirm(request: PageRequest, upload: FromPath[int]) -> Template:
    """Put the good contracts of the file on record."""
    return await sync_to_thread(_confirmed, request, upload, await posted(request))


@post("/upload/{upload:int}/certificates", status_code=200, opt={"action": AccessAction.ISSUE_CERTIFICATE})
async def issue(request: PageRequest, upload: FromPath[int]) -> Redirect:
    """Issue certificates for all contracts of an upload that have none yet."""
    await posted(request)
    return await sync_to_thread(_issued, request, upload)


@get("/upload/{upload:int}/cards.pdf", sync_to_thread=True, opt={"action": AccessAction.READ_CERTIFICATE})
def upload_cards(request: PageRequest, upload: FromPath[int]) -> Response[bytes]:
    """Return a piece of the cards of an upload in one PDF file."""
    clerk = clerk_for(request, AccessAction.READ_CERTIFICATE)
    piece = request.query_params.get("piece", "1")
    number = int(piece) if piece.isascii() and piece.isdecimal() and len(piece) < 6 else 1  # noqa: PLR2004 - of a file
    with clerk.issuing.lists.upload(clerk.insurer, _number(upload)) as turn:
        contracts = turn.row.contracts
    found = clerk.issuing.lists.certificates(
        clerk.insurer,
        clerk.register,
        Sought(clerk.now.date(), contracts=contracts, good=True),
        most=MOST_CARDS,
        skip=(max(number, 1) - 1) * MOST_CARDS,
    )
    if not found:
        raise NotFoundException
    return pdf(cards(clerk, list(found)), f"cards-{upload}-{number}.pdf")


PAGES = (form, template, send, preview, confirm, issue, upload_cards)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the table with its faults: what stands in each column, and what is wrong with it in words."""

    line: int
    cells: tuple[tuple[str, str, tuple[str, ...]], ...]


def _number(upload: int) -> int:
    if not 0 < upload < 1 << 63:
        raise NotFoundException
    return upload


def _form(request: PageRequest, clerk: Clerk, faults: Mapping[str, list[str]]) -> Template:
    words = clerk.words
    columns = [(one, words(f"web.insurer.column.{one}"), one in NEEDED) for one in COLUMNS]
    products = [(one.code, words.text(one.value.title)) for one in clerk.products()]
    uploads = clerk.issuing.lists.uploads(clerk.insurer, _FEW)
    return desk_page(
        request,
        clerk,
        "insurer_upload.html",
        here=_HERE,
        status=422 if faults else 200,
        faults=faults,
        columns=columns,
        products=products,
        most=words.number(MOST_ROWS),
        uploads=[(one.number, one.name, words.moment(one.at), len(one.contracts)) for one in uploads],
    )


def _sent(request: PageRequest, given: Posted) -> Template | Redirect:
    clerk = clerk_for(request, AccessAction.WRITE_CONTRACT)
    upload = given.file(("file",))
    if upload is None:
        return _form(request, clerk, {"file": [clerk.words("web.fault.needed")]})
    try:
        _rows(upload.data, upload.name)
    except InputFaults as exc:
        said = [clerk.words("web.insurer.no_table", detail=f"{one.path}: {one.found}"[:200]) for one in exc.faults[:10]]
        return _form(request, clerk, {"file": said})
    except PolisbridgeError as exc:
        return _form(request, clerk, {"file": [clerk.words("web.insurer.no_table", detail=exc.detail[:200])]})
    lists, account = clerk.issuing.lists, clerk.actor.account or 0
    number = lists.add_upload(clerk.insurer, account, upload.name[:100], upload.data, clerk.now)
    return Redirect(f"{_HERE}/{number}", status_code=SEE_OTHER)


def _rows(data: bytes, name: str) -> list[TableRow]:
    """Return the rows of a table, or of contracts written as YAML or lines of JSON."""
    is_tree = name.lower().endswith((".yaml", ".yml", ".json", ".ndjson", ".jsonl"))
    return read_items(data) if is_tree else read_table(data)


def _planned(request: PageRequest, clerk: Clerk, turn: UploadTurn) -> tuple[list[TableRow], Plan]:
    rows = _rows(turn.data, turn.row.name)
    vocabulary = node_of(request).book.vocabulary
    numbers = sorted({row["contract"] for row in rows if row["contract"]})
    known = {one for one in numbers if turn.registry.find(RegisteredContract, one, clerk.insurer) is not None}
    return rows, plan(rows, clerk.insurer, on_sale(clerk), vocabulary, clerk.now.date(), known)


def _preview(request: PageRequest, clerk: Clerk, turn: UploadTurn, rows: Sequence[TableRow], found: Plan) -> Template:
    bad = faulty(rows, found.faults)
    lines = {line: row for row in rows for line in [row.line]}
    some = [lines[line] for one in found.contracts[:_FEW] for line in one.lines[:3]]
    left_out = len(rows) - found.persons
    return desk_page(
        request,
        clerk,
        "insurer_preview.html",
        here=_HERE,
        status=422 if bad else 200,
        upload=turn.row,
        columns=COLUMNS,
        contracts=len(found.contracts),
        persons=found.persons,
        left_out=left_out,
        bad=[_shown(row, faults, clerk) for row, faults in bad[:_SHOWN]],
        faulty=[one for one in COLUMNS if one in {"contract", "name", *(fault.column for fault in found.faults)}],
        more=max(0, len(bad) - _SHOWN),
        some=[_shown(row, {}, clerk) for row in some],
    )


def _shown(row: TableRow, faults: Mapping[str, Sequence[RowFault]], clerk: Clerk) -> ShownRow:
    words = clerk.words
    cells = tuple(
        (
            column,
            row[column],
            tuple(words(f"web.insurer.problem.{one.problem.value}") for one in faults.get(column, ())),
        )
        for column in COLUMNS
    )
    return ShownRow(row.line, cells)


def _confirmed(request: PageRequest, upload: int, given: Posted) -> Template:
    clerk = clerk_for(request, AccessAction.WRITE_CONTRACT)
    with clerk.issuing.lists.upload(clerk.insurer, _number(upload)) as turn:
        if turn.row.done is not None:
            return _done(request, clerk, turn, ())
        rows, found = _planned(request, clerk, turn)
        if found.faults and not given.values.get("without_faulty"):
            return _preview(request, clerk, turn, rows, found)
        left_out = len({row["contract"] for row in rows}) - len(found.contracts)
        refused = put_on_record(turn, found.contracts, left_out, clerk.note(f"upload {upload}"))
    with clerk.issuing.lists.upload(clerk.insurer, upload) as turn:
        return _done(request, clerk, turn, refused)


def _done(request: PageRequest, clerk: Clerk, turn: UploadTurn, refused: Sequence[RowFault]) -> Template:
    row, lists, today = turn.row, clerk.issuing.lists, clerk.now.date()
    sought = Sought(today, contracts=row.contracts, good=True)
    good = lists.how_many(clerk.insurer, clerk.register, sought) if row.contracts else 0
    pieces = range(1, (good + MOST_CARDS - 1) // MOST_CARDS + 1)
    return desk_page(
        request,
        clerk,
        "insurer_uploaded.html",
        here=_HERE,
        upload=row,
        refused=[(one.line, clerk.words(f"web.insurer.problem.{one.problem.value}")) for one in refused],
        certificates=good,
        without=lists.without_certificate(row.contracts) if row.contracts else 0,
        pieces=list(pieces),
        most=MOST_CARDS,
        first=[(one, _code(turn, clerk, one)) for one in row.contracts[:_FEW]],
        can_issue=clerk.issuing.keys.can_issue(clerk.register),
        fault=request.query_params.get("fault", "")[:1],
    )


def _code(turn: UploadTurn, clerk: Clerk, contract: int) -> str:
    held = list(turn.registry.known(RegisteredContract, on=None, at=clerk.now, thing=contract))
    return held[-1].code if held else str(contract)


def _issued(request: PageRequest, upload: int) -> Redirect:
    """Issue some contracts at a time, each time whole: what was interrupted goes on where it was."""
    clerk = clerk_for(request, AccessAction.ISSUE_CERTIFICATE)
    vocabulary = node_of(request).book.vocabulary
    with clerk.issuing.lists.upload(clerk.insurer, _number(upload)) as turn:
        contracts = turn.row.contracts
    fault = ""
    for start in range(0, len(contracts), _STEP):
        try:
            with (
                clerk.exchange.registries.change() as registry,
                issuer(registry, clerk.issuing.keys, clerk.insurer, clerk.note(f"upload {upload}"), vocabulary) as own,
            ):
                for one in contracts[start : start + _STEP]:
                    own.issue(one)
        except PolisbridgeError as exc:
            if exc.code is ErrorCode.NO_DATABASE:
                raise
            fault = "?fault=1"
    clerk.issuing.published()
    return Redirect(f"{_HERE}/{upload}{fault}", status_code=SEE_OTHER)
