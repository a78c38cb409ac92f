import type { Currency, Receipt, ReceiptTax } from "@hpc-billing/core"
import type { Column, Content, TableCell } from "pdfmake/interfaces.js"
import { englishAmountText } from "./amount/englishAmountText.ts"
import { thaiBahtText } from "./amount/thaiBahtText.ts"
import { type Bilingual, sayBoth } from "./catalogue/say.ts"
import type { PrintedCreditNote } from "./creditNoteDocument.ts"
import type { DocumentKind } from "./DocumentKind.ts"
import { linesFileName } from "./linesCsv.ts"
import { beside, figure, head, stacked } from "./nodes.ts"
import { palette } from "./palette.ts"
import { printedDate, printedMonth, printedPeriod } from "./printedDate.ts"
import { printedCount, printedMinor, printedPrice, printedQuantity } from "./printedNumber.ts"
import type { TableLayoutName } from "./render/tableLayouts.ts"
import { type SummaryRow, summariseLines } from "./summariseLines.ts"

const summaryRowsMaximum = 10
/** Up to so many rows have their English beneath; more have it beside, so that the page holds them and the signatures. */
const tallRowsMaximum = 5
const accountsPrintedMaximum = 4
const contentWidthPoints = 511

const layout = (name: TableLayoutName): { layout: TableLayoutName } => ({ layout: name })
const grey = { color: palette.grey, fontSize: 7.5 } as const

/** `0 9900 00000 01 1`, as Thai tax forms group the 13 digits. */
const printedTaxId = (taxId: string): string => taxId.replace(/^(\d)(\d{4})(\d{5})(\d{2})(\d)$/, "$1 $2 $3 $4 $5")

const branchOf = (branch: string): Bilingual => (branch === "00000" ? sayBoth("branch.head") : sayBoth("branch.numbered", { branch }))

const currencyUnit = (currency: Currency): Bilingual => ({ thai: currency.code === "THB" ? "บาท" : currency.code, english: currency.code })

const withUnit = (phrase: "summary.amount", currency: Currency): Bilingual => {
  const unit = currencyUnit(currency)
  return { thai: sayBoth(phrase, { unit: unit.thai }).thai, english: sayBoth(phrase, { unit: unit.english }).english }
}

/** Who issues it, and what it is. */
export const letterhead = (receipt: Receipt, kind: DocumentKind, copy: boolean): Content[] => {
  const { issuer } = receipt
  const branch = branchOf(issuer.branch)
  const title = sayBoth(kind.title)
  return [
    {
      columns: [
        {
          width: "*",
          stack: [
            { text: issuer.nameThai, bold: true, fontSize: 12, color: palette.accent },
            { text: issuer.nameEnglish, color: palette.grey },
            { text: issuer.addressThai, fontSize: 8.5, margin: [0, 3, 0, 0] },
            { text: issuer.addressEnglish, ...grey },
            ...(issuer.taxId === ""
              ? []
              : [
                  {
                    fontSize: 8.5,
                    margin: [0, 2, 0, 0] as [number, number, number, number],
                    text: [
                      `${sayBoth("taxId").thai} `,
                      { text: printedTaxId(issuer.taxId), bold: true },
                      `  ${branch.thai}  `,
                      { text: `${sayBoth("taxId").english} · ${branch.english}`, ...grey },
                    ],
                  },
                ]),
          ],
        },
        {
          width: 200,
          alignment: "right",
          stack: [
            { text: title.thai, noWrap: true, bold: true, fontSize: 15, color: palette.accent },
            { text: title.english.toUpperCase(), color: palette.grey, fontSize: 8.5, characterSpacing: 0.6 },
            ...(receipt.status.kind === "draft"
              ? []
              : [beside(sayBoth(copy ? "copy.copy" : "copy.original"), { fontSize: 8.5, margin: [0, 4, 0, 0] })]),
          ],
        },
      ],
    },
    {
      canvas: [{ type: "line", x1: 0, y1: 0, x2: contentWidthPoints, y2: 0, lineWidth: 1.2, lineColor: palette.accent }],
      margin: [0, 10, 0, 10],
    },
  ]
}

type Particular = readonly [label: Bilingual, value: Content]

const particularsTable = (labelWidthPoints: number, particulars: readonly Particular[]): Content => ({
  ...layout("particulars"),
  table: {
    widths: [labelWidthPoints, "*"],
    body: particulars.map(([label, value]) => [beside(label, { noWrap: true }), value as TableCell]),
  },
})

const dated = (instantSeconds: number, zone: string): Content =>
  ({ ...(stacked(printedDate(instantSeconds, zone)) as object), alignment: "right" }) as Content

const payerParticulars = (receipt: Receipt, kind: DocumentKind): readonly Particular[] => {
  const { payer } = receipt
  const branch = branchOf(payer.branch)
  const accounts = [...new Set(receipt.lines.map((line) => line.account))].filter((account) => account !== "").sort()
  const shown = accounts.slice(0, accountsPrintedMaximum).join(", ")
  const more = accounts.length - accountsPrintedMaximum
  return [
    [sayBoth(kind.payer), stacked({ thai: payer.nameThai, english: payer.nameEnglish }, { bold: true })],
    [sayBoth("payer.address"), stacked({ thai: payer.addressThai, english: payer.addressEnglish })],
    ...(payer.taxId === ""
      ? []
      : [[sayBoth("payer.taxId"), stacked({ thai: `${printedTaxId(payer.taxId)}  (${branch.thai})`, english: branch.english })] as const]),
    ...(accounts.length === 0
      ? []
      : [
          [
            sayBoth("payer.accounts"),
            { text: more > 0 ? `${shown} ${sayBoth("payer.accountsMore", { count: more }).thai}` : shown },
          ] as const,
        ]),
    ...(payer.tier === "" ? [] : [[sayBoth("payer.tier"), { text: payer.tier }] as const]),
  ]
}

const documentParticulars = (receipt: Receipt): readonly Particular[] => {
  const { status, zone } = receipt
  const period = printedPeriod(receipt.window, zone)
  const numberText: Content =
    status.kind === "draft"
      ? ({ ...(stacked(sayBoth("noNumber")) as object), alignment: "right" } as Content)
      : { text: status.number, bold: true, alignment: "right" }
  return [
    [sayBoth("number"), numberText],
    ...(status.kind === "draft" ? [] : [[sayBoth("issued"), dated(status.issuedAtSeconds, zone)] as const]),
    [sayBoth("period"), { ...(stacked(period) as object), alignment: "right" } as Content],
    ...(status.kind === "paid" ? [[sayBoth("paid"), dated(status.paidAtSeconds, zone)] as const] : []),
    ...(status.kind === "void"
      ? [
          [sayBoth("voided"), dated(status.voidedAtSeconds, zone)] as const,
          [sayBoth("voidReason"), { text: status.reason, alignment: "right" }] as const,
        ]
      : []),
  ]
}

/** Who receives it on the left, what it is on the right. */
const particularsBeside = (receipt: Receipt, kind: DocumentKind, right: readonly Particular[]): Content => ({
  margin: [0, 0, 0, 12],
  columns: [
    { width: "*", stack: [particularsTable(100, payerParticulars(receipt, kind))] },
    { width: 14, text: "" },
    { width: 196, stack: [particularsTable(64, right)] },
  ],
})

export const particulars = (receipt: Receipt, kind: DocumentKind): Content => particularsBeside(receipt, kind, documentParticulars(receipt))

/** Names the document that the note corrects, its date and value, and why. */
export const creditParticulars = (receipt: Receipt, kind: DocumentKind, note: PrintedCreditNote): Content => {
  const { status, zone, currency } = receipt
  const right = (text: string, style: object = {}): Content => ({ ...style, text, alignment: "right" })
  return particularsBeside(receipt, kind, [
    [sayBoth("number"), right(note.number, { bold: true })],
    [sayBoth("issued"), dated(note.issuedAtSeconds, zone)],
    ...(status.kind === "draft"
      ? []
      : [
          [sayBoth("credit.receipt"), right(status.number, { bold: true })] as const,
          [sayBoth("credit.receiptIssued"), dated(status.issuedAtSeconds, zone)] as const,
        ]),
    [sayBoth("credit.receiptNet"), right(`${printedMinor(receipt.netMinor, currency)} ${currency.code}`)],
    [sayBoth("credit.reason"), right(note.reason)],
  ])
}

/** What was billed until this note, what should have been, and the difference: net, tax and total. */
export const creditTable = (receipt: Receipt, note: PrintedCreditNote): Content => {
  const { currency } = receipt
  const row = (label: Bilingual, beforeMinor: bigint, creditedMinor: bigint, style: object = {}): TableCell[] => [
    beside(label, style),
    ...[beforeMinor, beforeMinor - creditedMinor, creditedMinor].map((amountMinor) => figure(printedMinor(amountMinor, currency), style)),
  ]
  const netBeforeMinor = receipt.netMinor - note.earlierNetMinor
  const taxBeforeMinor = receipt.taxMinor - note.earlierTaxMinor
  return {
    ...layout("hairlines"),
    table: {
      headerRows: 1,
      widths: ["*", 108, 100, 100],
      body: [
        [
          head(sayBoth("summary.description")),
          head(sayBoth("credit.before"), "right"),
          head(sayBoth("credit.after"), "right"),
          head(sayBoth("credit.difference"), "right"),
        ],
        row(sayBoth("credit.value"), netBeforeMinor, note.netMinor),
        ...(note.taxes.length > 1
          ? note.taxes.flatMap((tax, index) => {
              const billedMinor = receipt.taxes[index]?.taxMinor ?? 0n
              return billedMinor === 0n ? [] : [row(taxNameWithRate(receipt, tax), billedMinor - tax.earlierTaxMinor, tax.taxMinor)]
            })
          : receipt.taxMinor === 0n
            ? []
            : [row(creditTaxName(receipt), taxBeforeMinor, note.taxMinor)]),
        row(sayBoth("total"), netBeforeMinor + taxBeforeMinor, note.netMinor + note.taxMinor, { bold: true }),
      ],
    },
  }
}

/** With its rate where there is one. */
const creditTaxName = ({ taxes }: Receipt): Bilingual => {
  const [tax] = taxes
  return tax !== undefined && taxes.length === 1 ? sayBoth("vat", { rate: tax.ratePercent }) : sayBoth("credit.tax")
}

/** What the note takes back, in words and figures. */
export const creditTotals = (receipt: Receipt, note: PrintedCreditNote): Content =>
  amountsBeside(
    receipt.currency,
    [
      [beside(sayBoth("net")), note.netMinor],
      ...(note.taxes.length > 1
        ? note.taxes
            .filter((tax) => tax.netMinor !== 0n || tax.taxMinor !== 0n)
            .map((tax) => [taxLabel({ ...receipt, taxes: note.taxes }, tax), tax.taxMinor] as const)
        : receipt.taxMinor === 0n
          ? []
          : [[beside(creditTaxName(receipt)), note.taxMinor] as const]),
    ],
    note.netMinor + note.taxMinor,
  )

const knownSkus = new Set(["cpu", "gpu", "mem", "node", "energy", "billing"])

/** `gpu-a100` is จีพียู A100 / GPU A100; a service that the names do not hold is printed as it is written. */
const skuName = (sku: string, names: Readonly<Record<string, Bilingual>>): Bilingual => {
  const given = names[sku]
  if (given !== undefined) return given
  const [family = "", ...type] = sku.split("-")
  if (!knownSkus.has(family)) return { thai: sku, english: sku }
  const name = sayBoth(`sku.${family}` as "sku.cpu")
  const suffix = type.length === 0 ? "" : ` ${type.join("-").toUpperCase()}`
  return { thai: name.thai + suffix, english: name.english + suffix }
}

const rowName = (row: SummaryRow, zone: string, names: Readonly<Record<string, Bilingual>>): Bilingual => {
  if (row.kind === "correction" && row.correctsMonth !== null) {
    const month = printedMonth(row.correctsMonth, zone)
    return {
      thai: sayBoth("summary.correction", { month: month.thai }).thai,
      english: sayBoth("summary.correction", { month: month.english }).english,
    }
  }
  const name = skuName(row.sku, names)
  if (row.kind !== "period") return name
  return { thai: sayBoth("summary.period", { name: name.thai }).thai, english: sayBoth("summary.period", { name: name.english }).english }
}

const summaryCells = (row: SummaryRow, receipt: Receipt, name: Content): TableCell[] => {
  const isPriced = row.kind !== "correction"
  return [
    name,
    figure(row.jobCount === 0 ? "" : printedCount(row.jobCount)),
    figure(isPriced ? `${printedQuantity(row.quantity)} ${row.unit}` : ""),
    figure(isPriced ? printedPrice(row.unitPrice, receipt.currency) : ""),
    figure(printedMinor(row.amountMinor, receipt.currency)),
  ]
}

/** What was used, by service and price: at most `summaryRowsMaximum` rows, the rest in one. */
export const summaryTable = (receipt: Receipt, names: Readonly<Record<string, Bilingual>>): Content[] => {
  const { rows, zeroCount } = summariseLines(receipt.lines)
  const shown = rows.length > summaryRowsMaximum ? rows.slice(0, summaryRowsMaximum - 1) : rows
  const others = rows.slice(shown.length)
  const named = rows.length > tallRowsMaximum ? beside : stacked
  const body: TableCell[][] = [
    [
      head(sayBoth("summary.description")),
      head(sayBoth("summary.jobs"), "right"),
      head(sayBoth("summary.quantity"), "right"),
      head(sayBoth("summary.unitPrice"), "right"),
      head(withUnit("summary.amount", receipt.currency), "right"),
    ],
    ...shown.map((row) => summaryCells(row, receipt, named(rowName(row, receipt.zone, names)))),
  ]
  if (others.length > 0) {
    const amountMinor = others.reduce((sum, row) => sum + row.amountMinor, 0n)
    body.push([named(sayBoth("summary.others", { count: others.length })), "", "", "", figure(printedMinor(amountMinor, receipt.currency))])
  }
  if (rows.length === 0) body.push([{ ...(stacked(sayBoth("summary.none")) as object), colSpan: 5 } as TableCell, "", "", "", ""])
  return [
    { ...layout("hairlines"), table: { headerRows: 1, dontBreakRows: true, widths: ["*", 46, 108, 64, 84], body } },
    ...(zeroCount === 0 ? [] : [beside(sayBoth("summary.zero", { count: zeroCount }), { fontSize: 8, margin: [2, 3, 0, 0] })]),
  ]
}

const taxName = ({ payer }: Receipt, tax: ReceiptTax): Bilingual => {
  if (tax.basis === "") return sayBoth("vat", { rate: tax.ratePercent })
  const name = sayBoth(payer.taxTreatment.kind === "out-of-scope" ? "vat.outOfScope" : "vat.exempt")
  return { thai: tax.basisThai === undefined ? name.thai : `${name.thai} (${tax.basisThai})`, english: `${name.english} (${tax.basis})` }
}

/** Where there are several taxes, each says what it is on. */
const taxLabel = (receipt: Receipt, tax: ReceiptTax): Content => {
  const name = taxName(receipt, tax)
  if (receipt.taxes.length === 1) return beside(name)
  const net = printedMinor(tax.netMinor, receipt.currency)
  const { thai, english } = taxNameWithRate(receipt, tax)
  return stacked({ thai: sayBoth("tax.on", { name: thai, net }).thai, english: sayBoth("tax.on", { name: english, net }).english })
}

/** The English name of a tax has its rate only where several stand together. */
const taxNameWithRate = (receipt: Receipt, tax: ReceiptTax): Bilingual => {
  const { thai, english } = taxName(receipt, tax)
  return { thai, english: tax.basis === "" ? `${english} ${tax.ratePercent}%` : english }
}

type AmountRow = readonly [label: Content, amountMinor: bigint]

/** Amounts that make a total, the total in words beside them, and what follows from it beneath. */
const amountsBeside = (currency: Currency, rows: readonly AmountRow[], totalMinor: bigint, beneath: readonly AmountRow[] = []): Content => {
  const widths: [string, number] = ["*", 84]
  const amount = (amountMinor: bigint, style: object = {}): Content => figure(printedMinor(amountMinor, currency), style)
  const table = (of: readonly AmountRow[]): Content => ({
    ...layout("amounts"),
    table: { widths, body: of.map(([label, amountMinor]) => [label, amount(amountMinor)]) },
  })
  const strong = { bold: true, fontSize: 11, color: palette.accent, fillColor: palette.tint } as const
  const total = sayBoth("total")
  const words = englishAmountText(totalMinor, currency)
  return {
    unbreakable: true,
    columns: [
      {
        width: "*",
        margin: [2, 8, 14, 0],
        stack: [
          { ...(beside(sayBoth("words")) as object), fontSize: 7.5, color: palette.grey } as Content,
          ...(currency.code === "THB" ? [{ text: `(${thaiBahtText(totalMinor)})`, bold: true, margin: [0, 2, 0, 0] } as Content] : []),
          { text: `${words.charAt(0).toUpperCase()}${words.slice(1)}`, ...grey, margin: [0, 1, 0, 0] },
        ],
      },
      {
        width: 240,
        margin: [0, 6, 0, 0],
        stack: [
          table(rows),
          {
            ...layout("total"),
            table: { widths, body: [[{ text: `${total.thai}  ${total.english}`, ...strong }, amount(totalMinor, strong)]] },
          },
          ...(beneath.length === 0 ? [] : [table(beneath)]),
        ],
      },
    ],
  }
}

/** Net, tax, total, and what was received; the total in words beside them. */
export const totals = (receipt: Receipt): Content => {
  const { status } = receipt
  const creditedMinor = status.kind === "paid" ? receipt.grossMinor - status.paidMinor - status.withheldMinor : 0n
  return amountsBeside(
    receipt.currency,
    [[beside(sayBoth("net")), receipt.netMinor], ...receipt.taxes.map((tax) => [taxLabel(receipt, tax), tax.taxMinor] as const)],
    receipt.grossMinor,
    status.kind === "paid"
      ? [
          ...(creditedMinor === 0n ? [] : [[beside(sayBoth("credited")), -creditedMinor] as const]),
          ...(status.withheldMinor === 0n ? [] : [[beside(sayBoth("withheld")), -status.withheldMinor] as const]),
          [beside(sayBoth("received")), status.paidMinor],
        ]
      : [],
  )
}

/** How it was computed, the law it rests on, where to verify it, and who signs. */
export const closing = (
  kind: DocumentKind,
  verifyUrl: string | null,
  computed: Bilingual = sayBoth("note.computed", { file: linesFileName }),
): Content[] => {
  const basis = kind.basis === null ? null : sayBoth(kind.basis)
  return [
    { text: basis === null ? computed.thai : `${computed.thai} ${basis.thai}`, fontSize: 8.5, margin: [0, 16, 0, 0], lineHeight: 1.08 },
    { text: basis === null ? computed.english : `${computed.english} ${basis.english}.`, ...grey, margin: [0, 3, 0, 0] },
    {
      unbreakable: true,
      margin: [0, 26, 0, 0],
      columns: [
        ...(verifyUrl === null
          ? []
          : [
              { width: 92, qr: verifyUrl, fit: 86, eccLevel: "M", foreground: palette.ink } as Column,
              {
                width: 150,
                margin: [0, 4, 0, 0],
                stack: [
                  stacked(sayBoth("verify"), { bold: true, color: palette.accent }),
                  { text: verifyUrl, link: verifyUrl, fontSize: 6.5, color: palette.grey, margin: [0, 4, 0, 0] },
                ],
              } as Content,
            ]),
        { width: "*", text: "" },
        ...kind.signatures.map(
          (phrase): Column => ({
            width: 118,
            alignment: "center",
            stack: [
              { canvas: [{ type: "line", x1: 6, y1: 44, x2: 112, y2: 44, lineWidth: 0.5, lineColor: palette.ink, dash: { length: 1.5 } }] },
              { text: `(${" ".repeat(34)})`, preserveLeadingSpaces: true, margin: [0, 2, 0, 0] },
              stacked(sayBoth(phrase)),
            ],
          }),
        ),
      ],
    },
  ]
}
