import type { Summary } from "@hpc-billing/service/api"
import { Against, AmountText, Before } from "./figures.tsx"
import { monthBefore } from "./filters.tsx"
import { useText } from "./useText.ts"

/** What an account has spent in a month, against the month before. */
export const AccountSentence = ({ account, summary }: { readonly account: string; readonly summary: Summary }) => {
  const { t, monthText } = useText()
  const { month, total, change, jobs } = summary
  const values = { account: <b>{account}</b>, month: monthText(month) }
  return (
    <p className="hb-sentence">
      {jobs === 0 ? (
        <>
          {t("account.sentenceNone", values)} <Before change={change} month={monthBefore(month)} />
        </>
      ) : (
        <Against change={change} month={monthBefore(month)}>
          {t("account.sentence", { ...values, amount: <AmountText money={total} /> })}
        </Against>
      )}
    </p>
  )
}
