"""What is kept out of the logs."""

import logging
import re

# Whoever reads one of these may use it: the link to answer on, a person's own calendar,
# and an invitation.
PERSONAL_LINK = re.compile(
    r"(?<=/svar/)[^/\s'\"]+|(?<=/valkommen/)[^/\s'\"]+|(?<=/kalender/)[^/\s'\"]+(?=\.ics)"
)


class WithoutPersonalLinks(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if PERSONAL_LINK.search(message):
            record.msg, record.args = PERSONAL_LINK.sub("…", message), ()
        return True
