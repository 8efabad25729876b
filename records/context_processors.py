"""What the menu on every page asks of this house, at no question to the database."""

from typing import Any

from django.http import HttpRequest

from organisations.models import User
from records.permissions import keeps_a_register


def menu(request: HttpRequest) -> dict[str, Any]:
    """Nothing on the pages of strangers, nor on those that answer before roles are loaded."""
    person = getattr(request, "user", None)
    if not isinstance(person, User) or "roles_held" not in person.__dict__:
        return {}
    return {"keeps_a_register": keeps_a_register(person)}
