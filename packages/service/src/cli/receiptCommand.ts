import { Effect } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { creditReceipt } from "../run/creditReceipt.ts"
import { payReceipt } from "../run/payReceipt.ts"
import { printCreditNote } from "../run/printCreditNote.ts"
import { printReceipt } from "../run/printReceipt.ts"
import { refundReceipt } from "../run/refundReceipt.ts"
import { voidReceipt } from "../run/voidReceipt.ts"
import { writeOffReceipt } from "../run/writeOffReceipt.ts"
import { BillingStore } from "../store/index.ts"
import { amountMinor, moneyOf, optionalAmountMinor } from "./amount.ts"
import { done, dryRun, optional, print, withSite } from "./CliContext.ts"

const receipt = Argument.String("receipt").pipe(Argument.withDescription("Number, such as R2026-000001, or id of the receipt"))
const reason = Flag.String("reason").pipe(Flag.withDescription("Why; it stands in the audit log"))
const amountFlag = (name: string, description: string) =>
  Flag.String(name).pipe(Flag.withDescription(description), Flag.withMetavar("AMOUNT"), Flag.optional)

/** An id as it is, a number as the id of its receipt. */
const idOf = Effect.fnUntraced(function* (tenant: string, text: string) {
  const store = yield* BillingStore
  return (yield* store.receiptByNumber(tenant, text))?.receipt.id ?? text
})

const pay = Command.make(
  "pay",
  {
    receipt,
    received: amountFlag("received", "Money received; all that is open beside what is withheld when absent"),
    withheld: Flag.String("withheld").pipe(
      Flag.withDescription("Tax that the payer withheld at source"),
      Flag.withMetavar("AMOUNT"),
      Flag.withDefault("0"),
    ),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site: { tenant }, actor }) {
        const receivedMinor = yield* optionalAmountMinor(tenant, optional(input.received))
        const withheldMinor = yield* amountMinor(tenant, input.withheld)
        const payment = { receivedMinor, withheldMinor }
        const receipt = yield* payReceipt(tenant, yield* idOf(tenant, input.receipt), payment, actor, input)
        const { id, status } = receipt
        if (!input.dryRun && status.kind === "paid") yield* printReceipt(tenant, receipt, actor)
        const paid = status.kind === "paid" ? "paid" : "paid in part"
        yield* print({ id, status }, `Receipt ${input.receipt} ${done(input, "is", "would be")} ${paid}.`)
      }),
    ),
).pipe(
  Command.withDescription(
    "Take a payment of an issued receipt, in full or in part, with what was withheld at source; prints it once it is paid",
  ),
)

const voiding = Command.make("void", { receipt, reason, dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site: { tenant }, actor }) {
      const { id, status } = yield* voidReceipt(tenant, yield* idOf(tenant, input.receipt), input.reason, actor, input)
      yield* print({ id, status }, `Receipt ${input.receipt} ${done(input, "is", "would be")} void.`)
    }),
  ),
).pipe(Command.withDescription("Void an issued, unpaid receipt while its month is open"))

const credit = Command.make(
  "credit",
  { receipt, reason, net: amountFlag("net", "Net amount taken back; all that is left when absent"), dryRun },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site: { tenant }, actor }) {
        const netMinor = yield* optionalAmountMinor(tenant, optional(input.net))
        const note = yield* creditReceipt(tenant, yield* idOf(tenant, input.receipt), { netMinor, reason: input.reason }, actor, input)
        if (!input.dryRun) yield* printCreditNote(tenant, note.number, actor)
        const [net, tax] = [yield* moneyOf(tenant, note.netMinor), yield* moneyOf(tenant, note.taxMinor)]
        yield* print(
          note,
          `Credit note ${note.number} ${done(input, "for", "would be for")} receipt ${input.receipt}: net ${net}, tax ${tax}`,
        )
      }),
    ),
).pipe(Command.withDescription("Take back a receipt, or a part of it, by a credit note"))

const refund = Command.make(
  "refund",
  {
    receipt,
    amount: amountFlag("amount", "Amount paid back; all that the receipt stands in credit when absent"),
    toBank: Flag.Boolean("to-bank").pipe(
      Flag.withDescription("Pay out from the bank what was drawn from prepaid credit too"),
      Flag.withDefault(false),
    ),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site: { tenant }, actor }) {
        const refund = {
          amountMinor: yield* optionalAmountMinor(tenant, optional(input.amount)),
          to: input.toBank ? ("bank" as const) : ("as-paid" as const),
        }
        const refunded = yield* refundReceipt(tenant, yield* idOf(tenant, input.receipt), refund, actor, input)
        const parts = [
          ...(refunded.bankMinor === 0n ? [] : [`${yield* moneyOf(tenant, refunded.bankMinor)} from the bank`]),
          ...(yield* Effect.forEach(refunded.credits, ({ project, amountMinor }) =>
            Effect.map(moneyOf(tenant, amountMinor), (money) => `${money} to the prepaid credit of ${project}`),
          )),
        ]
        const amount = yield* moneyOf(tenant, refunded.amountMinor)
        yield* print(refunded, `${amount} of receipt ${input.receipt} ${done(input, "paid", "would be paid")} back: ${parts.join(", ")}.`)
      }),
    ),
).pipe(Command.withDescription("Pay back what a receipt stands in credit; what was drawn from prepaid credit goes back to it"))

const writeOff = Command.make("write-off", { receipt, reason, dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site: { tenant }, actor }) {
      const writtenOffMinor = yield* writeOffReceipt(tenant, yield* idOf(tenant, input.receipt), input.reason, actor, input)
      yield* print(
        { writtenOffMinor },
        `${yield* moneyOf(tenant, writtenOffMinor)} of receipt ${input.receipt} ${done(input, "written", "would be written")} off.`,
      )
    }),
  ),
).pipe(Command.withDescription("Give up what is still owed of a receipt"))

export const receiptCommand = Command.make("receipt").pipe(
  Command.withSubcommands([pay, voiding, credit, refund, writeOff]),
  Command.withDescription("What becomes of a receipt after its issue"),
)
