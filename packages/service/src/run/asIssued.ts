import type { Receipt } from "@hpc-billing/core"

/** The receipt as it was issued, whatever became of it since. */
export const asIssued = (receipt: Receipt): Receipt => {
  if (receipt.status.kind === "draft") return receipt
  const { number, issuedAtSeconds } = receipt.status
  return { ...receipt, status: { kind: "issued", number, issuedAtSeconds } }
}
