import {
  createApiFactory,
  createComponentExtension,
  createPlugin,
  createRoutableExtension,
  createRouteRef,
  discoveryApiRef,
  fetchApiRef,
  useRouteRef,
} from "@backstage/core-plugin-api"
import { type ComponentType, createElement, type JSX } from "react"
import { hpcBillingApiRef, makeHpcBillingApi } from "./api.ts"

const rootRouteRef = createRouteRef({ id: "hpc-billing" })

const atRoot =
  (view: ComponentType<{ readonly root: string }>): (() => JSX.Element) =>
  () =>
    createElement(view, { root: useRouteRef(rootRouteRef)() })

/** For apps of the old frontend system, built with `createApp` of `@backstage/app-defaults`. */
export const hpcBillingLegacyPlugin = createPlugin({
  id: "hpc-billing",
  routes: { root: rootRouteRef },
  apis: [
    createApiFactory({
      api: hpcBillingApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: makeHpcBillingApi,
    }),
  ],
})

/** The page, for a route such as `/hpc-billing`. */
export const HpcBillingPage = hpcBillingLegacyPlugin.provide(
  createRoutableExtension({
    name: "HpcBillingPage",
    component: () => import("./HpcBillingPage.tsx").then((module) => atRoot(module.HpcBillingPage)),
    mountPoint: rootRouteRef,
  }),
)

/** The tab of an entity. */
export const EntityHpcBillingContent = hpcBillingLegacyPlugin.provide(
  createComponentExtension({
    name: "EntityHpcBillingContent",
    component: { lazy: () => import("./entity/EntityBilling.tsx").then((module) => atRoot(module.EntityBilling)) },
  }),
)

/** The card of an entity. */
export const EntityHpcBillingCard = hpcBillingLegacyPlugin.provide(
  createComponentExtension({
    name: "EntityHpcBillingCard",
    component: { lazy: () => import("./entity/EntityCard.tsx").then((module) => atRoot(module.EntityCard)) },
  }),
)
