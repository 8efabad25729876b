"""Exit code 0 when the web process answers as it would answer the proxy."""

import os
import urllib.request

request = urllib.request.Request(
    "http://127.0.0.1:8000/health",
    headers={"Host": os.environ["ALLOWED_HOSTS"].split(",")[0], "X-Forwarded-Proto": "https"},
)
urllib.request.urlopen(request, timeout=5).close()
