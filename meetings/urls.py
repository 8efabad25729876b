from django.urls import path

from meetings.views import agenda, booking, feed, poll, replies, rules

app_name = "meetings"
urlpatterns = [
    path("samverkan/<uuid:pk>/nytt-mote/", booking.call, name="call"),
    path("mote/<uuid:pk>/", booking.meeting, name="meeting"),
    path("mote/<uuid:pk>/foresla/", poll.propose, name="propose"),
    path("mote/<uuid:pk>/tider/", poll.times, name="times"),
    path("tidsfraga/<uuid:pk>/", poll.answer, name="answer"),
    path("svar/<str:token>/", poll.answer_by_link, name="answer_by_link"),
    path("mote/<uuid:pk>/boka/", booking.book, name="book"),
    path("mote/<uuid:pk>/flytta/", booking.reschedule, name="reschedule"),
    path("mote/<uuid:pk>/kommer/", replies.attend, name="attend"),
    path("mote/<uuid:pk>/kalendersvar/", replies.reply, name="reply"),
    path("min-kalender/", feed.my_calendar, name="my_calendar"),
    path("mote/<uuid:pk>/farger/", booking.colours, name="colours"),
    path("mote/<uuid:pk>/genomfort/", booking.hold, name="hold"),
    path("mote/<uuid:pk>/dagordning/", agenda.agenda, name="agenda"),
    path("dagordningspunkt/<uuid:pk>/", agenda.point, name="point"),
    path("mote/<uuid:pk>/forberedelse/", agenda.prepare, name="prepare"),
    path("infor-mote/<uuid:pk>/", agenda.before, name="before"),
    path("andringsforslag/<uuid:pk>/", agenda.change, name="change"),
    path("mote/<uuid:pk>/halla/", agenda.conduct, name="conduct"),
    path("mote/<uuid:pk>/skarm/", agenda.screen, name="screen"),
    path("mote/<uuid:pk>/bekrafta/", agenda.confirm, name="confirm"),
    path("mote/<uuid:pk>/lartillfalle/", agenda.learning, name="learning"),
    path("motesregler/", rules.programme_rules, name="rules"),
    path("motesregler/<slug:kind>/", rules.programme_rule, name="rule"),
    path("samverkan/<uuid:pk>/motesregler/", rules.rules_of_case, name="rules_of_case"),
    path("samverkan/<uuid:pk>/motesregler/<slug:kind>/", rules.rule_of_case, name="rule_of_case"),
]
