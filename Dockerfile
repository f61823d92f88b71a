# The service without its tests, its hot modules compiled. The locked packages come first, so that a change of the sources does not install them again.
FROM python:3.12-slim-bookworm AS packages
COPY requirements/run.txt requirements/
RUN python -m venv /opt/aelus && /opt/aelus/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt

FROM python:3.12-bookworm AS wheel
WORKDIR /src
COPY requirements/dev.txt requirements/
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/dev.txt
COPY pyproject.toml setup.py README.md LICENSE ./
COPY src src
RUN AELUS_COMPILE=1 .venv/bin/pip wheel --no-build-isolation --no-deps --wheel-dir dist .

FROM packages AS installed
COPY --from=wheel /src/dist dist
RUN /opt/aelus/bin/pip install --no-cache-dir --no-deps dist/*.whl

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/aelus --create-home aelus
COPY --from=installed /opt/aelus /opt/aelus
ENV PATH=/opt/aelus/bin:$PATH PYTHONUNBUFFERED=1 AELUS_HOME=/var/lib/aelus
USER aelus
WORKDIR /var/lib/aelus
VOLUME /var/lib/aelus
CMD ["aelus", "serve"]
