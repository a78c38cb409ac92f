import type { CostGroup, Costs } from "@hpc-billing/service/api"
import type { ReactNode } from "react"
import { DataTable } from "./DataTable.tsx"
import { Amount, ChangeChip, Share } from "./figures.tsx"
import { useText } from "./useText.ts"
import { jobStateWords } from "./words.ts"

/** Costs by one thing, with its share and, against another month, its change. Sums come from the service. */
export const CostTable = ({
  costs,
  label,
  nameOf,
}: {
  readonly costs: Costs
  readonly label: string
  readonly nameOf?: (group: CostGroup) => ReactNode
}) => {
  const text = useText()
  const { t, countText } = text
  const name = (group: CostGroup): ReactNode => {
    if (group.key === "" && group.others > 0) return t("by.others", { number: String(group.others) })
    return nameOf?.(group) ?? (costs.by === "state" ? jobStateWords(group.key, text) : group.key)
  }
  return (
    <DataTable
      label={label}
      rows={costs.groups}
      keyOf={({ key }) => key}
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
        { id: "jobs", label: t("column.jobs"), isFigure: true, cell: ({ jobs }) => countText(jobs) },
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
                cell: ({ change }: CostGroup) => <Amount money={change?.difference ?? null} />,
                total: <Amount money={costs.change?.difference ?? null} />,
              },
              {
                id: "percent",
                label: "%",
                isFigure: true,
                cell: ({ change }: CostGroup) => <ChangeChip change={change} />,
                total: <ChangeChip change={costs.change} />,
              },
            ]),
      ]}
    />
  )
}
