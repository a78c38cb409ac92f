import { type Decimal, formatDecimal, parseDecimal, type Receipt, type ReceiptLine, type ReceiptStatus } from "@hpc-billing/core"

/** Texts that the store reads back as they were written. Not the canonical form that is hashed and signed: that is kept as bytes. */
export type ReceiptParticulars = Omit<Receipt, "lines" | "status">

const amount = (value: unknown): unknown => (typeof value === "bigint" ? value.toString() : value)

const readDecimal = (text: string): Decimal => {
  const decimal = parseDecimal(text)
  if (decimal === null) throw new TypeError(`the store holds "${text}" where a decimal number belongs`)
  return decimal
}

export const encodeLine = (line: ReceiptLine): string =>
  JSON.stringify({
    ...line,
    quantity: formatDecimal(line.quantity),
    unitPrice: formatDecimal(line.unitPrice),
    amount: formatDecimal(line.amount),
    billedMinor: line.billedMinor.toString(),
  })

export const decodeLine = (body: string): ReceiptLine => {
  const line = JSON.parse(body)
  return {
    ...line,
    quantity: readDecimal(line.quantity),
    unitPrice: readDecimal(line.unitPrice),
    amount: readDecimal(line.amount),
    billedMinor: BigInt(line.billedMinor),
  }
}

export const encodeParticulars = ({ lines: _, status: __, ...particulars }: Receipt): string =>
  JSON.stringify(particulars, (_, value) => amount(value))

export const decodeParticulars = (header: string): ReceiptParticulars => {
  const particulars = JSON.parse(header)
  return {
    ...particulars,
    taxes: particulars.taxes.map((tax: { netMinor: string; taxMinor: string }) => ({
      ...tax,
      netMinor: BigInt(tax.netMinor),
      taxMinor: BigInt(tax.taxMinor),
    })),
    netMinor: BigInt(particulars.netMinor),
    taxMinor: BigInt(particulars.taxMinor),
    grossMinor: BigInt(particulars.grossMinor),
  }
}

export const encodeStatus = (status: ReceiptStatus): string => JSON.stringify(status, (_, value) => amount(value))

export const decodeStatus = (text: string): ReceiptStatus => {
  const status = JSON.parse(text)
  return status.kind === "paid" ? { ...status, paidMinor: BigInt(status.paidMinor), withheldMinor: BigInt(status.withheldMinor) } : status
}
