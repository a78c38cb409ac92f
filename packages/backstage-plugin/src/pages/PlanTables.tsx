import type { RatePlan } from "@hpc-billing/service/api"
import { type Column, DataTable } from "../parts/DataTable.tsx"
import { Amount, ChangeChip, Difference } from "../parts/figures.tsx"
import { useText } from "../parts/useText.ts"

type Effect = Pick<RatePlan["payers"][number], "amount" | "change">

/** What a draft would change in the months, for each tier and payer, and month by month where there are several. */
export const PlanTables = ({ plan, months }: { readonly plan: RatePlan | null; readonly months: readonly RatePlan[] }) => {
  const { t, monthText } = useText()
  const effects = <Row extends Effect>(total: Effect | null): readonly Column<Row>[] => [
    {
      id: "now",
      label: t("rates.now"),
      isFigure: true,
      cell: ({ change }) => <Amount money={change.before} />,
      ...(total === null ? {} : { total: <Amount money={total.change.before} /> }),
    },
    {
      id: "draft",
      label: t("rates.draft"),
      isFigure: true,
      cell: ({ amount }) => <Amount money={amount} />,
      ...(total === null ? {} : { total: <Amount money={total.amount} /> }),
    },
    {
      id: "difference",
      label: t("change.column"),
      isFigure: true,
      cell: ({ change }) => <Difference change={change} />,
      ...(total === null ? {} : { total: <Difference change={total.change} /> }),
    },
    {
      id: "percent",
      label: "%",
      isFigure: true,
      cell: ({ change }) => <ChangeChip change={change} />,
      ...(total === null ? {} : { total: <ChangeChip change={total.change} /> }),
    },
  ]
  const whole = plan === null ? null : { amount: plan.total, change: plan.change }
  const first = (label: string) => ({ id: "first", label, ...(whole === null ? {} : { total: t("column.total") }) })
  const span =
    plan === null
      ? ""
      : plan.month === plan.toMonth
        ? monthText(plan.month)
        : t("rates.span", { from: monthText(plan.month), to: monthText(plan.toMonth) })
  const title = t("rates.planTitle", { month: span })
  return (
    <>
      {plan === null ? null : (
        <>
          <h3>{title}</h3>
          <DataTable
            label={t("rates.planByTier", { title })}
            rows={plan.tiers}
            keyOf={({ tier }) => tier}
            columns={[{ ...first(t("rates.tier")), cell: ({ tier }) => tier }, ...effects(whole)]}
          />
          <DataTable
            label={t("rates.planByPayer", { title })}
            rows={plan.payers}
            keyOf={({ payerId }) => payerId}
            columns={[
              {
                ...first(t("month.payer")),
                cell: ({ payerId, tier }) => (
                  <>
                    {payerId}
                    <span className="hb-sub">{tier}</span>
                  </>
                ),
              },
              ...effects(whole),
            ]}
          />
        </>
      )}
      {months.length === 0 ? null : (
        <DataTable
          label={t("rates.planByMonth")}
          rows={months.map(({ month, total, change }) => ({ month, amount: total, change }))}
          keyOf={({ month }) => month}
          columns={[{ ...first(t("filter.month")), cell: ({ month }) => monthText(month) }, ...effects(whole)]}
        />
      )}
    </>
  )
}
