"""Log in, log out, and choose among one's organisations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from avrop.tenancy import queries
from avrop.tenancy.models import Person
from avrop.tenancy.texts import KINDS, role_name

A_YEAR = 365 * 24 * 60 * 60  # seconds


class LoginForm(forms.Form):
    """Login name and password."""

    username = forms.CharField(label=_("Login name"), max_length=80)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput)
    username.widget.attrs.update(autocomplete="username", autocapitalize="none", spellcheck="false")
    password.widget.attrs.update(autocomplete="current-password")
    person: Person | None = None

    def clean(self) -> dict[str, Any]:
        """One answer for an unknown login and a wrong password, so that nobody can ask which logins exist."""
        values = super().clean() or {}
        if values.get("username") and values.get("password"):
            found = authenticate(login=values["username"].strip(), password=values["password"])
            if not isinstance(found, Person):
                raise forms.ValidationError(_("The login name or the password is wrong."))
            self.person = found
        return values


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the log-in, to one's only organisation, or to a choice between several."""
    if not isinstance(request.user, Person):
        return HttpResponseRedirect("/login/")
    homes = queries.organisations_of(request.user.id)
    if len(homes) == 1:
        return HttpResponseRedirect(f"/o/{homes[0][0]}/")
    choices = [
        {"url": f"/o/{slug}/", "name": name, "kind": KINDS.get(kind, "")} for slug, name, kind in homes
    ]
    return render(request, "tenancy/choose.html", {"choices": choices})


@sensitive_post_parameters("password")
def log_in(request: HttpRequest) -> HttpResponse:
    """The form; in a demo also everybody one can be with a click."""
    form = LoginForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.person:
        return _welcome(request, form.person)
    groups = _demo_people() if settings.AVROP_DEMO else []
    context = {
        "form": form,
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "groups": groups,
    }
    return render(request, "tenancy/login.html", context)


@require_POST
def log_in_as(request: HttpRequest) -> HttpResponse:
    """Become a demo person. Anywhere but in a demo there is no such address."""
    if not settings.AVROP_DEMO:
        raise Http404
    person = Person.objects.filter(login=request.POST.get("login", ""), is_active=True).first()
    if person is None:
        raise Http404
    return _welcome(request, person)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Out, and to the log-in."""
    logout(request)
    return HttpResponseRedirect("/login/")


def _welcome(request: HttpRequest, person: Person) -> HttpResponse:
    login(request, person, backend="avrop.tenancy.login.LocalLogin")
    response = HttpResponseRedirect(_target(request))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:  # a language chosen in this browser stays
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            person.language,
            max_age=A_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else "/"


def _demo_people() -> list[dict[str, Any]]:
    """Organisations with their people, each with roles and the units they hold them for."""
    groups: dict[str, dict[str, Any]] = {}
    for row in queries.everybodys_roles():
        group = groups.setdefault(
            row.organisation, {"name": row.organisation, "kind": KINDS.get(row.kind, ""), "people": {}}
        )
        person = group["people"].setdefault(
            row.login, {"login": row.login, "name": row.name, "roles": [], "units": []}
        )
        for value, into in ((role_name(row.role), "roles"), (row.unit, "units")):
            if value and value not in person[into]:
                person[into].append(value)
    return [{**group, "people": list(group["people"].values())} for group in groups.values()]
