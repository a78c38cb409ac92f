import { coreServices, createBackendPlugin } from "@backstage/backend-plugin-api"
import { catalogServiceRef } from "@backstage/plugin-catalog-node"
import { makeNodeHandler } from "@hpc-billing/service"
import { openHostStore } from "./database/openHostStore.ts"
import { makeIdentify } from "./identity/makeIdentify.ts"
import { readSettings } from "./settings.ts"

/** The paths of the service: it refuses who is not signed in by itself, in its own words. */
const servicePaths = ["/v1", "/health", "/ready", "/metrics", "/openapi.json", "/docs"]

export const hpcBillingPlugin = createBackendPlugin({
  pluginId: "hpc-billing",
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        userInfo: coreServices.userInfo,
      },
      async init({ auth, catalog, config, database, httpAuth, httpRouter, lifecycle, logger, userInfo }) {
        const settings = await readSettings(config)
        const { store, tenants, close } = await openHostStore(database, settings, logger)
        const handler = await makeNodeHandler({
          store,
          tenants,
          identify: makeIdentify({ auth, httpAuth, userInfo, catalog }, settings),
          log: ({ kind, level, message, ...rest }) => {
            if (kind === "event") logger.error(String(message), rest)
            else logger.debug("request", rest)
          },
          ...(settings.metricsToken === null ? {} : { metricsToken: settings.metricsToken }),
        })
        lifecycle.addShutdownHook(async () => {
          await handler.close()
          await close()
        })
        for (const path of servicePaths) httpRouter.addAuthPolicy({ path, allow: "unauthenticated" })
        httpRouter.use((request, response) => handler.handle(request, response))
      },
    })
  },
})
