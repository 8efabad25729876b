from django.urls import path

from reports.views import (
    blanks,
    brief,
    deviations,
    files,
    finance,
    history,
    reading,
    rounds,
    synthesis,
    writing,
    yearly,
)

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
    path("redovisning/<uuid:pk>/avsteg/", deviations.take_up, name="take_up"),
    path("redovisningsfraga/<uuid:pk>/svara/", rounds.reply_to, name="reply"),
    path("samverkan/<uuid:pk>/slutredovisningar.docx", files.collected_reports, name="collected"),
    path("samverkan/<uuid:pk>/slutredovisningar.pdf", files.collected_in_pdf, name="collected_pdf"),
    path("samverkan/<uuid:pk>/sammanfattande-analys/", synthesis.synthesis, name="synthesis"),
    path(
        "samverkan/<uuid:pk>/sammanfattande-analys.docx",
        synthesis.synthesis_in_word,
        name="synthesis_word",
    ),
    path(
        "samverkan/<uuid:pk>/sammanfattande-analys.pdf",
        synthesis.synthesis_in_pdf,
        name="synthesis_pdf",
    ),
    path("sammanfattande-analys/<uuid:pk>/", synthesis.written, name="written_synthesis"),
    path("sammanfattande-analys/<uuid:pk>/skriv/", synthesis.write, name="write_synthesis"),
    path(
        "sammanfattande-analys/<uuid:pk>/skriv/<slug:section>/",
        synthesis.section,
        name="synthesis_section",
    ),
    path(
        "sammanfattande-analys/<uuid:pk>/sammanfattande-analys.docx",
        synthesis.written_in_word,
        name="written_synthesis_word",
    ),
    path(
        "sammanfattande-analys/<uuid:pk>/sammanfattande-analys.pdf",
        synthesis.written_in_pdf,
        name="written_synthesis_pdf",
    ),
    path("larosatesrapport/<uuid:pk>/", writing.university_report, name="university_report"),
    path(
        "larosatesrapport/<uuid:pk>/skriv/<slug:section>/",
        writing.university_write,
        name="university_write",
    ),
    path(
        "larosatesrapport/<uuid:pk>/skriver/", writing.university_writers, name="university_writers"
    ),
    path(
        "larosatesrapport/<uuid:pk>/forhandsvisning/",
        files.university_preview,
        name="university_preview",
    ),
    path(
        "larosatesrapport/<uuid:pk>/rapport.docx",
        files.university_in_word,
        name="university_in_word",
    ),
    path(
        "larosatesrapport/<uuid:pk>/rapport.pdf", files.university_in_pdf, name="university_in_pdf"
    ),
    path(
        "larosatesrapport/<uuid:pk>/inlamnad-<int:number>.docx",
        files.university_frozen,
        name="university_frozen",
    ),
    path(
        "larosatesrapport/<uuid:pk>/skillnader/",
        rounds.university_differences,
        name="university_differences",
    ),
    path("regeringsredovisning/<uuid:pk>/aret.docx", yearly.yearly_in_word, name="yearly_in_word"),
    path("regeringsredovisning/<uuid:pk>/aret.pdf", yearly.yearly_in_pdf, name="yearly_in_pdf"),
    path("atgardsplan/<uuid:pk>/tidigare-redovisningar/", history.bring_in, name="bring_in"),
    path(
        "samverkan/<uuid:pk>/tidigare-insatser/",
        history.earlier_insatser_of,
        name="earlier_insatser",
    ),
    path("tidigare-insats/<uuid:pk>/", history.earlier_insats, name="earlier_insats"),
    path(
        "tidigare-insats/<uuid:pk>/ta-tillbaka/", history.take_back_insats, name="take_back_insats"
    ),
    path("ekonomi/<uuid:pk>/", finance.report, name="finance"),
    path("ekonomi/<uuid:pk>/insats/<int:number>/", finance.insats, name="finance_insats"),
    path("ekonomi/<uuid:pk>/kontakt/", finance.contact, name="finance_contact"),
    path("ekonomi/<uuid:pk>/las-in/", finance.read_in, name="finance_read_in"),
    path("ekonomi/<uuid:pk>/ekonomisk-redovisning.xlsx", finance.in_excel, name="finance_in_excel"),
    path("ekonomi/<uuid:pk>/inlamnad-<int:number>.xlsx", finance.frozen, name="finance_frozen"),
    path("blanketter/", blanks.forms, name="templates"),
    path("blanketter/<slug:kind>.docx", blanks.blank, name="blank_form"),
    path("blanketter/<uuid:pk>/", blanks.form, name="template"),
    path("mote/<uuid:pk>/underlag/", brief.brief, name="brief"),
    path("mote/<uuid:pk>/underlag.docx", brief.brief_in_word, name="brief_in_word"),
    path("mote/<uuid:pk>/underlag.pdf", brief.brief_in_pdf, name="brief_in_pdf"),
]
