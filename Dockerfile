FROM python:3.13-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/srv/static \
    VAR_DIR=/srv/var

WORKDIR /srv/trepart

COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --no-deps --requirement requirements.lock

COPY . .
RUN python -m scripts.compile_messages \
    && python manage.py collectstatic --no-input --settings docker.collect_static \
    && useradd --system --no-create-home trepart \
    && install --directory --owner trepart /srv/var

USER trepart
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--config", "docker/gunicorn.py"]
