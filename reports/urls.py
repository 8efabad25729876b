from django.urls import path

from reports.views import blanks, brief, files, reading, rounds, synthesis, writing

app_name = "reports"
urlpatterns = [
    path("redovisning/<uuid:pk>/", writing.report, name="report"),
    path("redovisning/<uuid:pk>/skriv/<slug:section>/", writing.write, name="write"),
    path("redovisning/<uuid:pk>/skriver/", writing.writers, name="writers"),
    path("redovisning/<uuid:pk>/forhandsvisning/", files.preview, name="preview"),
    path("redovisning/<uuid:pk>/redovisning.docx", files.in_word, name="in_word"),
    path("redovisning/<uuid:pk>/redovisning.pdf", files.in_pdf, name="in_pdf"),
    path("redovisning/<uuid:pk>/inlamnad-<int:number>.docx", files.frozen, name="frozen"),
    path("redovisning/<uuid:pk>/skillnader/", rounds.differences, name="differences"),
    path("redovisning/<uuid:pk>/komplettera/", rounds.return_for_completion, name="return"),
    path("redovisning/<uuid:pk>/las-in/", reading.read_in, name="read_in"),
    path("redovisningsfraga/<uuid:pk>/svara/", rounds.reply_to, name="reply"),
    path("samverkan/<uuid:pk>/slutredovisningar.docx", files.collected_reports, name="collected"),
    path("samverkan/<uuid:pk>/sammanfattande-analys/", synthesis.synthesis, name="synthesis"),
    path(
        "samverkan/<uuid:pk>/sammanfattande-analys.docx",
        synthesis.synthesis_in_word,
        name="synthesis_word",
    ),
    path("blanketter/", blanks.forms, name="templates"),
    path("blanketter/<uuid:pk>/", blanks.form, name="template"),
    path("mote/<uuid:pk>/underlag/", brief.brief, name="brief"),
    path("mote/<uuid:pk>/underlag.docx", brief.brief_in_word, name="brief_in_word"),
]
