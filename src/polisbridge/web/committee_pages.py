"""The routes of the Executive Committee's desk."""

from typing import Any

from litestar import Router

from polisbridge.services.committee import CommitteeDesk
from polisbridge.web import (
    committee,
    committee_proposals,
    committee_questions,
    committee_report,
    committee_scenario,
)


def committee_pages(limit: Any, desk: CommitteeDesk | None) -> list[Router]:
    """Return the routes of these pages; none without a desk. Every handler names its action in `opt`."""
    if desk is None:
        return []
    handlers = [
        committee.corridor_map,
        committee.corridor,
        committee_proposals.common,
        committee_proposals.cheapest,
        committee_proposals.cheapest_file,
        committee_scenario.scenario,
        committee_scenario.scenario_file,
        committee_scenario.scenario_large,
        committee_questions.questions,
        committee_report.report,
        committee_report.report_file,
        committee_report.order,
    ]
    return [Router("/committee", route_handlers=handlers, middleware=[limit])]
