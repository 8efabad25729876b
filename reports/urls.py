from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("redovisning/<uuid:pk>/", views.report, name="report"),
    path("mote/<uuid:pk>/underlag/", views.brief, name="brief"),
    path("mote/<uuid:pk>/underlag.docx", views.brief_in_word, name="brief_in_word"),
]
