"""How gunicorn serves Trepart in a container; the proxy before it speaks TLS."""

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
graceful_timeout = 30
worker_tmp_dir = "/dev/shm"
