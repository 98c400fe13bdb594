"""Products of an insurer: the list, a new one, a change; with the check by state while the form is filled in."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Held, RegisteredProduct
from polisbridge.core.roles import AccessAction
from polisbridge.services.exchange import Turn
from polisbridge.services.registry.organisations import change, keep
from polisbridge.web import insurer_product_form as form_of
from polisbridge.web.forms import FormReader, Posted, posted
from polisbridge.web.insurer import Clerk, clerk_for, desk_page
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER
from polisbridge.web.view import node_of

_CODE = re.compile(r"[A-Za-z0-9._/-]{1,100}")
_HERE = "/insurer/products"


@get("/products", sync_to_thread=True, opt={"action": AccessAction.WRITE_PRODUCT})
def products(request: PageRequest) -> Template:
    """List the insurer's products on sale."""
    clerk = clerk_for(request, AccessAction.WRITE_PRODUCT)
    rows = [(one.thing, one.code, clerk.words.text(one.value.title)) for one in clerk.products()]
    return desk_page(request, clerk, "insurer_products.html", here=_HERE, rows=rows)


@get("/products/new", sync_to_thread=True, opt={"action": AccessAction.WRITE_PRODUCT})
def new_form(request: PageRequest) -> Template:
    """Show the form of a new product; filled like another one where a link says so."""
    clerk = clerk_for(request, AccessAction.WRITE_PRODUCT)
    like = [one for one in clerk.products() if str(one.thing) == request.query_params.get("like", "")]
    values = form_of.values_of(like[0].value.title, like[0].value.terms) if like else {"kind": "voluntary"}
    return _form(request, clerk, {"home_state": clerk.state, **values, "once": uuid4().hex}, {}, None)


@post("/products/new", status_code=200, opt={"action": AccessAction.WRITE_PRODUCT})
async def new(request: PageRequest) -> Template | Redirect:
    """Check a new product, or put it on sale."""
    return await sync_to_thread(_saved, request, await posted(request), None)


@get("/products/{product:int}", sync_to_thread=True, opt={"action": AccessAction.WRITE_PRODUCT})
def change_form(request: PageRequest, product: FromPath[int]) -> Template:
    """Show the form of a product with what it says now."""
    clerk = clerk_for(request, AccessAction.WRITE_PRODUCT)
    held = _own(clerk, product)
    values = form_of.values_of(held.value.title, held.value.terms)
    return _form(request, clerk, {**values, "seen": str(held.version), "code": held.code}, {}, held)


@post("/products/{product:int}", status_code=200, opt={"action": AccessAction.WRITE_PRODUCT})
async def changed(request: PageRequest, product: FromPath[int]) -> Template | Redirect:
    """Check a changed product, or keep the change."""
    return await sync_to_thread(_saved, request, await posted(request), product)


PAGES = (products, new_form, new, change_form, changed)


def _own(clerk: Clerk, product: int) -> Held[RegisteredProduct]:
    found = [one for one in clerk.products() if one.thing == product]
    if not found:
        raise NotFoundException
    return found[0]


def _saved(request: PageRequest, given: Posted, product: int | None) -> Template | Redirect:
    clerk = clerk_for(request, AccessAction.WRITE_PRODUCT)
    held = None if product is None else _own(clerk, product)
    reader = FormReader(given.values, clerk.words)
    insurer = {"name": clerk.register.partition("/")[2] or clerk.title(), "state": clerk.state}
    found = form_of.read_product(reader, node_of(request).book, {**insurer, "licensed_in": [clerk.state]})
    if held is None and not _CODE.fullmatch(reader.text("code")):
        reader.fault("code", "web.insurer.product.code.wrong")
    if reader.values.get("check") or reader.faults:
        return _form(request, clerk, given.values, reader.faults, held)
    if held is None:
        return _put_on_sale(request, clerk, given, reader, found)
    value = RegisteredProduct(clerk.insurer, found.title, found.terms)
    seen = str(held.version)
    if given.values.get("seen", "") != seen:
        reader.fault("code", "web.insurer.changed_meanwhile")
        return _form(request, clerk, {**given.values, "seen": seen}, reader.faults, held)
    with clerk.exchange.registries.change() as registry:
        change(registry, held, value, Period(clerk.now.date(), None), clerk.note("product changed at the desk"))
    return Redirect(f"{_HERE}/{held.thing}", status_code=SEE_OTHER)


def _put_on_sale(
    request: PageRequest, clerk: Clerk, given: Posted, reader: FormReader, found: form_of.ProductForm
) -> Template | Redirect:
    code = reader.text("code")

    def do(turn: Turn) -> Mapping[str, Any]:
        if turn.registry.find(RegisteredProduct, code, clerk.insurer) is not None:
            raise PolisbridgeError(ErrorCode.ALREADY_THERE, f"product {code}")
        value = RegisteredProduct(clerk.insurer, found.title, found.terms)
        days, note = Period(clerk.now.date(), None), clerk.note("product made at the desk")
        return {"id": keep(turn.registry, code, value, days, note, clerk.insurer)}

    try:
        done = clerk.once(
            given.values.get("once", "") or uuid4().hex, f"product {code} {sorted(given.values.items())}", do
        )
    except PolisbridgeError as exc:
        if exc.code is not ErrorCode.ALREADY_THERE:
            raise
        reader.fault("code", "web.insurer.product.code.taken")
        return _form(request, clerk, given.values, reader.faults, None)
    return Redirect(f"{_HERE}/{done['id']}", status_code=SEE_OTHER)


def _form(
    request: PageRequest,
    clerk: Clerk,
    values: Mapping[str, str],
    faults: Mapping[str, list[str]],
    held: Held[RegisteredProduct] | None,
) -> Template:
    """Show the form with the check of what stands in it, as far as it can be read."""
    node, words = node_of(request), clerk.words
    reader = FormReader(values, words)
    insurer = {"name": clerk.title(), "state": clerk.state, "licensed_in": [clerk.state]}
    contract = form_of.read_product(reader, node.book, insurer).contract
    home = values.get("home_state", clerk.state)
    rows = form_of.pre_check(node.laws, contract, home, clerk.now.date(), words) if contract else None
    return desk_page(
        request,
        clerk,
        "insurer_product.html",
        here=_HERE,
        status=422 if faults else 200,
        values=values,
        faults=faults,
        options=form_of.options(node.book, words),
        rows=rows,
        gates=list(form_of.gates(words)),
        held=held,
        address=f"{_HERE}/{held.thing}" if held else f"{_HERE}/new",
    )
