from django.urls import path

from meetings.views import booking

app_name = "meetings"
urlpatterns = [
    path("samverkan/<uuid:pk>/nytt-mote/", booking.call, name="call"),
    path("mote/<uuid:pk>/", booking.meeting, name="meeting"),
    path("mote/<uuid:pk>/foresla/", booking.propose, name="propose"),
    path("mote/<uuid:pk>/boka/", booking.book, name="book"),
    path("mote/<uuid:pk>/flytta/", booking.reschedule, name="reschedule"),
    path("mote/<uuid:pk>/farger/", booking.colours, name="colours"),
    path("mote/<uuid:pk>/genomfort/", booking.hold, name="hold"),
]
