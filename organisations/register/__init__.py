"""What the register of schools says, read from a file and compared with what stands here."""

from organisations.register.comparing import Change, Comparison, compare
from organisations.register.reading import NotARegisterError, Row, read_register

__all__ = ["Change", "Comparison", "NotARegisterError", "Row", "compare", "read_register"]
