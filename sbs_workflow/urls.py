from django.urls import path

from sbs_workflow import views

app_name = "sbs_workflow"
urlpatterns = [
    path("steg/<slug:machine>/<uuid:pk>/<slug:name>/", views.step, name="step"),
]
