"""The WSGI application that granian serves. It does not start in an installation that is not safe."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "avrop.project.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from avrop.project.installation import ensure_secret  # noqa: E402 (Django must be up first)

ensure_secret()
