from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [path("redovisning/<uuid:pk>/", views.report, name="report")]
