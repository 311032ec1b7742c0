"""Events are frozen dataclasses of plain fields; here they become JSON and come back, by their annotations."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

_hints: dict[type, dict[str, Any]] = {}


def name_of(event: type) -> str:
    """`ordering.OrderPlaced` for avrop.ordering.events.OrderPlaced."""
    return f"{event.__module__.split('.')[1]}.{event.__name__}"


def encode(event: Any) -> dict[str, object]:
    """An event's fields as JSON values. Ids become 32 hex digits, dates ISO 8601."""
    return {f.name: _out(getattr(event, f.name)) for f in fields(event)}


def decode(cls: type, payload: dict[str, Any]) -> Any:
    """The event that `encode` wrote. Unknown keys are dropped, so an old entry outlives a removed field."""
    hints = _hints.get(cls)
    if hints is None:
        hints = _hints[cls] = get_type_hints(cls)
    return cls(**{key: _in(hints[key], value) for key, value in payload.items() if key in hints})


def _out(value: object) -> object:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_out(v) for v in value]
    return value


def _in(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _in(next(a for a in get_args(hint) if a is not type(None)), value)
    if origin is tuple:
        return tuple(_in(get_args(hint)[0], v) for v in value)
    if hint is UUID:
        return UUID(value)
    if hint is date:
        return date.fromisoformat(value)
    return value
