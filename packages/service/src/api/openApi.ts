import { OpenApi } from "effect/http-api"
import { Api } from "./Api.ts"
import { permissions } from "./permissions.ts"
import { type Route, routes } from "./routes.ts"

/** The OpenAPI 3.1 document of the service, with the sign-in that each host brings and the permission that each route asks. */
export const openApiDocument = (): Record<string, unknown> => {
  const { components, paths, ...rest } = OpenApi.fromApi(Api)
  const described: Record<string, unknown> = { ...paths }
  for (const endpoints of Object.values(routes)) {
    for (const { method, path, permission } of Object.values<Route>(endpoints)) {
      const key = path.replaceAll(/:([A-Za-z]+)/g, "{$1}")
      const operations = described[key] as Record<string, object>
      const name = method.toLowerCase()
      const asked = permission === null || permission === "signed-in" ? {} : { "x-permission": permissions[permission].name }
      described[key] = {
        ...operations,
        [name]: { ...operations[name], ...asked, security: permission === null ? [] : [{ bearer: [] }, { session: [] }] },
      }
    }
  }
  return {
    ...rest,
    servers: [{ url: "." }],
    paths: described,
    components: {
      ...components,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "The token of the host that mounts the service" },
        session: { type: "apiKey", in: "cookie", name: "hpc-billing-session", description: "The session of a host with its own sign-in" },
      },
    },
  }
}
