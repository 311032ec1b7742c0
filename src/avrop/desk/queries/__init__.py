"""Reads across all stations. Joins are made here so that a page stays within its fifteen statements."""

from avrop.desk.queries.thread import thread

__all__ = ["thread"]
