"""The routes of the authority's desk."""

from typing import Any

from litestar import Router

from polisbridge.services.drafting.ports import Drafting
from polisbridge.web import authority, authority_draft


def authority_pages(limit: Any, drafting: Drafting | None) -> list[Router]:
    """Return the routes of these pages; none where nothing is drafted. Every handler names its action in `opt`."""
    if drafting is None:
        return []
    handlers = [
        authority.own_law,
        authority.all_drafts,
        authority.history,
        authority.bundle,
        authority_draft.new_form,
        authority_draft.edit_form,
        authority_draft.create,
        authority_draft.change,
        authority_draft.show,
        authority_draft.move,
    ]
    return [Router("/authority", route_handlers=handlers, middleware=[limit])]
