"""What a form says of a change of the law, as typed values, and the text of the law files that it becomes.

Files that stand are changed in one place only, the line of their days, so that a reader sees what changed; a new file is
written whole. What is written is read again by the strict loader (`formats.lawfile`) before anybody relies on it.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

import yaml
from msgspec import Struct

from polisbridge.core.codes import Evidence
from polisbridge.formats.lawfile import CitationFile
from polisbridge.formats.tree import Tree

FLOW = (
    "in_force",
    "gate",
    "route",
    "with",
    "applies_to",
    "accepts",
    "facts",
    "bears_on",
)  # keys that stand on one line
_ORDER = ("id", "kind", "title", "facts", "citation", "in_force", "gate", "applies_to", "route", "check", "with")
_DAYS = re.compile(r"^in_force: \{(?P<inside>[^}]*)\}", re.MULTILINE)
_READING = re.compile(r"^reading:.*\n(?:[ \t].*\n|\n)*", re.MULTILINE)
_BEARS = re.compile(r"^bears_on: \[(?P<inside>[^\]]*)\]", re.MULTILINE)
_AS_OF = re.compile(r"(?P<key>\bas_of: ?)(?P<day>\d{4}-\d{2}-\d{2})")
_AS_NOTHING = ("", "~", "null", "Null", "NULL")


class ChangeFile(Struct, frozen=True, forbid_unknown_fields=True, rename={"parameters": "with"}):
    """A change of the law: what is done to which provision, from which day on, by which act."""

    do: Literal["change", "add", "answer", "end"]
    first: date
    provision: str = ""
    routes: list[str] = []
    check: str = ""
    parameters: dict[str, Any] = {}
    title: dict[str, str] = {}
    reading: dict[str, str] = {}
    citation: CitationFile | None = None
    answer: dict[str, str] = {}


def ended_text(text: str, last: date) -> str | None:
    r"""Return the text of a provision's file with this last day; None when its days stand in another form.

    >>> ended_text("id: x\nin_force: {from: 2016-01-31}\n", date(2026, 12, 31))
    'id: x\nin_force: {from: 2016-01-31, to: 2026-12-31}\n'
    """
    found = _DAYS.search(text)
    if found is None:
        return None
    first = [part.strip() for part in found["inside"].split(",") if part.strip().startswith("from:")]
    inside = ", ".join([*first, f"to: {last}"])
    return f"{text[: found.start()]}in_force: {{{inside}}}{text[found.end() :]}"


def bearing_text(text: str, also: str) -> str | None:
    """Return the text of an open question's file with one more provision that it bears on; None when it has no list."""
    found = _BEARS.search(text)
    if found is None:
        return None
    inside = f"{found['inside']}, {also}" if found["inside"].strip() else also
    return f"{text[: found.start()]}bears_on: [{inside}]{text[found.end() :]}"


def answered_text(text: str, reading: Mapping[str, str], answer: Mapping[str, str]) -> str:
    """Return the text of an open question's file with the answer as its reading, after `reading` that it has."""
    both = {tag: f"{reading[tag]} {said}" if reading.get(tag) else said for tag, said in answer.items()}
    return f"{_READING.sub('', text).rstrip()}\n{written({'reading': {**reading, **both}})}"


def earlier_cases(text: str, last: date, moved: Iterable[int]) -> str:
    """Return the text of cases in which those that begin on the lines `moved` are as of the last day."""
    lines, starts = text.splitlines(keepends=True), sorted(moved)
    for start in starts:
        for number in range(start - 1, len(lines)):
            lines[number], found = _AS_OF.subn(lambda one: f"{one['key']}{last}", lines[number], count=1)
            if found:
                break
    return "".join(lines)


def provision_text(tree: Mapping[str, Tree]) -> str:
    """Return the text of a new provision's file, its keys in the usual order."""
    names = [*(name for name in _ORDER if name in tree), *(name for name in tree if name not in _ORDER)]
    return "".join(written({name: tree[name]}) for name in names if tree[name] not in ({}, []) or name == "in_force")


def cases_text(provision: str, cases: Iterable[Mapping[str, Tree]]) -> str:
    """Return the text of a new file of cases."""
    return written({"provision": provision}) + "cases:\n" + "".join(case_text(one) for one in cases)


def case_text(case: Mapping[str, Tree]) -> str:
    """Return the text of one case, to stand below `cases:`."""
    shown = {name: _Flow(one) if name == "facts" else one for name, one in case.items()}
    return str(yaml.dump([shown], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110))


def written(tree: Mapping[str, Tree]) -> str:
    """Return a mapping as YAML in the way of the law files: every scalar as it is, short parts on one line."""
    shown = {name: _flowing(one) if name in FLOW else one for name, one in tree.items()}
    return str(yaml.dump(shown, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110))


def citation_tree(cited: CitationFile) -> dict[str, Tree]:
    """Return a citation as the law files write it; what is empty is left out."""
    tree: dict[str, Tree] = {"act": dict(cited.act)}
    if cited.provision:
        tree["provision"] = dict(cited.provision) if isinstance(cited.provision, dict) else cited.provision
    if cited.url:
        tree["url"] = cited.url
    if cited.also:
        tree["also"] = list(cited.also)
    tree |= {"evidence": Evidence(cited.evidence).value, "checked": cited.checked.isoformat()}
    return tree | ({"note": dict(cited.note)} if cited.note else {})


class _Flow(dict[str, Any]):
    """A mapping on one line."""


class _FlowList(list[Any]):
    """A list on one line."""


def _flowing(value: Tree) -> Tree:
    return _Flow(value) if isinstance(value, dict) else _FlowList(value) if isinstance(value, list) else value


class _Dumper(yaml.SafeDumper):
    """Writes every scalar as it is: the reader takes each as text, so that nothing has to be quoted to stay text."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - as the base class has it

    def ignore_aliases(self, data: Any) -> bool:
        return data is not None


def _scalar(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="'" if value in _AS_NOTHING else None)


def _on_one_line(dumper: yaml.SafeDumper, value: dict[str, Any] | list[Any]) -> yaml.Node:
    if isinstance(value, dict):
        return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(str, _scalar)
_Dumper.add_representer(_Flow, _on_one_line)
_Dumper.add_representer(_FlowList, _on_one_line)
