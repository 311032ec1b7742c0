"""Local login. The seam for single sign-on: a later backend returns the same Person from another proof."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from avrop.tenancy.models import Person


class LocalLogin(BaseBackend):
    """Login name and password kept here."""

    def authenticate(
        self,
        request: HttpRequest | None,
        login: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Person | None:
        """The active person with this login and password, else None. Unknown logins cost the same time."""
        if login is None or password is None:
            return None
        person = Person.objects.filter(login=login).first()
        if person is None:
            Person().set_password(password)
            return None
        return person if person.check_password(password) and person.is_active else None

    def get_user(self, user_id: UUID) -> Person | None:
        """The person of a session, while active."""
        return Person.objects.filter(pk=user_id, is_active=True).first()
