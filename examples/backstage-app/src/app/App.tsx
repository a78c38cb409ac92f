import { createApp } from "@backstage/frontend-defaults"
import { createFrontendModule, PageBlueprint } from "@backstage/frontend-plugin-api"
import { NavContentBlueprint, SignInPageBlueprint } from "@backstage/plugin-app-react"
import catalogPlugin from "@backstage/plugin-catalog/alpha"
import orgPlugin from "@backstage/plugin-org/alpha"
import userSettingsPlugin from "@backstage/plugin-user-settings/alpha"
import { hpcBillingPlugin } from "@hpc-billing/backstage-plugin"
import { Navigate } from "react-router-dom"
import { loadConfig } from "./config.ts"
import { Sidebar } from "./Sidebar.tsx"

const signIn = SignInPageBlueprint.make({ params: { loader: () => import("./SignIn.tsx").then(({ SignIn }) => SignIn) } })

const navigation = NavContentBlueprint.make({ params: { component: Sidebar } })

const home = PageBlueprint.make({
  name: "home",
  params: { path: "/", noHeader: true, loader: async () => <Navigate to="/hpc-billing" replace /> },
})

export const app = createApp({
  features: [
    catalogPlugin,
    orgPlugin,
    userSettingsPlugin,
    hpcBillingPlugin,
    createFrontendModule({ pluginId: "app", extensions: [signIn, navigation, home] }),
  ],
  advanced: { configLoader: loadConfig },
})
