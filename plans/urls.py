from django.urls import path

from plans import views

app_name = "plans"
urlpatterns = [
    path("nulagesanalys/<uuid:pk>/", views.analysis, name="analysis"),
    path("nulagesanalys/<uuid:pk>/nytt-problem/", views.new_problem, name="new_problem"),
    path("problem/<uuid:pk>/", views.problem, name="problem"),
    path("problem/<uuid:pk>/ta-bort/", views.problem_goes, name="problem_goes"),
    path("problem/<uuid:pk>/nytt-underlag/", views.new_evidence, name="new_evidence"),
    path("underlag/<uuid:pk>/", views.evidence, name="evidence"),
    path("underlag/<uuid:pk>/ta-bort/", views.evidence_goes, name="evidence_goes"),
    path("atgardsplan/<uuid:pk>/", views.plan, name="plan"),
    path("atgardsplan/<uuid:pk>/nytt-mal/", views.new_goal, name="new_goal"),
    path("atgardsplan/<uuid:pk>/ny-version/", views.revise, name="revise"),
    path("atgardsplan/<uuid:pk>/skillnader/", views.differences, name="differences"),
    path("planerat-mal/<uuid:pk>/", views.planned_goal, name="planned_goal"),
    path("planerat-mal/<uuid:pk>/ta-bort/", views.goal_goes, name="goal_goes"),
    path("mal/<uuid:pk>/farg/", views.rate, name="rate"),
]
