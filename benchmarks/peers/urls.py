"""Every address of ours, and the bare pages that ours are measured against."""

from django.urls import path

from benchmarks.peers import views
from config.urls import urlpatterns as ours

urlpatterns = [
    *ours,
    path("bare/cases/<int:rows>", views.bare_cases),
    path("bare/steps/<int:rows>", views.bare_steps),
]
