"""Canonical JSON and its SHA-256: the one form in which contents are compared and chained."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


def _plain(value: object) -> object:
    if isinstance(value, UUID):  # most of them are
        return value.hex
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(bytes(value)).hexdigest()
    if isinstance(value, set | frozenset):
        return sorted(str(v) for v in value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


_encode = json.JSONEncoder(  # made once: of 10,000 rows each has its hash
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
).encode


def canonical(value: object) -> bytes:
    """`value` as JSON with sorted keys and no white space. Floats are refused by their absence: never pass one."""
    return _encode(value).encode()


def content_hash(value: object) -> str:
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()
