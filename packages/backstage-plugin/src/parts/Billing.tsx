import { useApi } from "@backstage/frontend-plugin-api"
import { type ApiProblem, type Client, type Me, type PermissionKey, permissions, type TenantView } from "@hpc-billing/service/api"
import { QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { createContext, type ReactNode, useContext, useState } from "react"
import { hpcBillingApiRef } from "../api.ts"
import { Styles } from "./styles.tsx"
import { useText } from "./useText.ts"

/** What every page knows: the client, who asks, whose books are open and where the plugin is mounted. */
export interface Billing {
  readonly client: Client
  readonly me: Me
  readonly tenants: readonly TenantView[]
  readonly tenant: TenantView
  /** Without a slash at the end. */
  readonly root: string
}

const BillingContext = createContext<Billing | null>(null)
export const BillingProvider = BillingContext.Provider

export const useBilling = (): Billing => {
  const billing = useContext(BillingContext)
  if (billing === null) throw new Error("A part of HPC billing stands outside its page.")
  return billing
}

/** Pages offer only what the roles include; the service decides. */
export const useMay = (): ((key: PermissionKey) => boolean) => {
  const { me } = useBilling()
  return (key) => me.permissions.includes(permissions[key].name)
}

export const useClient = (): Client => useApi(hpcBillingApiRef)

const isWorthRetrying = (failures: number, problem: Error): boolean =>
  failures < 2 && [0, 429, 503].includes((problem as Partial<ApiProblem>).status ?? 0)

/** Styles, language and the cache of answers, around anything of the plugin. */
export const Frame = ({ children }: { readonly children: ReactNode }) => {
  const { language } = useText()
  const [queries] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { staleTime: 20_000, refetchOnWindowFocus: false, retry: isWorthRetrying, retryDelay: 400 } },
      }),
  )
  return (
    <QueryClientProvider client={queries}>
      <Styles />
      <div lang={language}>{children}</div>
    </QueryClientProvider>
  )
}
