"""Secrets that must be read again, kept so that a copy of the database alone does not tell them."""

import base64
from functools import cache
from hashlib import sha256

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def seal(secret: str) -> str:
    return _locks().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed; raises ``cryptography.fernet.InvalidToken`` under another SECRET_KEY."""
    return _locks().decrypt(sealed.encode()).decode()


def _locks() -> MultiFernet:
    """The present key first; older ones still open what they closed."""
    return MultiFernet(
        [_lock(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


@cache
def _lock(key: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(b"organisations.login:" + key.encode()).digest()))
