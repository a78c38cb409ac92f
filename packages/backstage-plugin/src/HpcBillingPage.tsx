import { Header } from "@backstage/ui"
import type { PermissionKey } from "@hpc-billing/service/api"
import { ApiProblem } from "@hpc-billing/service/api"
import { lazy, type ReactNode, Suspense } from "react"
import { Navigate, Route, Routes, useLocation } from "react-router-dom"
import { ExplainDrawer } from "./explain/ExplainDrawer.tsx"
import { Frame, useBilling, useMay } from "./parts/Billing.tsx"
import { Choose } from "./parts/filters.tsx"
import { Gate } from "./parts/Gate.tsx"
import { LanguageSwitch } from "./parts/LanguageSwitch.tsx"
import { Empty, Loading, Problem } from "./parts/states.tsx"
import { useText } from "./parts/useText.ts"
import { useKept, useView } from "./parts/useView.ts"

const UsagePage = lazy(() => import("./pages/UsagePage.tsx").then((module) => ({ default: module.UsagePage })))
const PlanPage = lazy(() => import("./pages/PlanPage.tsx").then((module) => ({ default: module.PlanPage })))
const AccountPage = lazy(() => import("./pages/AccountPage.tsx").then((module) => ({ default: module.AccountPage })))
const MonthPage = lazy(() => import("./pages/MonthPage.tsx").then((module) => ({ default: module.MonthPage })))
const ReceiptPage = lazy(() => import("./pages/ReceiptPage.tsx").then((module) => ({ default: module.ReceiptPage })))
const RatesPage = lazy(() => import("./pages/RatesPage.tsx").then((module) => ({ default: module.RatesPage })))
const ReportsPage = lazy(() => import("./pages/ReportsPage.tsx").then((module) => ({ default: module.ReportsPage })))
const AuditPage = lazy(() => import("./pages/AuditPage.tsx").then((module) => ({ default: module.AuditPage })))
const DashboardPage = lazy(() => import("./pages/DashboardPage.tsx").then((module) => ({ default: module.DashboardPage })))

interface Tab {
  readonly id: "usage" | "plan" | "account" | "month" | "reports" | "rates" | "audit" | "dashboard"
  readonly needs: PermissionKey
  readonly page: ReactNode
}

const tabs: readonly Tab[] = [
  { id: "usage", needs: "usageRead", page: <UsagePage /> },
  { id: "plan", needs: "usageRead", page: <PlanPage /> },
  { id: "account", needs: "usageRead", page: <AccountPage /> },
  { id: "month", needs: "periodRead", page: <MonthPage /> },
  { id: "reports", needs: "journalRead", page: <ReportsPage /> },
  { id: "rates", needs: "rateRead", page: <RatesPage /> },
  { id: "audit", needs: "auditRead", page: <AuditPage /> },
  { id: "dashboard", needs: "dashboardRead", page: <DashboardPage /> },
]

/** The whole tab of the portal, mounted at `root`. */
export const HpcBillingPage = ({ root }: { readonly root: string }) => (
  <Frame>
    <Gate root={root}>
      <Portal />
    </Gate>
  </Frame>
)

const Portal = () => {
  const may = useMay()
  const { tenant } = useBilling()
  const home = tabs.find(({ needs }) => may(needs))?.id ?? "usage"
  return (
    <>
      <Top />
      <div className="hb hb-page">
        <main className="hb-main" key={tenant.tenant}>
          <Suspense fallback={<Loading />}>
            <Routes>
              <Route path="/" element={<Navigate to={home} replace />} />
              {tabs.map(({ id, needs, page }) => (
                <Route key={id} path={id} element={<Needs permission={needs}>{page}</Needs>} />
              ))}
              <Route path="receipts/:month/:payer/:sequence" element={<NeedsReceipt />} />
              <Route path="receipt/:number" element={<NeedsReceipt />} />
              <Route path="*" element={<Nowhere />} />
            </Routes>
          </Suspense>
        </main>
        <ExplainDrawer />
      </div>
    </>
  )
}

const Top = () => {
  const { t } = useText()
  const { root, me, tenants, tenant } = useBilling()
  const may = useMay()
  const kept = useKept()
  const view = useView()
  const { pathname } = useLocation()
  const place = pathname.slice(root.length + 1).split("/")[0] ?? ""
  const current = place.startsWith("receipt") && may("periodRead") ? "month" : place
  return (
    <div className="hb-top">
      <Header
        title={t("title")}
        tags={[{ label: me.displayName }, ...me.roles.map((role) => ({ label: t(`role.${role}`) }))]}
        tabs={tabs.filter(({ needs }) => may(needs)).map(({ id }) => ({ id, label: t(`tab.${id}`), href: kept(`${root}/${id}`) }))}
        activeTabId={current}
        customActions={
          <>
            {tenants.length > 1 ? (
              <Choose
                label={t("filter.tenant")}
                choices={tenants.map((one) => ({ value: one.tenant, label: one.tenant }))}
                value={tenant.tenant}
                onChange={(chosen) => view.set({ tenant: chosen, month: null, compare: null, job: null, line: null })}
              />
            ) : null}
            <LanguageSwitch />
          </>
        }
      />
    </div>
  )
}

/** Says who may see it before anything is asked of the service, which would refuse it as well. */
const Needs = ({ permission, children }: { readonly permission: PermissionKey; readonly children: ReactNode }) => {
  const { t } = useText()
  const { me } = useBilling()
  const may = useMay()
  if (may(permission)) return <>{children}</>
  return <Problem problem={new ApiProblem({ status: 403 })} roles={me.roles.map((role) => t(`role.${role}`))} />
}

const NeedsReceipt = () => (
  <Needs permission="receiptRead">
    <ReceiptPage />
  </Needs>
)

const Nowhere = () => {
  const { t } = useText()
  return <Empty title={t("state.nowhere")} />
}
