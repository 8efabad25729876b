from django.urls import path

from sbs_workflow import views

app_name = "sbs_workflow"
urlpatterns = [
    path("steg/<slug:machine>/<uuid:pk>/<slug:name>/", views.step, name="step"),
    path("samverkan/ny/", views.new_collaboration, name="new_collaboration"),
    path("samverkan/<uuid:pk>/uppgifter/", views.describe, name="describe"),
    path("samverkan/<uuid:pk>/ny-enhet/", views.new_unit, name="new_unit"),
    path("enhet-i-samverkan/<uuid:pk>/lamnar/", views.unit_leaves, name="unit_leaves"),
    path("samverkan/<uuid:pk>/nytt-uppdrag/", views.new_assignment, name="new_assignment"),
    path("lofte/<uuid:pk>/", views.settle, name="settle_promise"),
    path("uppdrag/<uuid:pk>/slutar/", views.assignment_ends, name="assignment_ends"),
]
