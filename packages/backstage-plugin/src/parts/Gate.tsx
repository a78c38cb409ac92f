import type { Me, TenantView } from "@hpc-billing/service/api"
import { type ReactNode, useMemo } from "react"
import { type Billing, BillingProvider, useClient } from "./Billing.tsx"
import { Empty, Loaded } from "./states.tsx"
import { useLoad } from "./useLoad.ts"
import { useText } from "./useText.ts"
import { useView } from "./useView.ts"

/** Lets through who has signed in and has books to see; of several tenants the address, or `wanted`, names one. */
export const Gate = ({
  root,
  wanted,
  children,
}: {
  readonly root: string
  readonly wanted?: string | null
  readonly children: ReactNode
}) => {
  const { t } = useText()
  const session = useLoad(["session"], async (client, signal) => {
    const [me, { tenants }] = await Promise.all([client.session.me({ signal }), client.session.tenants({ signal })])
    return { me, tenants }
  })
  return (
    <Loaded of={session}>
      {({ me, tenants }) =>
        tenants.length === 0 ? (
          <Empty title={t("state.noTenant")} text={t("state.noTenantText")} />
        ) : (
          <Open me={me} tenants={tenants} root={root} wanted={wanted ?? null}>
            {children}
          </Open>
        )
      }
    </Loaded>
  )
}

const Open = ({
  me,
  tenants,
  root,
  wanted,
  children,
}: {
  readonly me: Me
  readonly tenants: readonly TenantView[]
  readonly root: string
  readonly wanted: string | null
  readonly children: ReactNode
}) => {
  const { t } = useText()
  const client = useClient()
  const view = useView()
  const asked = wanted ?? view.get("tenant")
  const tenant = tenants.find((one) => one.tenant === asked) ?? (asked === null ? tenants[0] : undefined)
  const billing = useMemo<Billing | null>(
    () => (tenant === undefined ? null : { client, me, tenants, tenant, root }),
    [client, me, tenants, tenant, root],
  )
  if (billing === null) return <Empty title={t("entity.otherTenant", { tenant: asked ?? "" })} text={t("state.noTenantText")} />
  return <BillingProvider value={billing}>{children}</BillingProvider>
}
