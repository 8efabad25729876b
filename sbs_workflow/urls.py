app_name = "sbs_workflow"
urlpatterns: list[object] = []
