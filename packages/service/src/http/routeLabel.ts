import { type Route, routes } from "../api/routes.ts"

const patterns = Object.entries(routes).flatMap(([group, endpoints]) =>
  Object.entries<Route>(endpoints).map(([name, { method, path }]) => ({
    label: `${group}.${name}`,
    method,
    pattern: new RegExp(`^${path.replaceAll(/:[A-Za-z]+/g, "[^/]+")}$`),
  })),
)

const plain = new Set(["/metrics", "/openapi.json", "/docs"])

/** A name of few values for logs and metrics, which must not grow with what people ask for. */
export const routeLabel = (method: string, url: string): string => {
  const path = url.split("?")[0] ?? ""
  if (plain.has(path)) return path.slice(1)
  return patterns.find((route) => route.method === method && route.pattern.test(path))?.label ?? "unknown"
}
