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
from polisbridge.formats.tree import Document, Path, Tree

T = TypeVar("T")
R = TypeVar("R")


def convert(document: Document, kind: type[T], build: Callable[[T], R]) -> R:
    """Return what `build` makes of the document's tree as a value of the type.

    Raises InputFaults with all faults: those of the form, and those that `build` finds in what is left
    once the ill-formed parts are taken out.
    """
    try:
        value = msgspec.convert(document.tree, kind, strict=False)
    except msgspec.ValidationError as exc:
        found = _all_faults(document, kind, exc)
        faults = list(found.values())
        faults += _faults_of_rest(document, [path for path, _ in found], kind, build)
        raise InputFaults(faults) from exc
    return build(value)


def _faults_of_rest(document: Document, paths: list[Path], kind: type[T], build: Callable[[T], R]) -> list[Fault]:
    for keep in (len, lambda _: 1):
        tree = copy.deepcopy(document.tree)
        for path in paths:
            _take_out(tree, path[: keep(path)])
        try:
            build(msgspec.convert(tree, kind, strict=False))
        except InputFaults as exc:
            return exc.faults
        except msgspec.ValidationError:
            continue
        return []
    return []


def _take_out(tree: Tree, path: Path) -> None:
    """Remove the key at the path, or the nearest key above it when it is an item of a list."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    for step in path[:-1]:
        tree = tree[step] if isinstance(tree, list) or step in tree else {}
    if path and isinstance(tree, dict):
        tree.pop(path[-1], None)


@cache
def schema_of(kind: type) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a file type, as published by `polisbridge schema`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(kind)}


def _all_faults(document: Document, kind: type, exc: msgspec.ValidationError) -> dict[tuple[Path, str], Fault]:
    from jsonschema import Draft202012Validator  # only wanted when something is wrong  # noqa: PLC0415

    schema = schema_of(kind)
    typed = _typed(document.tree, schema, schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    faults: dict[tuple[Path, str], Fault] = {}
    for error in validator.iter_errors(typed):
        for fault_path, fault in _faults_of(document, error):
            faults.setdefault((fault_path, fault.found), fault)
    return faults or {((), ""): _fault_of_msgspec(document, exc)}


def _faults_of(document: Document, error: Any) -> list[tuple[Path, Fault]]:
    path: Path = tuple(error.absolute_path)
    if error.validator in ("anyOf", "oneOf") and error.context:
        branches: dict[int, list[Any]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        best = min(branches.values(), key=lambda inner: (_wrong_branch(inner), len(inner)))
        return [found for inner in best for found in _faults_of(document, inner)]
    if error.validator == "additionalProperties":
        known = sorted(error.schema.get("properties", {}))
        extra = [key for key in error.instance if key not in known]
        expected = f"one of {', '.join(known)}"
        return [((*path, key), document.fault(FaultCode.UNKNOWN_KEY, (*path, key), key, expected)) for key in extra]
    if error.validator == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return [((*path, key), document.fault(FaultCode.MISSING_KEY, path, "nothing", f"the key {key}")) for key in missing]
    return [(path, document.fault(FaultCode.WRONG_VALUE, path, error.instance, _expected(error)))]


def _wrong_branch(errors: list[Any]) -> bool:
    """Say whether a branch of a union fails already at its tag or type, so it was not the one meant."""
    return any(error.validator in ("const", "enum", "type") and len(error.path) <= 1 for error in errors)


def _expected(error: Any) -> str:
    value = error.validator_value
    match error.validator:
        case "enum":
            return f"one of {', '.join(map(str, value))}"
        case "const":
            return str(value)
        case "type":
            names = {"object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number", "boolean": "true or false"}
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
        items = next((kind.get("items", {}) for kind in kinds if kind.get("type") == "array"), {})
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
    tags = {key: part for key, part in kind.get("properties", {}).items() if "const" in part or len(part.get("enum", ())) == 1}
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
        value = value[part] if isinstance(value, (dict, list)) else value
    return document.fault(FaultCode.WRONG_VALUE, tuple(path), value, text)
