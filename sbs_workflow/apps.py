from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class SbsWorkflowConfig(AppConfig):
    name = "sbs_workflow"
    verbose_name = _("Collaborations")

    def ready(self) -> None:
        """Upper houses declare gates and effects; they are found here."""
        autodiscover_modules("gates", "effects")
