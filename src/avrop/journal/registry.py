"""Which handlers an event has. `project/flow.py` is the only one that fills this."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from avrop.kernel.events import name_of

Handler = Callable[[Any], object]


@dataclass(frozen=True)
class When:
    """A handler that only some events of its class concern."""

    concerns: Callable[[Any], bool]
    run: Handler

    def __call__(self, event: Any) -> object:
        return self.run(event)


_events: dict[str, type] = {}
_handlers: dict[str, tuple[str, ...]] = {}
_by_name: dict[tuple[str, str], Handler] = {}  # (event, handler): two events may lead to one handler


def install(flow: Mapping[type, Mapping[str, Handler]]) -> None:
    """Take the whole flow: event class -> {handler's name: what it does}, in order."""
    _events.clear()
    _handlers.clear()
    _by_name.clear()
    for event, handlers in flow.items():
        _events[name_of(event)] = event
        _handlers[name_of(event)] = tuple(handlers)
        _by_name.update({(name_of(event), name): run for name, run in handlers.items()})


def handlers_of(event_name: str, event: object) -> tuple[str, ...]:
    """Names of the handlers that wait for this event."""
    names = _handlers.get(event_name, ())
    return tuple(name for name in names if _concerns(_by_name[event_name, name], event))


def _concerns(handler: Handler, event: object) -> bool:
    return handler.concerns(event) if isinstance(handler, When) else True


def handler(event_name: str, name: str) -> Handler:
    """The handler of an event by name. Raises KeyError when the flow no longer has it."""
    return _by_name[event_name, name]


def event_class(name: str) -> type:
    """The event class by name. Raises KeyError when the flow no longer has it."""
    return _events[name]
