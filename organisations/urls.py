from django.urls import path

from organisations import views

app_name = "organisations"
urlpatterns = [
    path("konto/", views.account, name="account"),
    path("konto/organisation/", views.choose_provider, name="choose_provider"),
    path("konto/organisation/<slug:slug>/", views.depart, name="depart"),
    # These three stand before allauth's own, at the same addresses.
    path("konto/saml/<slug:organization_slug>/acs/finish/", views.finish_saml, name="finish_saml"),
    path("konto/saml/<slug:organization_slug>/metadata/", views.saml_metadata, name="metadata"),
    path("konto/saml/<slug:organization_slug>/sls/", views.no_single_logout, name="no_logout"),
    path("konto/tva-steg-behovs/", views.second_factor_page, name="second_factor"),
    path("organisation/<uuid:pk>/personer/", views.people, name="people"),
    path("organisation/<uuid:pk>/bjud-in/", views.invite_person, name="invite"),
    path("inbjudan/<uuid:pk>/aterkalla/", views.revoke_invitation, name="revoke"),
    path("valkommen/", views.welcome, name="welcome"),
    path("valkommen/<str:key>/", views.welcome_link, name="welcome_link"),
    path("tillganglighet/", views.accessibility, name="accessibility"),
    path("personuppgifter/", views.privacy, name="privacy"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
