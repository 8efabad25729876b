"""Every address of ours, and those of the bare pages that ours are measured against."""

from config.urls import urlpatterns as ours

urlpatterns = [*ours]
