import type { Entity } from "@backstage/catalog-model"
import { renderInTestApp } from "@backstage/frontend-test-utils"
import { EntityProvider } from "@backstage/plugin-catalog-react"
import { makeClient, type Role } from "@hpc-billing/service/api"
import { Route, Routes } from "react-router-dom"
import { hpcBillingApiRef } from "../api.ts"
import { EntityBilling } from "../entity/EntityBilling.tsx"
import { HpcBillingPage } from "../HpcBillingPage.tsx"
import { type Answers, serviceFetch } from "./serviceFetch.ts"

/** The plugin's page at an address, as a person of a role would open it. */
export const renderPortal = (role: Role, path: string, changed: Answers = {}) => {
  const service = serviceFetch(role, changed)
  const apis = [[hpcBillingApiRef, makeClient("", service.fetch)]] as const
  renderInTestApp(
    <Routes>
      <Route path="/hpc-billing/*" element={<HpcBillingPage root="/hpc-billing" />} />
    </Routes>,
    { apis, initialRouteEntries: [`/hpc-billing${path}`] },
  )
  return service
}

export const renderEntity = (entity: Entity, changed: Answers = {}) => {
  const service = serviceFetch("project-owner", changed)
  renderInTestApp(
    <EntityProvider entity={entity}>
      <EntityBilling root="/hpc-billing" />
    </EntityProvider>,
    { apis: [[hpcBillingApiRef, makeClient("", service.fetch)]] },
  )
  return service
}
