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
        from avrop.project.texts import SENTENCES
        from avrop.web.refusals import register

        registry.install(FLOW)
        register(SENTENCES)
        ports.install(originals=ports.FolderOriginals(settings.AVROP_DIR / "originals"))
