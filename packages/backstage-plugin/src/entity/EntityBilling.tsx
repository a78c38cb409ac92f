import { useEntity } from "@backstage/plugin-catalog-react"
import { slurmAccountAnnotation, slurmAccountOf } from "../annotation.ts"
import { ExplainDrawer } from "../explain/ExplainDrawer.tsx"
import { AccountFigures } from "../pages/AccountPage.tsx"
import { Frame } from "../parts/Billing.tsx"
import { CompareFilter, MonthFilter } from "../parts/filters.tsx"
import { Gate } from "../parts/Gate.tsx"
import { Empty } from "../parts/states.tsx"
import { useText } from "../parts/useText.ts"

/** The tab of an entity: its account, month by month. */
export const EntityBilling = ({ root }: { readonly root: string }) => {
  const named = slurmAccountOf(useEntity().entity)
  return (
    <Frame>
      {named === null ? (
        <Unmapped />
      ) : (
        <Gate root={root} wanted={named.tenant}>
          <div className="hb">
            <div className="hb-main">
              <div className="hb-bar">
                <MonthFilter />
                <CompareFilter />
              </div>
              <AccountFigures account={named.account} />
            </div>
            <ExplainDrawer />
          </div>
        </Gate>
      )}
    </Frame>
  )
}

/** Never a bare error: what to add, and where. */
export const Unmapped = () => {
  const { t } = useText()
  return (
    <Empty title={t("entity.unmapped")} text={t("entity.unmappedText")}>
      <pre className="hb-pre">{`metadata:\n  annotations:\n    ${slurmAccountAnnotation}: phys-flood`}</pre>
    </Empty>
  )
}
