"""What the demo adds to the pages."""

from typing import Any

from django.http import HttpRequest

from cases.accounts import DEMO_ACCOUNTS


def demo(request: HttpRequest) -> dict[str, Any]:
    """The accounts that one can try; switched on by settings.DEMO only."""
    return {"demo_accounts": DEMO_ACCOUNTS}
