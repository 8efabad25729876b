from django.urls import path

from portfolio import views

app_name = "portfolio"
urlpatterns = [
    path("", views.start, name="start"),
    path("samverkan/", views.collaborations, name="collaborations"),
    path("samverkan/<uuid:pk>/", views.collaboration, name="collaboration"),
    path("samverkan/<uuid:pk>/historik/", views.history, name="history"),
    path("samverkan/<uuid:pk>/kalender/", views.calendar, name="calendar"),
    path("processen/", views.process, name="process"),
]
