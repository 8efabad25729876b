from django.urls import path

from meetings import views

app_name = "meetings"
urlpatterns = [
    path("samverkan/<uuid:pk>/nytt-mote/", views.call, name="call"),
    path("mote/<uuid:pk>/", views.meeting, name="meeting"),
    path("mote/<uuid:pk>/foresla/", views.propose, name="propose"),
    path("mote/<uuid:pk>/boka/", views.book, name="book"),
    path("mote/<uuid:pk>/flytta/", views.reschedule, name="reschedule"),
    path("mote/<uuid:pk>/farger/", views.colours, name="colours"),
    path("mote/<uuid:pk>/genomfort/", views.hold, name="hold"),
]
