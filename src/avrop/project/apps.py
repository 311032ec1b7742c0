"""Ties the rooms together when Django starts: the flow, the store of originals."""

import gc

from django.apps import AppConfig

# New objects before the collector looks at the youngest, the middle and all of them. An invoice of 10,000 lines
# makes half a million that live until it is done: Python's own 700, 10, 10 look through them again and again, for
# a fifth of the CPU time. What is not in a cycle goes at once all the same.
_COLLECT_AFTER = (50_000, 20, 20)


class ProjectConfig(AppConfig):
    """The only room that knows everybody."""

    name = "avrop.project"
    label = "project"

    def ready(self) -> None:
        """Install the flow and the ports; say how often memory is looked through."""
        from django.conf import settings

        from avrop.journal import registry
        from avrop.kernel import ports
        from avrop.project.flow import FLOW
        from avrop.project.texts import SENTENCES
        from avrop.web.refusals import register

        gc.set_threshold(*_COLLECT_AFTER)
        registry.install(FLOW)
        register(SENTENCES)
        ports.install(originals=ports.FolderOriginals(settings.AVROP_DIR / "originals"))
