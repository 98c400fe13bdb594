"""Write the tables of docs/spec/fhir.md: what is served, and the extensions, from the tables that the program works by.

python tools/fhir_page.py
"""

from pathlib import Path

from polisbridge.api.fhir.site import capabilities
from polisbridge.core.facts import FieldType
from polisbridge.core.vocabulary import group_of
from polisbridge.formats.fhir.facts import Slot, slots
from polisbridge.formats.fhir.systems import definition, own_system

PAGE = Path(__file__).parents[1] / "docs" / "spec" / "fhir.md"
SERVED = ("<!-- served: written by tools/fhir_page.py -->", "<!-- end of served -->")
EXTENSIONS = ("<!-- extensions: written by tools/fhir_page.py -->", "<!-- end of extensions -->")
_PUBLIC = {"@state": "ISO 3166", "@region": "ISO 3166-2", "@language": "BCP 47"}
_MIXED = {"@citizenship": "ISO 3166, or our `citizenship`", "@territory": "ISO 3166, 3166-2, or our `zones`"}


def served() -> str:
    """Return the table of what is served."""
    lines = ["| type | interactions | search parameters |", "|---|---|---|"]
    for one in capabilities():
        does = [f"`{code}`" for code in one.interactions] + [f"operation `${name}`" for name in one.operations]
        params = ", ".join(f"`{name}` {words}" for name, _, words in one.params)
        lines.append(
            f"| {one.kind} | {', '.join(does)} | {params or '–'} |".replace("https://w3id.org/polisbridge/fhir", "…")
        )
    return "\n".join(lines)


def extensions() -> str:
    """Return the table of the extensions."""
    lines = ["| extension | key of the contract file | value | codes |", "|---|---|---|---|"]
    lines += [f"| `{_name(one)}` | {_key(one)} | `{one.value}` | {_codes(one)} |" for one in slots().values()]
    return "\n".join(lines)


def _name(one: Slot) -> str:
    return one.url.removeprefix(definition(""))


def _key(one: Slot) -> str:
    above = {"benefits": "benefits[]", "facts": "insured[].facts"}.get(one.part, one.part)
    return f"`{above}.{one.key}`" if above else f"`{one.key}`"


def _codes(one: Slot) -> str:
    if one.kind not in (FieldType.CODE, FieldType.CODES):
        return "–"
    group = group_of(one.field)
    if group == "@free":
        return "any text"
    return _PUBLIC.get(group) or _MIXED.get(group) or f"`{own_system(group).rpartition('/')[2]}`"


def written(page: str) -> str:
    """Return the page with its tables written anew."""
    for (head, tail), table in ((SERVED, served()), (EXTENSIONS, extensions())):
        before, rest = page.split(head)
        page = f"{before}{head}\n{table}\n{tail}{rest.split(tail)[1]}"
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
