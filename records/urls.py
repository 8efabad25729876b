from django.urls import path

from records import views

app_name = "records"
urlpatterns = [
    path("samverkan/<uuid:pk>/lasningar/", views.readings, name="readings"),
    path("samverkan/<uuid:pk>/handlingar/", views.papers, name="papers"),
    path(
        "samverkan/<uuid:pk>/handlingar/<slug:machine>/<uuid:key>/",
        views.register_paper,
        name="register_paper",
    ),
    path("samverkan/<uuid:pk>/arkiv.zip", views.archive, name="archive"),
    path("samverkan/<uuid:pk>/gallringsstopp/", views.hold, name="hold"),
    path("diarium/", views.registers, name="registers"),
    path("diarium/<uuid:key>/", views.register_list, name="register"),
    path("diarium/<uuid:key>/diarium.csv", views.register_file, name="register_file"),
    path("gallring/", views.retention, name="retention"),
    path("gallring/beslut/", views.thin_out, name="thin_out"),
    path("mina-uppgifter/", views.my_data, name="my_data"),
    path("mina-uppgifter/registerutdrag.json", views.my_data_file, name="my_data_file"),
    path("mina-uppgifter/namn/", views.my_name, name="my_name"),
    path("uppgifter/", views.people, name="people"),
    path("uppgifter/<uuid:key>/", views.person, name="person"),
    path("uppgifter/<uuid:key>/registerutdrag.json", views.person_file, name="person_file"),
    path("uppgifter/<uuid:key>/skydda/", views.protect_person, name="protect"),
    path("uppgifter/<uuid:key>/stang/", views.pseudonymise_person, name="pseudonymise"),
]
