from django.urls import path

from sbs_workflow.views import cases, gaps, leaving, school_calendar

app_name = "sbs_workflow"
urlpatterns = [
    path("steg/<slug:machine>/<uuid:pk>/<slug:name>/", cases.step, name="step"),
    path("samverkan/ny/", cases.new_collaboration, name="new_collaboration"),
    path("samverkan/<uuid:pk>/uppgifter/", cases.describe, name="describe"),
    path("samverkan/<uuid:pk>/ny-enhet/", cases.new_unit, name="new_unit"),
    path("enhet-i-samverkan/<uuid:pk>/lamnar/", cases.unit_leaves, name="unit_leaves"),
    path("samverkan/<uuid:pk>/nytt-uppdrag/", cases.new_assignment, name="new_assignment"),
    path("lofte/<uuid:pk>/", cases.settle, name="settle_promise"),
    path("uppdrag/<uuid:pk>/slutar/", leaving.assignment_ends, name="assignment_ends"),
    path("roll/<uuid:pk>/slutar/", leaving.membership_ends, name="membership_ends"),
    path(
        "organisation/<uuid:pk>/personer/<uuid:person>/slutar/",
        leaving.person_leaves,
        name="person_leaves",
    ),
    path("stod/<uuid:person>/stang-konto/", leaving.close_account, name="close_account"),
    path("lov/", school_calendar.school_calendars, name="school_calendars"),
    path("lov/<uuid:pk>/", school_calendar.school_calendar, name="school_calendar"),
    path("lov/<uuid:pk>/nytt/", school_calendar.new_break, name="new_break"),
    path("lov/<uuid:pk>/nytt-lasar/", school_calendar.new_school_year, name="new_school_year"),
    path("lov/<uuid:pk>/forslag/<int:begins_in>/", school_calendar.adopt, name="adopt"),
    path("lov/<uuid:pk>/<uuid:period>/", school_calendar.edit_break, name="break"),
    path(
        "lov/<uuid:pk>/<uuid:period>/tas-bort/",
        school_calendar.break_goes,
        name="break_goes",
    ),
    path(
        "lov/<uuid:pk>/lasar/<uuid:period>/",
        school_calendar.edit_school_year,
        name="school_year",
    ),
    path(
        "lov/<uuid:pk>/lasar/<uuid:period>/tas-bort/",
        school_calendar.school_year_goes,
        name="school_year_goes",
    ),
    path("vakans/<uuid:pk>/", gaps.vacancy, name="vacancy"),
    path("adress/<uuid:pk>/", gaps.address, name="addresstrouble"),
]
