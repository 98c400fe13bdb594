"""The routes of the authority's desk."""

from typing import Any

from litestar import Router

from polisbridge.services.drafting.desk import AuthorityDesk
from polisbridge.web import authority, authority_draft, authority_effect, authority_insurers, authority_statistics


def authority_pages(limit: Any, desk: AuthorityDesk | None) -> list[Router]:
    """Return the routes of these pages; none where nothing is drafted. Every handler names its action in `opt`."""
    if desk is None:
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
        authority_effect.on_made_up,
        authority_effect.on_record,
        authority_insurers.show,
        authority_insurers.create,
        authority_statistics.show,
        authority_statistics.download,
    ]
    return [Router("/authority", route_handlers=handlers, middleware=[limit])]
