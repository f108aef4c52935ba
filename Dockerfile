# The bot alone: built where pip is, run where it is not.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements/build.txt requirements/bot.txt requirements/
RUN python -m venv /opt/bot \
 && /opt/bot/bin/pip install --no-cache-dir --require-hashes -r requirements/bot.txt \
 && python -m pip install --no-cache-dir --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY sandbox sandbox
RUN python -m pip wheel --no-deps --no-build-isolation -w /wheels . \
 && /opt/bot/bin/pip install --no-cache-dir --no-deps /wheels/*.whl \
 && rm -rf /opt/bot/lib/python3.11/site-packages/sandbox /opt/bot/bin/cph-sandbox \
 && /opt/bot/bin/pip uninstall -y pip setuptools

FROM python:3.11-slim
RUN python -m pip uninstall -y pip setuptools wheel \
 && rm -rf /usr/local/lib/python3.11/ensurepip \
 && groupadd --system --gid 10001 cph-bot \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/cph-bot --create-home cph-bot \
 && install -d -o cph-bot /var/lib/cph-bot/data
COPY --from=build /opt/bot /opt/bot
USER cph-bot
WORKDIR /var/lib/cph-bot
# A library of Slack asks for the home folder, which a uid that the image does not know has not.
ENV PATH=/opt/bot/bin:$PATH HOME=/var/lib/cph-bot PYTHONUNBUFFERED=1 CPH_BOT_LISTEN=0.0.0.0:3000
EXPOSE 3000
VOLUME /var/lib/cph-bot/data
HEALTHCHECK --interval=10s --timeout=3s --start-period=90s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:3000/healthz', timeout=2)"]
ENTRYPOINT ["cph-bot"]
CMD ["run"]
