"""Refusals as sentences in the person's language. Each station registers its own codes when Django starts."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from avrop.kernel.finding import Refusal

_sentences: dict[str, str | Promise] = {}


def register(sentences: Mapping[str, str | Promise]) -> None:
    """Add a station's codes: {code: lazy sentence with %(name)s for the refusal's params}."""
    _sentences.update(sentences)


def known(code: str) -> bool:
    """True when the code has a sentence."""
    return code in _sentences


def explain(code: str, params: Mapping[str, object]) -> str:
    """The sentence for a code, with its numbers and names filled in."""
    text = _sentences.get(code)
    if text is None:
        return _("This cannot be done (%(code)s).") % {"code": code}
    return str(text) % _Given(params)


class _Given(dict[str, object]):
    """What is known; a dash stands for what is not, for a reason must never be the next failure."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(refusal: Refusal) -> str:
    """The sentence for a refusal."""
    return explain(refusal.code, refusal.params)


def act(request: HttpRequest, run: Callable[[], object], *, done: str, to: str) -> HttpResponse:
    """Call one operation for a page: say `done`, or why not, and go to `to` (redirect after POST)."""
    try:
        run()
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        if done:
            messages.success(request, done)
    return HttpResponseRedirect(to)
