"""The pages of those who meet insured persons: officers, hospitals, employers; and of those who watch over that."""

from typing import Any

from litestar import Router

from polisbridge.services.people.ports import People
from polisbridge.web import audit, duplicates, employer, hospital, verify_number


def care_pages(limit: Any, people: People | None) -> list[Router]:
    """Return the routes of these pages; none where nobody can sign in. Every handler names its action in `opt`."""
    if people is None:
        return []
    return [
        Router("/verify/number", route_handlers=[verify_number.form, verify_number.answer], middleware=[limit]),
        Router(
            hospital.PATH,
            route_handlers=[
                hospital.start,
                hospital.by_number,
                hospital.by_certificate,
                hospital.patient,
                hospital.end_visit,
            ],
            middleware=[limit],
        ),
        Router(duplicates.PATH, route_handlers=[duplicates.doubles]),
        Router(audit.PATH, route_handlers=[audit.record]),
        Router(employer.PATH, route_handlers=[employer.staff]),
    ]
