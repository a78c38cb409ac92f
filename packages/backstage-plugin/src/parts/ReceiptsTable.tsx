import { Link } from "@backstage/ui"
import type { ReceiptHeaderView } from "@hpc-billing/service/api"
import { receiptPath } from "../explain/ExplainDrawer.tsx"
import { useBilling } from "./Billing.tsx"
import { ReceiptStatus } from "./chips.tsx"
import { DataTable } from "./DataTable.tsx"
import { Absent, Amount } from "./figures.tsx"
import { useText } from "./useText.ts"
import { useKept } from "./useView.ts"

/** Receipts, each a link to its page. */
export const ReceiptsTable = ({
  receipts,
  hasMonth = false,
}: {
  readonly receipts: readonly ReceiptHeaderView[]
  readonly hasMonth?: boolean
}) => {
  const { t, language, monthText } = useText()
  const { root, tenant } = useBilling()
  const kept = useKept()
  const currency = tenant.currency
  return (
    <DataTable
      label={t("month.receipts")}
      rows={receipts}
      keyOf={({ id }) => id}
      classOf={({ status }) => (status === "void" ? "hb-muted" : undefined)}
      columns={[
        {
          id: "number",
          label: t("month.number"),
          cell: (receipt) => (
            <Link href={kept(`${root}/receipts/${receiptPath(receipt.id)}`, { month: receipt.month })}>
              {receipt.number ?? t("status.draft")}
            </Link>
          ),
        },
        ...(hasMonth ? [{ id: "month", label: t("filter.month"), cell: ({ month }: ReceiptHeaderView) => monthText(month) }] : []),
        { id: "payer", label: t("month.payer"), cell: (receipt) => payerName(receipt, language) },
        { id: "status", label: t("column.state"), cell: ({ status }) => <ReceiptStatus status={status} /> },
        { id: "net", label: `${t("month.net")} (${currency})`, isFigure: true, cell: ({ net }) => <Amount money={net} /> },
        { id: "tax", label: t("month.tax"), isFigure: true, cell: ({ tax }) => <Amount money={tax} /> },
        { id: "gross", label: t("month.gross"), isFigure: true, cell: ({ gross }) => <Amount money={gross} /> },
        { id: "due", label: t("month.due"), isFigure: true, cell: ({ due }) => <Amount money={due} /> },
        { id: "age", label: t("month.age"), isFigure: true, cell: ({ ageDays }) => ageDays ?? <Absent /> },
      ]}
    />
  )
}

export const payerName = (names: { readonly payerNameThai: string; readonly payerNameEnglish: string }, language: "en" | "th"): string =>
  language === "th" ? names.payerNameThai || names.payerNameEnglish : names.payerNameEnglish || names.payerNameThai
