# One image for web, workers and beat; docker-compose.yml says which process each container runs.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils \
        poppler-data fonts-wqy-microhei postgresql-client \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.lock

COPY . .
RUN python bin/compile-messages \
    && useradd --create-home --uid 1000 portal \
    && install -d -o portal -g portal /data

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data HOST=0.0.0.0
USER portal
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "mission1000.wsgi"]
