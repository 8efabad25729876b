from django.urls import path

from organisations.views import account, invitations, law, providers, register, support

app_name = "organisations"
urlpatterns = [
    path("konto/", account.account, name="account"),
    path("konto/sessioner/", account.sessions, name="sessions"),
    path("konto/organisation/", providers.choose_provider, name="choose_provider"),
    path("konto/organisation/<slug:slug>/", providers.depart, name="depart"),
    # These three stand before allauth's own, at the same addresses.
    path(
        "konto/saml/<slug:organization_slug>/acs/finish/", providers.finish_saml, name="finish_saml"
    ),
    path("konto/saml/<slug:organization_slug>/metadata/", providers.saml_metadata, name="metadata"),
    path("konto/saml/<slug:organization_slug>/sls/", providers.no_single_logout, name="no_logout"),
    path("stod/<uuid:pk>/se-som/", support.begin_seeing_as, name="see_as"),
    path("stod/sluta-se-som/", support.stop_seeing, name="stop_seeing"),
    path("konto/tva-steg-behovs/", account.second_factor_page, name="second_factor"),
    path("organisation/<uuid:pk>/personer/", invitations.people, name="people"),
    path("organisation/<uuid:pk>/bjud-in/", invitations.invite_person, name="invite"),
    path("inbjudan/<uuid:pk>/aterkalla/", invitations.revoke_invitation, name="revoke"),
    path("skolregister/", register.school_register, name="school_register"),
    path("skolregister/<uuid:pk>/", register.schools_file, name="schools_file"),
    path("valkommen/", invitations.welcome, name="welcome"),
    path("valkommen/<str:key>/", invitations.welcome_link, name="welcome_link"),
    # Before allauth's own too.
    path("konto/email/", account.no_addresses, name="no_addresses"),
    path("tillganglighet/", law.accessibility, name="accessibility"),
    path("personuppgifter/", law.privacy, name="privacy"),
    path(".well-known/security.txt", law.security_txt, name="security_txt"),
]
