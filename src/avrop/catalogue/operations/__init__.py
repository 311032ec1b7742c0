"""Writes on catalogues: a version comes in, is judged by the contract owner, takes the place of the one before."""

from avrop.catalogue.operations.importing import (
    LINES_A_BATCH,
    add_items,
    finish_import,
    import_version,
    keep_items,
    start_import,
)
from avrop.catalogue.operations.judging import approve_version, reject_version, return_lines

__all__ = [
    "LINES_A_BATCH",
    "add_items",
    "approve_version",
    "finish_import",
    "import_version",
    "keep_items",
    "reject_version",
    "return_lines",
    "start_import",
]
