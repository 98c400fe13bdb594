"""The page about the API names every address and every code that there is, and none that there is not."""

import re
from pathlib import Path
from typing import cast

from polisbridge.api.description import describe
from polisbridge.api.problems import _OF_HTTP, _STATUS, ProblemCode
from polisbridge.api.site import create_api
from polisbridge.core.errors import ErrorCode
from polisbridge.services.exchange import Exchange

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def test_the_page_names_every_operation() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if re.match(r"\| `(GET|POST|PATCH|DELETE) ", line)]
    told = {
        (method, re.sub(r"\{\w+\}", "{id}", path))
        for row in rows
        for method in re.findall("GET|POST|PATCH|DELETE", row)
        for path in re.findall(r"/v1/[\w/{}.-]+", row)
    }
    paths = describe(create_api(cast("Exchange", None)))["paths"]

    assert told == {(method.upper(), re.sub(r"\{\w+\}", "{id}", path)) for path, one in paths.items() for method in one}


def test_the_page_names_every_code_with_its_status() -> None:
    table = PAGE[PAGE.index("| status |") : PAGE.index("JSON is read by the rules")]
    codes = set(re.findall(r"`([a-z_]+)`", table)) - {"code"}
    known = {code.value for code in ErrorCode} | {code.value for code in ProblemCode}
    answered = {code.value for code in [*_STATUS, *_OF_HTTP.values()]} | {code.value for code in ProblemCode}

    assert codes <= known
    assert answered - codes <= {"unknown_treaty", "status_final"}  # nothing of the API meets these yet
