# The service without its tests. The locked packages come first, so that a change of the sources does not install them again.
FROM python:3.12-slim-bookworm AS build
WORKDIR /src
COPY requirements/run.txt requirements/
RUN python -m venv /opt/aelus && /opt/aelus/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /opt/aelus/bin/pip install --no-cache-dir --no-deps .

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/aelus --create-home aelus
COPY --from=build /opt/aelus /opt/aelus
ENV PATH=/opt/aelus/bin:$PATH PYTHONUNBUFFERED=1 AELUS_HOME=/var/lib/aelus
USER aelus
WORKDIR /var/lib/aelus
VOLUME /var/lib/aelus
CMD ["aelus", "serve"]
