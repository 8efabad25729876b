from django.urls import path

from reminders import views

app_name = "reminders"
urlpatterns = [
    path("att-gora/", views.to_do, name="to_do"),
    path("att-gora/antal/", views.bell, name="bell"),
    path("att-gora/<uuid:pk>/<str:rule>/vanta/", views.snooze_duty, name="snooze"),
    path("att-gora/<uuid:pk>/<str:rule>/undanta/", views.waive_duty, name="waive"),
    path("att-gora/<uuid:pk>/<str:rule>/anda/", views.ask_again, name="ask_again"),
    path("utskick/", views.coming, name="coming"),
    path(
        "utskick/<uuid:pk>/<str:rule>/<str:step>/inte-den-har/", views.leave_out, name="leave_out"
    ),
    path("paminnelser/", views.mail_choice, name="mail_choice"),
    path("paminnelser/avsluta/<str:token>/", views.stop_mail, name="stop_mail"),
    path("regler/", views.programme_rules, name="rules"),
    path("regler/<str:rule>/", views.programme_rule, name="rule"),
    path("samverkan/<uuid:pk>/regler/", views.rules_of_case, name="rules_of_case"),
    path("samverkan/<uuid:pk>/regler/<str:rule>/", views.rule_of_case, name="rule_of_case"),
    path("drift/", views.operation, name="operation"),
    path("drift/<int:number>/", views.settle_message, name="settle_message"),
]
