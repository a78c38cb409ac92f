import {
  ApiBlueprint,
  createFrontendPlugin,
  createRouteRef,
  discoveryApiRef,
  fetchApiRef,
  type OverridableFrontendPlugin,
  PageBlueprint,
  useRouteRef,
} from "@backstage/frontend-plugin-api"
import { EntityCardBlueprint, EntityContentBlueprint } from "@backstage/plugin-catalog-react/alpha"
import { RiMoneyDollarCircleLine } from "@remixicon/react"
import { type ComponentType, createElement } from "react"
import { slurmAccountAnnotation } from "./annotation.ts"
import { hpcBillingApiRef, makeHpcBillingApi } from "./api.ts"

const rootRouteRef = createRouteRef()

/** Where the host mounted the page, told to what links to it. */
const AtRoot = ({ view }: { readonly view: ComponentType<{ readonly root: string }> }) =>
  createElement(view, { root: useRouteRef(rootRouteRef)?.() ?? "/hpc-billing" })

const api = ApiBlueprint.make({
  params: (define) =>
    define({
      api: hpcBillingApiRef,
      deps: { discoveryApi: discoveryApiRef, fetchApi: fetchApiRef },
      factory: makeHpcBillingApi,
    }),
})

const page = PageBlueprint.make({
  params: {
    path: "/hpc-billing",
    title: "HPC billing",
    icon: <RiMoneyDollarCircleLine />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () => import("./HpcBillingPage.tsx").then(({ HpcBillingPage }) => <AtRoot view={HpcBillingPage} />),
  },
})

const projects = { kind: { $in: ["group", "system", "component", "resource"] } }
const annotated = { [`metadata.annotations.${slurmAccountAnnotation}`]: { $exists: true } }

/** For every project, so that one without an account reads how to name it. */
const entityContent = EntityContentBlueprint.make({
  name: "cost",
  params: {
    path: "/hpc-cost",
    title: "HPC cost",
    filter: projects,
    loader: () => import("./entity/EntityBilling.tsx").then(({ EntityBilling }) => <AtRoot view={EntityBilling} />),
  },
})

const entityCard = EntityCardBlueprint.make({
  name: "cost",
  params: {
    type: "content",
    filter: { $all: [projects, annotated] },
    loader: () => import("./entity/EntityCard.tsx").then(({ EntityCard }) => <AtRoot view={EntityCard} />),
  },
})

/** For apps of the new frontend system: one page, a tab and a card on entities, the client. */
export const hpcBillingPlugin: OverridableFrontendPlugin<{ readonly root: typeof rootRouteRef }> = createFrontendPlugin({
  pluginId: "hpc-billing",
  title: "HPC billing",
  icon: <RiMoneyDollarCircleLine />,
  routes: { root: rootRouteRef },
  extensions: [api, page, entityContent, entityCard],
})
