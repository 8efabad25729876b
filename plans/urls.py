from django.urls import path

from plans import views

app_name = "plans"
urlpatterns = [
    path("nulagesanalys/<uuid:pk>/", views.analysis, name="analysis"),
    path("atgardsplan/<uuid:pk>/", views.plan, name="plan"),
    path("atgardsplan/<uuid:pk>/ny-version/", views.revise, name="revise"),
]
