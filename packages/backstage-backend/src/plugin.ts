import { coreServices, createBackendPlugin } from "@backstage/backend-plugin-api"
import { catalogServiceRef } from "@backstage/plugin-catalog-node"
import { makeNodeHandler } from "@hpc-billing/service"
import { auditRequests } from "./audit/auditRequests.ts"
import { openHostStore } from "./database/openHostStore.ts"
import { makeIdentify } from "./identity/makeIdentify.ts"
import { scheduleIngestion } from "./ingestion/scheduleIngestion.ts"
import { hpcBillingPermissions } from "./permissions/hpcBillingPermissions.ts"
import { policyLimits } from "./permissions/policyLimits.ts"
import { type AccountResource, accountResourceRef, accountRules } from "./permissions/rules.ts"
import { readSettings, type Settings } from "./settings.ts"

/** The paths of the service: it refuses who is not signed in by itself, in its own words. */
const servicePaths = ["/v1", "/health", "/ready", "/metrics", "/openapi.json", "/docs"]

/** Swagger UI carries its script and style in its page, which a host's own policy forbids. */
const docsPolicy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; frame-ancestors 'none'"

const accountOf = (ref: string, { tenants }: Settings): AccountResource | undefined => {
  const slash = ref.indexOf("/")
  const tenant = ref.slice(0, Math.max(0, slash))
  return tenants.has(tenant) ? { tenant, account: ref.slice(slash + 1) } : undefined
}

export const hpcBillingPlugin = createBackendPlugin({
  pluginId: "hpc-billing",
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
        userInfo: coreServices.userInfo,
      },
      async init(host) {
        const { config, database, httpRouter, lifecycle, logger, permissionsRegistry } = host
        const settings = await readSettings(config)
        const { store, tenants, close } = await openHostStore(database, settings, logger)
        permissionsRegistry.addResourceType({
          resourceRef: accountResourceRef,
          permissions: Object.values(hpcBillingPermissions),
          rules: Object.values(accountRules),
          getResources: async (refs) => refs.map((ref) => accountOf(ref, settings)),
        })
        const limits = policyLimits(host.permissions, permissionsRegistry)
        const handler = await makeNodeHandler({
          store,
          tenants,
          identify: makeIdentify({ ...host, limits }, settings),
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
        await scheduleIngestion(host.scheduler, { settings, store, logger })
        for (const path of servicePaths) httpRouter.addAuthPolicy({ path, allow: "unauthenticated" })
        httpRouter.use(auditRequests(host.auditor, logger))
        httpRouter.use((request, response) => {
          if (request.path === "/docs") response.setHeader("content-security-policy", docsPolicy)
          handler.handle(request, response)
        })
      },
    })
  },
})
