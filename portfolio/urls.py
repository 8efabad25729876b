from django.urls import path

from portfolio import views

app_name = "portfolio"
urlpatterns = [
    path("", views.start, name="start"),
    path("samverkan/", views.collaborations, name="collaborations"),
    path("samverkan/<uuid:pk>/", views.collaboration, name="collaboration"),
    path("samverkan/<uuid:pk>/har-ar-vi/", views.here_we_are, name="here_we_are"),
    path("samverkan/<uuid:pk>/historik/", views.history, name="history"),
    path("samverkan/<uuid:pk>/kalender/", views.calendar, name="calendar"),
    path("samverkan/<uuid:pk>/bilder/", views.pictures, name="pictures"),
    path("samverkan/<uuid:pk>/bilder/<slug:slug>.png", views.picture_png, name="picture_png"),
    path("rod-trad/<uuid:pk>/", views.thread, name="thread"),
    path("rod-trad/<uuid:pk>/rod-trad.png", views.thread_png, name="thread_png"),
    path("mal/<uuid:pk>/", views.goal, name="goal"),
    path("mal/<uuid:pk>/farger.png", views.goal_png, name="goal_png"),
    path("regeringsredovisning/<uuid:pk>/aret/", views.year, name="year"),
    path("regeringsredovisning/<uuid:pk>/aret/<slug:slug>.png", views.year_png, name="year_png"),
    path("kalender/<str:token>.ics", views.feed, name="feed"),
    path("processen/", views.process, name="process"),
]
