"""The product with all that a first page loads: a process that was killed is replaced at once."""

from django.db import connections
from django.test import Client
from django.urls import reverse

from config.wsgi import application

__all__ = ["application"]

Client().get(reverse("account_login"), headers={"host": "127.0.0.1"})
connections.close_all()
