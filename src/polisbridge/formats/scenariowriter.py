"""A scenario as a file: what `formats.scenariofile` reads, written so that people can read it too."""

from collections.abc import Mapping
from typing import Any

import yaml


def write_scenario(tree: Mapping[str, Any]) -> str:
    """Return the scenario as YAML, keys in the order in which they stand."""
    said: str = yaml.safe_dump(dict(tree), allow_unicode=True, sort_keys=False, width=110)
    return said
