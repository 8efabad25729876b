"""Celery wakes a few tasks and stores nothing: the database knows what is due (reliability.md 4.3).

No ETA, countdown or retry for anything a person sees: they double. A lost wake-up costs one
interval.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("trepart")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    enable_utc=True,
    timezone="UTC",  # intervals only, so that no change to summer time is ever met
    accept_content=["json"],
    task_ignore_result=True,
    # The lease in the database recovers what a killed worker held; late acks would only double it.
    task_acks_late=False,
    task_publish_retry=False,
    task_soft_time_limit=240,
    task_time_limit=300,
    worker_prefetch_multiplier=1,
    worker_concurrency=2,
    worker_max_tasks_per_child=200,
    worker_max_memory_per_child=300_000,
    worker_soft_shutdown_timeout=30,
    worker_enable_remote_control=False,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    # A message that waited longer than its interval is worthless: the next one is on its way.
    beat_schedule={
        "tick": {
            "task": "notifications.tick",
            "schedule": 60.0,
            "options": {"expires": 55},
        },
        "send": {
            "task": "notifications.send_some",
            "schedule": 5.0,
            "options": {"expires": 5},
        },
    },
    beat_schedule_filename=str(settings.VAR_DIR / "celerybeat-schedule"),
)
if settings.REPLIES_URL:
    app.conf.beat_schedule["read_mailbox"] = {
        "task": "notifications.read_mailbox",
        "schedule": 300.0,
        "options": {"expires": 290},
    }
app.autodiscover_tasks(["notifications"])

if settings.CELERY_BROKER_URL.startswith("filesystem:"):
    _queue, _done, _control = (
        settings.VAR_DIR / "broker" / name for name in ("queue", "done", "control")
    )
    for _folder in (_queue, _done, _control):
        _folder.mkdir(parents=True, exist_ok=True)
    app.conf.broker_transport_options = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "processed_folder": str(_done),
        "store_processed": False,
        "control_folder": str(_control),
    }
else:
    # A frozen broker must not hold a process: without these it blocks for more than 75 seconds.
    app.conf.broker_transport_options = {
        "socket_connect_timeout": 2,
        "socket_timeout": 5,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "retry_on_timeout": False,
        "visibility_timeout": 3600,
    }
