import type { Change, CostGroup, Costs } from "@hpc-billing/service/api"
import type { ReactNode } from "react"
import { DataTable } from "./DataTable.tsx"
import { Amount, ChangeChip, Difference, Share } from "./figures.tsx"
import { Empty } from "./states.tsx"
import { useText } from "./useText.ts"
import { groupId, groupWords } from "./words.ts"

/** Costs by one thing, with its share and, against another month, its change. Sums come from the service. */
export const CostTable = ({
  costs,
  label,
  nameOf,
  hasJobs = false,
}: {
  readonly costs: Costs
  readonly label: string
  /** Of a group with a key. */
  readonly nameOf?: (group: CostGroup) => ReactNode
  /** Also beside a change, where there is room. */
  readonly hasJobs?: boolean
}) => {
  const text = useText()
  const { t, countText } = text
  const name = (group: CostGroup): ReactNode => (group.key === "" ? undefined : nameOf?.(group)) ?? groupWords(group, costs.by, text)
  if (costs.groups.length === 0) return <Empty title={t("chart.nothing")} />
  return (
    <DataTable
      label={label}
      rows={costs.groups}
      keyOf={groupId}
      columns={[
        {
          id: "name",
          label: t(`by.${costs.by}`),
          cell: (group) => (
            <>
              {name(group)}
              {group.quantities.length > 0 ? <span className="hb-sub">{group.quantities.map((one) => one.text).join(" · ")}</span> : null}
            </>
          ),
          total: t("column.total"),
        },
        ...(costs.compareMonth === null || hasJobs
          ? [{ id: "jobs", label: t("column.jobs"), isFigure: true, cell: ({ jobs }: CostGroup) => countText(jobs) }]
          : []),
        {
          id: "amount",
          label: t("column.amount", { currency: costs.total.currency }),
          isFigure: true,
          cell: ({ amount }) => <Amount money={amount} />,
          total: <Amount money={costs.total} />,
        },
        ...(costs.compareMonth === null
          ? [{ id: "share", label: t("column.share"), isFigure: true, cell: ({ permille }: CostGroup) => <Share permille={permille} /> }]
          : [
              {
                id: "difference",
                label: t("change.column"),
                isFigure: true,
                cell: ({ change }: CostGroup) => <Changed change={change} />,
                total: <Changed change={costs.change} />,
              },
            ]),
      ]}
    />
  )
}

const Changed = ({ change }: { readonly change: Change | null }) => (
  <>
    <Difference change={change} />
    {change === null ? null : (
      <span className="hb-sub">
        <ChangeChip change={change} />
      </span>
    )}
  </>
)
