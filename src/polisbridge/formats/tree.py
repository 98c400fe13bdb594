"""YAML or JSON text into a plain tree of mappings, lists and strings that remembers its lines.

Every scalar stays a string, so `NO` stays Norway, `on` stays "on" and amounts stay exact. An absent key
is absent: null is refused. Duplicate keys, anchors, tags, several documents, nesting deeper than
`MAX_DEPTH` and texts longer than `MAX_BYTES` are refused by name. JSON is read by the same rules.
"""

import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import yaml

from polisbridge.core.errors import Fault, FaultCode, InputFaults

MAX_BYTES = 5_000_000
MAX_DEPTH = 40

Path: TypeAlias = tuple[str | int, ...]
Tree: TypeAlias = Any  # dict[str, Tree] | list[Tree] | str

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


# JSON writes a character beyond the first plane as two escapes; YAML knows one of eight digits.
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


def _one_character(match: re.Match[str]) -> str:
    before, high, low = match.groups()
    return f"{before}\\U{0x10000 + (int(high, 16) - 0xD800) * 0x400 + int(low, 16) - 0xDC00:08x}"


class Document:
    """The tree of one file, and the line of every path in it."""

    def __init__(self, file: str, tree: Tree, lines: dict[Path, int], prefix: Path = ()) -> None:
        self.file, self.tree, self._lines, self._prefix = file, tree, lines, prefix

    def line(self, path: Path) -> int:
        """Return the line of the path, or of its nearest parent that stands in the file."""
        while path not in self._lines and path:
            path = path[:-1]
        return self._lines.get(path, 1)

    def part(self, *path: str | int) -> "Document":
        """Return the document of the tree below a path, its lines kept."""
        tree = self.tree
        for step in path:
            tree = tree[step] if not isinstance(tree, dict) else tree.get(step, {})
        below = {where[len(path) :]: line for where, line in self._lines.items() if where[: len(path)] == path}
        return Document(self.file, tree, {(): self.line(path), **below}, (*self._prefix, *path))

    def fault(self, code: FaultCode, path: Path, found: object, expected: str) -> Fault:
        """Return a fault at the path."""
        return Fault(self.file, self.line(path), show_path((*self._prefix, *path)), code, shorten(found), expected)


def show_path(path: Path) -> str:
    """Return a path as people read it: `insured[1].citizenship`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "(whole file)"


def shorten(found: object) -> str:
    """Return what was found, short enough for a message."""
    text = found if isinstance(found, str) else str(found)
    return text if len(text) <= 80 else text[:77] + "…"  # noqa: PLR2004 - one terminal line


def read_tree(data: bytes, file: str) -> Document:
    """Return the document. Raises InputFaults with every fault of its syntax."""
    if len(data) > MAX_BYTES:
        raise InputFaults(
            [Fault(file, 1, "(whole file)", FaultCode.TOO_LARGE, f"{len(data)} bytes", f"at most {MAX_BYTES} bytes")]
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise InputFaults([Fault(file, line, "(whole file)", FaultCode.SYNTAX, "not UTF-8", "UTF-8 text")]) from exc
    if text.lstrip()[:1] in ("{", "["):
        text = _SURROGATES.sub(_one_character, text)
    reader = _Reader(file)
    try:
        tree = reader.read(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as exc:
        mark = getattr(exc, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        found = getattr(exc, "problem", None) or str(exc)
        reader.faults.append(Fault(file, line, "(whole file)", FaultCode.SYNTAX, shorten(found), "YAML or JSON"))
        tree = None
    if reader.faults:
        raise InputFaults(reader.faults)
    return Document(file, tree, reader.lines)


class _Reader:
    """Builds the tree from the stream of YAML events with a stack of its own, so depth cannot crash it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.lines: dict[Path, int] = {}

    def read(self, events: Iterator[yaml.Event]) -> Tree:
        root: list[Tree] = []
        stack: list[tuple[Tree, Path]] = [(root, ())]
        key: list[str | None] = [None]
        documents = 0
        for event in events:
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._fault(line, (), FaultCode.SYNTAX, "a second document", "one document")
                    break
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                stack.pop()
                key.pop()
            elif isinstance(event, yaml.AliasEvent):
                self._put(stack, key, "", line)
                self._fault(line, stack[-1][1], FaultCode.SYNTAX, f"*{event.anchor}", "no anchors or aliases")
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                new: Tree = {} if isinstance(event, yaml.MappingStartEvent) else []
                self._refuse_tag(event, line)
                path = self._put(stack, key, new, line)
                if len(stack) > MAX_DEPTH:
                    self._fault(
                        line, (), FaultCode.TOO_DEEP, f"nesting deeper than {MAX_DEPTH}", f"at most {MAX_DEPTH} levels"
                    )
                    break
                stack.append((new, path))
                key.append(None)
            elif isinstance(event, yaml.ScalarEvent):
                self._scalar(event, stack, key, line)
        if not root and not self.faults:
            self._fault(1, (), FaultCode.SYNTAX, "an empty file", "a mapping")
        return root[0] if root else None

    def _scalar(
        self, event: yaml.ScalarEvent, stack: list[tuple[Tree, Path]], key: list[str | None], line: int
    ) -> None:
        self._refuse_tag(event, line)
        container, path = stack[-1]
        if isinstance(container, dict) and key[-1] is None:
            if event.value in container:
                self._fault(line, (*path, event.value), FaultCode.DUPLICATE_KEY, event.value, "each key once")
            key[-1] = event.value
            return
        here = self._put(stack, key, event.value, line)
        if event.implicit[0] and event.value in ("", "~", "null", "Null", "NULL"):
            self._fault(
                line,
                here,
                FaultCode.WRONG_VALUE,
                event.value or "nothing",
                "a value; leave the key out when there is none",
            )

    def _put(self, stack: list[tuple[Tree, Path]], key: list[str | None], value: Tree, line: int) -> Path:
        container, path = stack[-1]
        if isinstance(container, dict):
            name = key[-1]
            if name is None:
                self._fault(line, path, FaultCode.SYNTAX, "a list or mapping as a key", "a plain key")
                name = ""
            container[name] = value
            key[-1] = None
            here: Path = (*path, name)
        else:
            container.append(value)
            here = (*path, len(container) - 1) if len(stack) > 1 else ()
        self.lines[here] = line
        return here

    def _refuse_tag(self, event: yaml.Event, line: int) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor or (tag and tag != "!"):
            self._fault(line, (), FaultCode.SYNTAX, f"&{anchor}" if anchor else str(tag), "no anchors and no tags")

    def _fault(self, line: int, path: Path, code: FaultCode, found: str, expected: str) -> None:
        self.faults.append(Fault(self.file, line, show_path(path), code, shorten(found), expected))
