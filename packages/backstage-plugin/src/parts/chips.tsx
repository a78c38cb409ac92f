import type { ReceiptHeaderView } from "@hpc-billing/service/api"
import type { ReactNode } from "react"
import { useText } from "./useText.ts"
import { jobStateWords } from "./words.ts"

/** A word with a colour; the word alone says it all. */
export const Chip = ({ kind, children }: { readonly kind?: "good" | "bad" | "warn" | "info"; readonly children: ReactNode }) => (
  <span className={`hb-chip${kind === undefined ? "" : ` hb-chip-${kind}`}`}>{children}</span>
)

const receiptKind = { draft: undefined, issued: "warn", paid: "good", void: "bad" } as const

export const ReceiptStatus = ({ status }: { readonly status: ReceiptHeaderView["status"] }) => {
  const { t } = useText()
  const kind = receiptKind[status]
  return <Chip {...(kind === undefined ? {} : { kind })}>{t(`status.${status}`)}</Chip>
}

const jobKind = (state: string): "good" | "bad" | "warn" | "info" | undefined => {
  if (state === "COMPLETED") return "good"
  if (["FAILED", "TIMEOUT", "OUT_OF_MEMORY", "NODE_FAIL", "BOOT_FAIL", "DEADLINE"].includes(state)) return "warn"
  return state === "RUNNING" ? "info" : undefined
}

/** Beside the state of a job that stands as running, but must long be gone. */
export const Runaway = () => {
  const { t } = useText()
  return (
    <span className="hb-sub">
      <Chip kind="bad">{t("job.runaway")}</Chip>
    </span>
  )
}

export const JobState = ({ state }: { readonly state: string }) => {
  const text = useText()
  const kind = jobKind(state)
  return <Chip {...(kind === undefined ? {} : { kind })}>{jobStateWords(state, text)}</Chip>
}

/** Whether two sides of the books agree. */
export const Balanced = ({
  isBalanced,
  words = "month.balanced",
}: {
  readonly isBalanced: boolean
  readonly words?: "month.balanced" | "reports.sheetBalanced"
}) => {
  const { t } = useText()
  return isBalanced ? (
    <Chip kind="good">
      <span aria-hidden>✓</span> {t(words)}
    </Chip>
  ) : (
    <Chip kind="bad">
      <span aria-hidden>✕</span> {t("month.unbalanced")}
    </Chip>
  )
}
