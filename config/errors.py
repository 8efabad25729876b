"""What people read when a request has failed."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

BACK_WITHIN_SECONDS = "30"


def failed(request: HttpRequest) -> HttpResponse:
    """503 while the database is away, waits for too long or has a full disk: it passes by itself.

    Django calls this while it handles the exception.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return HttpResponse(
            render_to_string("503.html"),
            status=503,
            headers={"Retry-After": BACK_WITHIN_SECONDS},
        )
    return server_error(request)
