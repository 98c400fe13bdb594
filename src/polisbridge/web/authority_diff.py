"""Two versions of law files beside each other, line by line, for people to read."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_AROUND = 2  # lines shown before and after what changed


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the old version beside one of the new: `kind` is same, changed, added, removed or gap."""

    kind: str
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file: its name, whether it is new, whether it holds cases, and its rows."""

    name: str
    is_new: bool
    is_cases: bool
    rows: tuple[Row, ...]


def file_diffs(before: Mapping[str, bytes], after: Mapping[str, bytes], names: Sequence[str]) -> list[FileDiff]:
    """Return the files named as they were and as they would be; provisions first, then their cases."""
    ordered = sorted(names, key=lambda one: (one.endswith(".cases.yaml"), one in before, one))
    return [
        FileDiff(
            one,
            one not in before,
            one.endswith(".cases.yaml"),
            tuple(rows(before.get(one, b"").decode().splitlines(), after[one].decode().splitlines())),
        )
        for one in ordered
    ]


def rows(old: Sequence[str], new: Sequence[str]) -> Iterator[Row]:
    """Yield the lines side by side; long stretches without change are left out.

    >>> [(one.kind, one.old, one.new) for one in rows(["a", "b"], ["a", "c"])]
    [('same', 'a', 'a'), ('changed', 'b', 'c')]
    """
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (tag, first, last, start, end) in enumerate(blocks):
        if tag == "equal":
            yield from _same(old[first:last], begins=number == 0, ends=number == len(blocks) - 1)
            continue
        for at in range(max(last - first, end - start)):
            left = old[first + at] if first + at < last else None
            right = new[start + at] if start + at < end else None
            kind = "changed" if left is not None and right is not None else "removed" if right is None else "added"
            yield Row(kind, left or "", right or "")


def _same(lines: Sequence[str], *, begins: bool, ends: bool) -> Iterator[Row]:
    head, tail = 0 if begins else _AROUND, 0 if ends else _AROUND
    if len(lines) <= head + tail + 1:
        yield from (Row("same", line, line) for line in lines)
        return
    yield from (Row("same", line, line) for line in lines[:head])
    yield Row("gap")
    yield from (Row("same", line, line) for line in lines[len(lines) - tail :])
