"""FHIR as JSON text: decimals with the digits that they are written with, in both directions."""

from collections.abc import Mapping
from typing import Any

import msgspec

MEDIA_TYPE = "application/fhir+json"
_ENCODER = msgspec.json.Encoder(decimal_format="number")


def to_json(resource: Mapping[str, Any]) -> bytes:
    """Return a resource as JSON; a Decimal becomes a number of the same digits."""
    return _ENCODER.encode(resource)
