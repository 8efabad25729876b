from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class SbsWorkflowConfig(AppConfig):
    name = "sbs_workflow"

    def ready(self) -> None:
        """Upper houses declare gates and effects; they are found here."""
        autodiscover_modules("gates", "effects")
