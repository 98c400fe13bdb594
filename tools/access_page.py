"""Write docs/access.md: the authorisation matrix as a table, from the data that the program decides by.

python tools/access_page.py
"""

from pathlib import Path

from polisbridge.adapters.access_data import shipped_access
from polisbridge.core.roles import AccessMatrix, AccessRow, AccessScope, ActorRole, AnswerPart
from polisbridge.words import Words

PAGE = Path(__file__).parents[1] / "docs" / "access.md"
HEAD, TAIL = "<!-- matrix: written by tools/access_page.py -->", "<!-- end of matrix -->"


def tables(matrix: AccessMatrix, words: Words) -> str:
    """Return the tables in Markdown: actions with how far for which role and why, then roles."""
    lines = ["| action | who, how far | why |", "|---|---|---|"]
    lines += [
        f"| `{one.action.value}` {words.text(one.title)} | {_who(one, matrix, words)} | {words.text(one.reason)} |"
        for one in matrix.rows.values()
    ]
    lines += ["", "| role | second factor | what a verification shows |", "|---|---|---|"]
    for role, terms in matrix.roles.items():
        must = words("access.required" if terms.second_factor else "access.optional")
        parts = [words(f"access.part.{part.value}") for part in AnswerPart if part in terms.answer]
        answer = ", ".join(parts) or words("access.answer.nothing")
        lines.append(f"| `{role.value}` {words.text(terms.title)} | {must} | {answer} |")
    return "\n".join(lines)


def _who(row: AccessRow, matrix: AccessMatrix, words: Words) -> str:
    if all(row.scope(role) is AccessScope.ANY_STATE for role in ActorRole):
        return words("access.everybody")
    found = [(matrix.roles[role].title, scope) for role, scope in row.scopes.items() if scope is not AccessScope.NONE]
    return "; ".join(f"{words.text(title)}: {words(f'access.scope.{scope.value}')}" for title, scope in found)


def written(page: str) -> str:
    """Return the page with its tables written anew."""
    before, rest = page.split(HEAD)
    after = rest.split(TAIL)[1]
    return f"{before}{HEAD}\n{tables(shipped_access(), Words('en'))}\n{TAIL}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
