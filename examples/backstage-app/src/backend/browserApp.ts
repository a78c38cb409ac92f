import { join } from "node:path"
import { coreServices, createBackendPlugin } from "@backstage/backend-plugin-api"
import express from "express"

/** Serves the built browser app; every path that is no file is a page of it. */
export const browserApp = (folder: string) =>
  createBackendPlugin({
    pluginId: "app",
    register(env) {
      env.registerInit({
        deps: { router: coreServices.httpRouter },
        async init({ router }) {
          router.use(express.static(folder, { index: false, maxAge: "1h" }))
          router.use((request, response, next) => {
            if (request.method !== "GET" || request.path.startsWith("/api/")) next()
            else response.sendFile(join(folder, "index.html"), { headers: { "cache-control": "no-store" } })
          })
          router.addAuthPolicy({ path: "/", allow: "unauthenticated" })
        },
      })
    },
  })
