# jarvis-load as an image: docker build -t jarvis-load:local .
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY . .
# Without its sources the command does not look whether it has to be built again.
RUN npm ci --ignore-scripts && npm run build && npm prune --omit=dev --ignore-scripts && rm -rf apps/cli/src .nx

FROM node:22-bookworm-slim
COPY --from=build /app /app
# Results go below the working directory, unless --report-dir says otherwise.
WORKDIR /work
RUN chown 1000:1000 /work
USER 1000
ENTRYPOINT ["node", "/app/apps/cli/bin/jarvis-load.js"]
