"""Every address of Trepart; URL paths are in Swedish, as people read and share them."""

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from notifications import health
from notifications.views import mail_events
from sbs_workflow.doors import public

urlpatterns = [
    path("", include("portfolio.urls")),
    path("", include("sbs_workflow.urls")),
    path("", include("plans.urls")),
    path("", include("interventions.urls")),
    path("", include("meetings.urls")),
    path("", include("assessments.urls")),
    path("", include("reports.urls")),
    path("", include("records.urls")),
    path("", include("reminders.urls")),
    path("", include("organisations.urls")),
    path("konto/", include("allauth.account.urls")),
    path("konto/tva-steg/", include("allauth.mfa.urls")),
    path("konto/inloggningar/", include("allauth.socialaccount.urls")),
    path("konto/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("konto/", include("allauth.socialaccount.providers.saml.urls")),
    path("sprak/", public(set_language), name="set_language"),
    path("health", public(health.health), name="health"),
    path("health/ready", public(health.ready), name="ready"),
    path("posthandelser/", public(mail_events), name="mail_events"),
    path("admin/", admin.site.urls),
]

handler500 = "config.errors.failed"
