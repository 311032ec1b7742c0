"""Ties the rooms together when Django starts: the flow, the store of originals."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The only room that knows everybody."""

    name = "avrop.project"
    label = "project"

    def ready(self) -> None:
        """Install the flow and the ports."""
        from django.conf import settings

        from avrop.journal import registry
        from avrop.kernel import ports
        from avrop.project.flow import FLOW

        registry.install(FLOW)
        ports.install(originals=ports.FolderOriginals(settings.AVROP_DIR / "originals"))
