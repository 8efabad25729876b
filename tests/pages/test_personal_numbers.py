"""No page of the product takes a personal identity number, whichever of its texts it stands in."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from django import forms
from django.test import Client

from organisations.models import User
from tests.cast import Cast
from tests.pages.catalogue import FORMS, PageOfObject
from tests.pages.stage import Stage
from tests.pages.test_every_page import answers, message_beside, undone, whoever_does

LogIn = Callable[[User | None], Client]


@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.id)
def test_a_personal_number_is_caught_in_every_text(
    page: PageOfObject, cast: Cast, stage: Stage, log_in: LogIn
):
    client, url = log_in(whoever_does(page, cast)), page.url(stage)
    right = answers(page, cast, stage)
    form = client.get(url).context["form"]
    texts = [
        field.name
        for field in form
        if field.widget_type in ("text", "textarea")
        if not isinstance(field.field, forms.DecimalField)
    ]
    for name in texts:
        with undone():
            response = client.post(url, right | {name: "Eleven (811218-9876) läser."})
        assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, name
        assert "811218-****" in message_beside(response, name)
    if not texts:
        pytest.skip("asks for no text")
