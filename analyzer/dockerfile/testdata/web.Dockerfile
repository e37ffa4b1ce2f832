# syntax=docker/dockerfile:1

# The web application: built with pip, run by gunicorn.
ARG PYTHON_VERSION=3.13
FROM python:${PYTHON_VERSION}-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    # wheels only come from our own index
    PIP_INDEX_URL="https://pypi.example.com/simple"
WORKDIR /srv/app

FROM base AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        build-essential \
        # psycopg needs the headers
        libpq-dev \

        git \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt constraints.txt ./
RUN --mount=type=cache,target=/root/.cache/pip \
    --mount=type=secret,id=netrc,target=/root/.netrc \
    pip install --user --requirement requirements.txt --constraint constraints.txt
COPY . .
RUN python -m compileall -q src && \
    if [ -f setup.py ]; then pip install --user --no-deps .; fi

FROM base
LABEL org.opencontainers.image.title="web" org.opencontainers.image.vendor="Example Ltd."
RUN groupadd --system app && useradd --system --gid app --create-home app
COPY --from=build --chown=app:app /root/.local /home/app/.local
COPY --from=build --chown=app:app /srv/app/src ./src
ENV PATH=/home/app/.local/bin:$PATH
USER app
EXPOSE 8000/tcp 9000
HEALTHCHECK --interval=30s --timeout=3s CMD curl --fail http://localhost:8000/health || exit 1
ENTRYPOINT ["gunicorn", "--bind", "0.0.0.0:8000"]
CMD ["app.wsgi:application", "--workers", "4"]
