"""The routes of the pages about jobs."""

from typing import Any

from litestar import Router

from polisbridge.services.exchange import Exchange
from polisbridge.web import job_new, jobs


def job_pages(limit: Any, exchange: Exchange | None) -> list[Router]:
    """Return the routes; none where no jobs are done. Every handler names its action in `opt`."""
    if exchange is None or exchange.jobs is None:
        return []
    handlers = [jobs.own_jobs, jobs.job, jobs.cancel, jobs.job_file, job_new.new_job, job_new.give_job]
    return [Router("/jobs", route_handlers=handlers, middleware=[limit])]
