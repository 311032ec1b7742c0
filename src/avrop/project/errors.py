"""The pages for a fault of ours. They ask nothing of the database, which may be what failed."""

from __future__ import annotations

import errno
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.template import loader

# No room, over the quota, mounted for reading only, out of file handles: passes when the operator has helped.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.EAGAIN}
AGAIN_AFTER = 60  # seconds


def server_error(request: HttpRequest) -> HttpResponse:
    """Status 500 in the house's frame; 503 where trying again helps. A demo says so here too."""
    if is_passing(sys.exc_info()[1]):
        text = loader.render_to_string("503.html", {"demo": settings.AVROP_DEMO})
        return HttpResponse(text, status=503, headers={"Retry-After": str(AGAIN_AFTER)})
    return HttpResponseServerError(loader.render_to_string("500.html", {"demo": settings.AVROP_DEMO}))


def is_passing(error: BaseException | None) -> bool:
    """A locked database, a lost connection, a full disk: an operation is one transaction, so nothing is half done."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return isinstance(error, OperationalError | InterfaceError)
