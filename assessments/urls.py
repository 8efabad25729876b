from django.urls import path

from assessments import views

app_name = "assessments"
urlpatterns = [
    path("kartlaggning/<uuid:pk>/", views.mapping, name="mapping"),
    path("regeringsredovisning/<uuid:pk>/", views.government_report, name="government_report"),
]
