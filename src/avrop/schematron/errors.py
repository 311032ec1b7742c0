"""How rules end other than with findings."""

from __future__ import annotations


class DynamicError(Exception):
    """What XPath calls a dynamic or type error; `code` is its name (FORG0001 ...)."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        super().__init__(f"{code} {detail}".strip())


class RulesStopped(Exception):
    """A rule set ended with a dynamic error on this document; the message says which."""


class NotPlainXml(Exception):
    """Bytes that are no document: not well-formed, or with a DOCTYPE."""
