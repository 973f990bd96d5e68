# One image for all processes: `graphrisk up --only api | scores | worker`, `graphrisk load`, `graphrisk detect`.
# It contains igraph (GPL-2.0-or-later): whoever passes it on follows the GPL, see docs/licences.md.

FROM python:3.11.14-slim-bookworm AS wheel
WORKDIR /source
COPY requirements.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY graphrisk graphrisk
COPY schema schema
COPY loaders loaders
COPY algorithms algorithms
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM python:3.11.14-slim-bookworm AS environment
COPY requirements-run.lock ./
RUN python -m venv /opt/graphrisk \
    && /opt/graphrisk/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-run.lock
COPY --from=wheel /wheel /wheel
RUN /opt/graphrisk/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /wheel/*.whl

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin graphrisk \
    && install --directory --owner=graphrisk --group=graphrisk --mode=0750 /data /cache
COPY --from=environment /opt/graphrisk /opt/graphrisk
# Compiled kernels go to /cache, everything else that is written to /data and /tmp: the rest may be read-only.
ENV PATH=/opt/graphrisk/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    NUMBA_CACHE_DIR=/cache \
    GRAPHRISK_STORE=sqlite:////data/graph.db \
    GRAPHRISK_DATA_DIR=/data \
    GRAPHRISK_HOST=0.0.0.0
USER 10001:10001
WORKDIR /data
VOLUME ["/data", "/cache"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('GRAPHRISK_PORT', '8000') + '/readyz', timeout=4)"]
ENTRYPOINT ["graphrisk"]
CMD ["up"]
