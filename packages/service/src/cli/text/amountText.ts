import { type Currency, formatMinor } from "@hpc-billing/core"

/** `12,345.67`: minor units with groups of three. */
export const amountText = (amountMinor: bigint, currency: Currency): string => {
  const [whole = "", fraction] = formatMinor(amountMinor, currency).split(".")
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ",")
  return fraction === undefined ? grouped : `${grouped}.${fraction}`
}
