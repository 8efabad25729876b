from django.urls import path

from interventions import views

app_name = "interventions"
urlpatterns = [
    path("overenskommelse/<uuid:pk>/", views.agreement, name="agreement"),
    path("overenskommelse/<uuid:pk>/skriv/", views.edit_agreement, name="edit_agreement"),
    path("overenskommelse/<uuid:pk>/utbetalningar/", views.payment_plan, name="payment_plan"),
    path("overenskommelse/<uuid:pk>/ny-insats/", views.new_terms, name="new_terms"),
    path("overenskommelse/<uuid:pk>/andra/", views.amend, name="amend"),
    path(
        "overenskommelse/<uuid:pk>/skillnader/",
        views.agreement_differences,
        name="agreement_differences",
    ),
    path("avtalad-insats/<uuid:pk>/", views.edit_terms, name="edit_terms"),
    path("avtalad-insats/<uuid:pk>/ta-bort/", views.terms_go, name="terms_go"),
    path("uppdragsplan/<uuid:pk>/", views.assignment, name="assignment"),
    path("uppdragsplan/<uuid:pk>/skriv/", views.edit_assignment, name="edit_assignment"),
    path("uppdragsplan/<uuid:pk>/svara/", views.answer, name="answer"),
    path("uppdragsplan/<uuid:pk>/andra/", views.revise_assignment_plan, name="revise_assignment"),
    path("insats/<uuid:pk>/", views.intervention, name="intervention"),
    path("insats/<uuid:pk>/mal/", views.links, name="links"),
    path("insats/<uuid:pk>/upplagg/", views.outline, name="outline"),
    path("insats/<uuid:pk>/anpassa/", views.adapt, name="adapt"),
    path("besok/<uuid:pk>/", views.visit, name="visit"),
    path("besok/<uuid:pk>/forbered/", views.prepare, name="prepare"),
    path("besok/<uuid:pk>/planera/", views.plan, name="plan_visit"),
    path("besok/<uuid:pk>/flytta/", views.move, name="move_visit"),
    path("besok/<uuid:pk>/genomfort/", views.finish, name="finish_visit"),
    path("besok/<uuid:pk>/logga/", views.log, name="log_visit"),
    path("samverkan/<uuid:pk>/logga-besok/", views.log_unplanned, name="log_unplanned"),
    path("uppgift/<uuid:pk>/", views.task, name="task"),
]
