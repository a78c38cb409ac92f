import { useEntity } from "@backstage/plugin-catalog-react"
import { Link } from "@backstage/ui"
import { slurmAccountOf } from "../annotation.ts"
import { DayFigure } from "../charts/index.tsx"
import { AccountSentence } from "../parts/AccountSentence.tsx"
import { Frame, useBilling } from "../parts/Billing.tsx"
import { Until } from "../parts/figures.tsx"
import { useMonth } from "../parts/filters.tsx"
import { Gate } from "../parts/Gate.tsx"
import { Panel } from "../parts/Panel.tsx"
import { Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"
import { useKept } from "../parts/useView.ts"
import { Unmapped } from "./EntityBilling.tsx"

/** What does this project cost now? */
export const EntityCard = ({ root }: { readonly root: string }) => {
  const named = slurmAccountOf(useEntity().entity)
  return (
    <Frame>
      {named === null ? (
        <Unmapped />
      ) : (
        <Gate root={root} wanted={named.tenant}>
          <div className="hb">
            <div className="hb-main">
              <CardBody account={named.account} />
            </div>
          </div>
        </Gate>
      )}
    </Frame>
  )
}

const CardBody = ({ account }: { readonly account: string }) => {
  const { t, monthText } = useText()
  const { root, tenant } = useBilling()
  const kept = useKept()
  const month = useMonth()
  const params = { tenant: tenant.tenant }
  const summary = useLoad(["summary", tenant.tenant, month, account], (client, signal) =>
    client.usage.summary({ params, query: { month, account }, signal }),
  )
  const days = useLoad(["costs", "day", tenant.tenant, month, account], (client, signal) =>
    client.usage.costs({ params, query: { month, by: "day", account }, signal }),
  )
  return (
    <Panel title={t("entity.title")} note={monthText(month)}>
      <Loaded of={summary}>
        {(value) => (
          <>
            <AccountSentence account={account} summary={value} />
            <Loaded of={days}>
              {(costs) => (
                <DayFigure costs={costs} label={t("chart.ofMonth", { title: t("usage.byDay"), month: monthText(month) })} height={120} />
              )}
            </Loaded>
            <Until until={value.dataUntil} partialMonth={value.partial ? value.month : null} />
          </>
        )}
      </Loaded>
      <Link href={kept(`${root}/account`, { account, month, tenant: tenant.tenant })}>{t("account.open")}</Link>
    </Panel>
  )
}
