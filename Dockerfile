# The modules that the service needs at run time. None of them is compiled or runs an install script.
FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# npm brings a Node 24 along for machines with an older one; this image has its own.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
    && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=modules /app/node_modules ./node_modules
COPY package.json ./
COPY bin ./bin
COPY assets ./assets
COPY locales ./locales
COPY src ./src
# The store lies here. Nothing else is written.
RUN mkdir data && chown node:node data
USER node
VOLUME /app/data
EXPOSE 8080
# Leave server.port at 8080 inside the container, or name the other one here: -e HEALTH_PORT=…
ENV HEALTH_PORT=8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HEALTH_PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# docker run -v ./breakerbot.yaml:/app/breakerbot.yaml:ro -v breakerbot:/app/data --env-file breakerbot.env -p 8080:8080 breakerbot
ENTRYPOINT ["node", "bin/breakerbot.js"]
CMD ["start"]
