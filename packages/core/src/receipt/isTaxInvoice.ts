import type { Receipt } from "./Receipt.ts"

/** Whether anything on it is a taxable supply, be it at a rate of zero: then the law wants a tax invoice. */
export const isTaxInvoice = ({ payer, taxes }: Pick<Receipt, "payer" | "taxes">): boolean =>
  payer.taxTreatment.kind === "taxable" && taxes.some(({ basis }) => basis === "")
