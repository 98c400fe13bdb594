"""A tree into a typed value, with every fault at once when it does not fit.

msgspec converts and is the judge. Only when it refuses does jsonschema list all the faults, from the
schema that msgspec publishes for the same type; that is why the published schema and the loader agree.
"""

import copy
import re
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec

from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.formats.tree import Document, Path, Tree, show_path

T = TypeVar("T")
R = TypeVar("R")

MOST_FAULTS = 1_000  # listed of one file; a file with more is not what it should be, and listing them takes long


def convert(document: Document, kind: type[T], build: Callable[[T], R]) -> R:
    """Return what `build` makes of the document's tree as a value of the type.

    Raises InputFaults with all faults: those of the form, and those that `build` finds in the rest, looked
    at with something well-formed in place of what is not. Of more than `MOST_FAULTS` of form the first are listed.
    """
    try:
        value = msgspec.convert(document.tree, kind, strict=False)
    except msgspec.ValidationError as exc:
        repairs = _Repairs(document.tree)
        faults = _all_faults(document, kind, exc, repairs)
        if len(faults) >= MOST_FAULTS:
            raise InputFaults(faults[:MOST_FAULTS], complete=False) from exc
        faults += _faults_of_rest(repairs, kind, build)
        raise InputFaults(faults) from exc
    return build(value)


def _faults_of_rest(repairs: "_Repairs", kind: type[T], build: Callable[[T], R]) -> list[Fault]:
    try:
        build(msgspec.convert(repairs.tree, kind, strict=False))
    except InputFaults as exc:
        return [fault for fault in exc.faults if not repairs.covers(fault.path)]
    except msgspec.ValidationError:
        return []
    return []


_STEP = re.compile(r"[.\[]")


class _Repairs:
    """A copy of a tree in which ill-formed parts are replaced by samples of what the schema wants."""

    def __init__(self, tree: Tree) -> None:
        self.tree = copy.deepcopy(tree)
        self._paths: set[str] = set()

    def put(self, path: Path, schema: dict[str, Any], root: dict[str, Any]) -> None:
        """Put a sample of the schema at the path."""
        self._at(path, _sample(schema, root))

    def drop(self, path: Path) -> None:
        """Take the key at the path out."""
        self._at(path, None)

    def covers(self, path: str) -> bool:
        """Say whether a fault at the path is about a repaired part: the part itself, or something in it."""
        above = (path[: step.start()] for step in _STEP.finditer(path))
        return not self._paths.isdisjoint((show_path(()), path, *above))

    def _at(self, path: Path, value: Tree) -> None:
        self._paths.add(show_path(path))
        if not path:
            self.tree = value
            return
        parent = self.tree
        for step in path[:-1]:
            parent = parent[step]
        if value is None:
            parent.pop(path[-1], None)
        else:
            parent[path[-1]] = value


def _sample(schema: dict[str, Any], root: dict[str, Any]) -> Tree:
    """Return something small that fits the schema, as the tree has it: every scalar a string."""
    schema = _resolved(schema, root)
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return _sample(schema[key][0], root)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema or "enum" in schema:
        return str(schema.get("const", (schema.get("enum") or [""])[0]))
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", ())
            return {key: _sample(schema["properties"][key], root) for key in wanted}
        case "array":
            return [_sample(schema.get("items", {}), root)] if schema.get("minItems") else []
        case "integer":
            return "1"
        case "boolean":
            return "true"
    return "2000-01-01" if schema.get("format") == "date" else "1"


@cache
def schema_of(kind: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file type, as published by `polisbridge schema`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}


def _all_faults(document: Document, kind: type, exc: msgspec.ValidationError, repairs: _Repairs) -> list[Fault]:
    from jsonschema import Draft202012Validator  # only wanted when something is wrong  # noqa: PLC0415

    schema = schema_of(kind)
    typed = _typed(document.tree, schema, schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    faults: dict[tuple[str, str, str], Fault] = {}
    for error in validator.iter_errors(typed):
        for fault in _faults_of(document, error, schema, repairs):
            missing = fault.expected if fault.code is FaultCode.MISSING_KEY else ""
            faults.setdefault((fault.path, fault.found, missing), fault)
        if len(faults) >= MOST_FAULTS:
            break
    return list(faults.values()) or [_fault_of_msgspec(document, exc)]


def _faults_of(document: Document, error: Any, root: dict[str, Any], repairs: _Repairs) -> list[Fault]:
    path: Path = tuple(error.absolute_path)
    if error.validator in ("anyOf", "oneOf") and error.context:
        branches: dict[int, list[Any]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        best = min(branches.values(), key=lambda inner: (_wrong_branch(inner), len(inner)))
        return [found for inner in best for found in _faults_of(document, inner, root, repairs)]
    if error.validator == "additionalProperties":
        known = sorted(error.schema.get("properties", {}))
        extra = [key for key in error.instance if key not in known]
        for key in extra:
            repairs.drop((*path, key))
        expected = f"one of {', '.join(known)}"
        return [document.fault(FaultCode.UNKNOWN_KEY, (*path, key), key, expected) for key in extra]
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        for key in missing:
            repairs.put((*path, key), error.schema.get("properties", {}).get(key, {}), root)
        return [document.fault(FaultCode.MISSING_KEY, path, "nothing", f"the key {key}") for key in missing]
    repairs.put(path, error.schema, root)
    return [document.fault(FaultCode.WRONG_VALUE, path, error.instance, _expected(error))]


def _wrong_branch(errors: list[Any]) -> bool:
    """Say whether a branch of a union fails already at its type or tag, so it was not the one meant."""
    return any(
        (not error.path and error.validator in ("const", "enum", "type"))
        or (len(error.path) == 1 and (error.validator == "const" or len(error.schema.get("enum", "..")) == 1))
        for error in errors
    )


def _expected(error: Any) -> str:
    value = error.validator_value
    match error.validator:
        case "enum":
            return f"one of {', '.join(map(str, value))}"
        case "const":
            return str(value)
        case "type":
            names = {
                "object": "a mapping",
                "array": "a list",
                "string": "text",
                "integer": "a whole number",
                "boolean": "true or false",
            }
            return names.get(str(value), str(value))
        case "format":
            return "a day as YYYY-MM-DD" if value == "date" else f"a {value}"
        case "minItems":
            return f"at least {value} of them"
        case "pattern":
            return f"text like {value}"
    return f"{error.validator} {value}"


def _typed(tree: Tree, schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """Return the tree with numbers and flags where the schema wants them, so that faults are real ones."""
    schema = _resolved(schema, root)
    kinds = [_resolved(part, root) for part in schema.get("anyOf", [])] or [schema]
    if isinstance(tree, dict):
        chosen = next((kind for kind in kinds if _tag_fits(tree, kind)), {})
        properties, other = chosen.get("properties", {}), chosen.get("additionalProperties", {})
        fallback = other if isinstance(other, dict) else {}
        return {key: _typed(value, properties.get(key, fallback), root) for key, value in tree.items()}
    if isinstance(tree, list):
        items: Any = next((kind.get("items", {}) for kind in kinds if kind.get("type") == "array"), {})
        return [_typed(value, items if isinstance(items, dict) else {}, root) for value in tree]
    wanted = {kind.get("type") for kind in kinds}
    if "integer" in wanted and re.fullmatch(r"[+-]?\d{1,18}", tree):
        return int(tree)
    if "boolean" in wanted and tree in ("true", "false"):
        return tree == "true"
    return tree


def _tag_fits(tree: dict[str, Tree], kind: dict[str, Any]) -> bool:
    if kind.get("type") not in ("object", None):
        return False
    tags = {
        key: part
        for key, part in kind.get("properties", {}).items()
        if "const" in part or len(part.get("enum", ())) == 1
    }
    return all(tree.get(key) == part.get("const", (part.get("enum") or [None])[0]) for key, part in tags.items())


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _fault_of_msgspec(document: Document, exc: msgspec.ValidationError) -> Fault:
    text, _, where = str(exc).partition(" - at `$")
    path: list[str | int] = []
    for name, index in re.findall(r"\.(\w+)|\[(\d+)\]", where):
        path.append(name or int(index))
    value: Any = document.tree
    for part in path:
        value = value[part]
    return document.fault(FaultCode.WRONG_VALUE, tuple(path), value, text)
