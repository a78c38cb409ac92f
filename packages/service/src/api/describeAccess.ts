import { permissions } from "./permissions.ts"
import { type Route, routes } from "./routes.ts"

/** Adds to an OpenAPI document the sign-in that each host brings and the permission that each route asks. */
export const describeAccess = (document: Record<string, unknown>): Record<string, unknown> => {
  const paths: Record<string, unknown> = { ...(document.paths as object) }
  for (const endpoints of Object.values(routes)) {
    for (const { method, path, permission } of Object.values<Route>(endpoints)) {
      const key = path.replaceAll(/:([A-Za-z]+)/g, "{$1}")
      const operations = paths[key] as Record<string, object>
      const name = method.toLowerCase()
      const asked = permission === null || permission === "signed-in" ? {} : { "x-permission": permissions[permission].name }
      paths[key] = {
        ...operations,
        [name]: { ...operations[name], ...asked, security: permission === null ? [] : [{ bearer: [] }, { session: [] }] },
      }
    }
  }
  return {
    ...document,
    paths,
    components: {
      ...(document.components as object),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "The token of the host that mounts the service" },
        session: { type: "apiKey", in: "cookie", name: "hpc-billing-session", description: "The session of a host with its own sign-in" },
      },
    },
  }
}
