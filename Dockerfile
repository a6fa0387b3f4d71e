FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY --from=build /app/migrations ./migrations
COPY --from=build /app/views ./views
COPY --from=build /app/public ./public
RUN mkdir -p /data && chown node:node /data
USER node
ENV TCE_DATA_DIR=/data TCE_SERVER_HOST=0.0.0.0
EXPOSE 8080
ENTRYPOINT ["node", "dist/main.js"]
CMD ["serve"]
