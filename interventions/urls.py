from django.urls import path

from interventions import views

app_name = "interventions"
urlpatterns = [
    path("overenskommelse/<uuid:pk>/", views.agreement, name="agreement"),
    path("overenskommelse/<uuid:pk>/skriv/", views.edit_agreement, name="edit_agreement"),
    path("overenskommelse/<uuid:pk>/andra/", views.amend, name="amend"),
    path("samverkan/<uuid:pk>/ny-insats/", views.new_intervention, name="new_intervention"),
    path("insats/<uuid:pk>/", views.intervention, name="intervention"),
    path("besok/<uuid:pk>/", views.visit, name="visit"),
    path("besok/<uuid:pk>/planera/", views.plan, name="plan_visit"),
    path("besok/<uuid:pk>/flytta/", views.move, name="move_visit"),
    path("besok/<uuid:pk>/logga/", views.log, name="log_visit"),
    path("samverkan/<uuid:pk>/logga-besok/", views.log_unplanned, name="log_unplanned"),
]
