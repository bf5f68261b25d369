# The image holds Node, the few libraries that it needs, and the program: no shell, no package manager, no npm.
# «npm run image» runs these steps without Docker and starts what comes of them.

# The version that npm brings along elsewhere, too (package.json).
FROM node:24.21.0-bookworm-slim AS parts
SHELL ["/bin/bash", "-o", "pipefail", "-ec"]

# strip takes the debugger's tables out of Node, 18 MB.
RUN command -v strip > /dev/null \
    || { apt-get update && apt-get install -y --no-install-recommends binutils && rm -rf /var/lib/apt/lists/*; }

WORKDIR /parts/app
COPY package.json package-lock.json .npmrc ./
# None of the modules is compiled or runs an install script. Of what they bring, what no program reads is left out.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && rm -rf node_modules/node-linux-* node_modules/.bin \
    && find node_modules -type d -regextype posix-extended \
        -regex '.*/(tests?|__tests__|benchmarks?|bench|examples?|docs)|node_modules/zod/src' -prune -exec rm -rf {} + \
    && find node_modules -type f -regextype posix-extended \
        -regex '.*\.(map|md|markdown|tsbuildinfo|cpp|d\.[cm]?ts)' -delete

WORKDIR /parts/system
# With every library that Node or the drawing is linked to, and with what the system's name look-ups want to know.
RUN install -D -s "$(command -v node)" usr/local/bin/node \
    && ldd "$(command -v node)" /parts/app/node_modules/@napi-rs/canvas-*/*.node \
        | grep -o '/lib[^ ]*' | sort -u | xargs cp --parents --dereference --target-directory=. \
    && mkdir etc && mkdir -m 1777 tmp \
    && echo 'breakerbot:x:1000:1000::/app:/nonexistent' > etc/passwd \
    && echo 'breakerbot:x:1000:' > etc/group \
    && echo 'hosts: files dns' > etc/nsswitch.conf

# The store lies here. Nothing else is written.
WORKDIR /parts/data

FROM scratch
LABEL org.opencontainers.image.title="BreakerBot" \
      org.opencontainers.image.description="Breaker alarms as cards in WeCom, DingTalk and Telegram, answers as signed commands" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
# V8 and malloc would take what the machine has.
ENV NODE_ENV=production PATH=/usr/local/bin NODE_OPTIONS=--max-semi-space-size=8 MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=parts /parts/system /
COPY --from=parts --chown=1000:1000 /parts/data ./data
COPY --from=parts /parts/app ./
COPY bin ./bin
COPY assets ./assets
COPY locales ./locales
COPY src ./src
USER 1000:1000
VOLUME ["/app/data"]
EXPOSE 8080
# Leave server.port at 8080 inside the container, or name the other one here: -e HEALTH_PORT=…
ENV HEALTH_PORT=8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
# As in deploy/systemd/breakerbot.service.
ENTRYPOINT ["node", "--memory-saver-mode", "--min-semi-space-size=4", "--heap-growing-percent=100", "bin/breakerbot.js"]
CMD ["start"]
