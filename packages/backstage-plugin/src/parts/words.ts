import { jobStates, type ZeroReason, zeroReasonText } from "@hpc-billing/core"
import type { Series } from "@hpc-billing/service/api"
import type { Text } from "./useText.ts"

/** Why something costs nothing, in the reader's language. */
export const zeroReasonWords = (reason: string, { language }: Pick<Text, "language">): string =>
  zeroReasonText[reason as ZeroReason]?.[language] ?? reason

/** The resource of a line; a line that costs nothing may stand for none. */
export const skuWords = (sku: string, { t }: Pick<Text, "t">): string => (sku === "none" ? t("by.noSku") : sku)

interface Group {
  readonly key: string
  readonly others: number
}

/** Keeps groups of one list apart: both the others together and what has no name come with an empty key. */
export const groupId = ({ key, others }: Group): string => (others > 0 ? "others" : `of-${key}`)

/** The name of a group of costs in the reader's language. */
export const groupWords = ({ key, others }: Group, by: Series["by"], text: Pick<Text, "t">): string => {
  if (others > 0) return text.t("by.others", { number: String(others) })
  if (by === "total") return text.t("by.total")
  if (key === "") return text.t("by.none")
  return by === "sku" ? skuWords(key, text) : by === "state" ? jobStateWords(key, text) : key
}

/** The name of a ledger account in the reader's language. */
export const ledgerAccountWords = (
  { accountName, accountNameThai }: { readonly accountName: string; readonly accountNameThai: string },
  { language }: Pick<Text, "language">,
): string => (language === "th" ? accountNameThai : accountName)

/** A person as colleagues write the name; others of the host's own kinds stay as they are. */
export const personWords = (name: string): string => name.replace(/^user:default\//, "")

/** How a job ended, in words; what is no state of Slurm stays as it is. */
export const jobStateWords = (state: string, { t }: Pick<Text, "t">): string => {
  const known = jobStates.find((one) => one === state)
  return known === undefined ? state : t(`job.${known}`)
}

/** Memory for the eye, whole or with one digit: `64 GiB`; never part of an amount. */
export const memoryText = (mebibytes: number): string => {
  const tenths = Math.round(mebibytes / 102.4)
  return `${tenths % 10 === 0 ? String(tenths / 10) : (tenths / 10).toFixed(1)} GiB`
}
