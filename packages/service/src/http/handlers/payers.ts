import { addDecimals, type Decimal, type PayerMapping, resolvePayer, roundAndAllocate } from "@hpc-billing/core"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import type { AccountView, PayerView } from "../../api/groups/payers.ts"
import { Caller } from "../../api/Identity.ts"
import { say } from "../../api/sentences.ts"
import type { Books } from "../../run/Books.ts"
import { editBooks } from "../../run/publishBooks.ts"
import { type Reach, reaches, reachOf } from "../access.ts"
import { readDraft } from "../draft/readDraft.ts"
import { FiguresCache } from "../figures/FiguresCache.ts"
import { once } from "../once.ts"
import { reading, writing } from "../problemOf.ts"
import { publishedOf } from "../published.ts"
import { nowSeconds, standingOf } from "../tenantView.ts"
import { moneyView, quantityView } from "../views/money.ts"

/** The payers all of whose accounts are the caller's: a receipt of any other shows what others spent. */
export const payersWithin = (books: Books, reach: Reach): ReadonlySet<string> => {
  const { payers, mappings } = books.payerBook
  if (reach.kind === "all") return new Set(payers.map(({ id }) => id))
  if (reach.kind === "none") return new Set()
  const foreign = new Set(mappings.filter(({ account }) => !reach.accounts.includes(account)).map(({ payerId }) => payerId))
  return new Set(mappings.filter(({ payerId }) => !foreign.has(payerId)).map(({ payerId }) => payerId))
}

const mappingView = ({ sharePercent, ...mapping }: PayerMapping): PayerView["mappings"][number] => ({
  cluster: mapping.cluster,
  account: mapping.account,
  user: mapping.user,
  sharePercent: sharePercent ?? "100",
  effectiveFrom: mapping.effectiveFrom,
  effectiveUntil: mapping.effectiveUntil,
})

export const payersHandlers = HttpApiBuilder.group(
  Api,
  "payers",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      payers: ({ params: { tenant } }) =>
        reading(
          Effect.gen(function* () {
            const { books } = yield* standingOf(tenant)
            const within = payersWithin(books, reachOf((yield* Caller).identity, "payerRead"))
            const { payers, mappings } = books.payerBook
            return {
              version: books.payerBookVersion,
              payers: payers
                .filter(({ id }) => within.has(id))
                .map(({ taxTreatment, ...payer }) => ({
                  ...payer,
                  taxKind: taxTreatment.kind,
                  taxText: `${taxTreatment.code} ${taxTreatment.kind === "taxable" ? `${taxTreatment.ratePercent} %` : taxTreatment.basis}`,
                  mappings: mappings.filter(({ payerId }) => payerId === payer.id).map(mappingView),
                })),
            }
          }),
        ),

      accounts: ({ params: { tenant } }) =>
        reading(
          Effect.gen(function* () {
            const { books } = yield* standingOf(tenant)
            const { identity } = yield* Caller
            const reach = reachOf(identity, "usageRead")
            const limit = identity.limits?.get("usageRead")
            const isOwn = (account: string): boolean =>
              reaches(reach, { user: "", account }) ||
              (identity.accounts.includes(account) && (limit === undefined || limit.accounts.includes(account)))
            const now = yield* nowSeconds
            const seen = new Map<string, AccountView>()
            for (const { cluster, account } of books.payerBook.mappings) {
              if (!isOwn(account)) continue
              const resolved = resolvePayer(books.payers, cluster, account, "", now)
              const payer = resolved.kind === "shares" ? (resolved.shares[0]?.payer ?? null) : null
              seen.set(`${cluster}/${account}`, {
                cluster,
                account,
                payerId: payer?.id ?? null,
                payerNameThai: payer?.nameThai ?? null,
                payerNameEnglish: payer?.nameEnglish ?? null,
                tier: payer?.tier ?? null,
              })
            }
            return { accounts: [...seen].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, view]) => view) }
          }),
        ),

      unmapped: ({ params: { tenant }, query: { month } }) =>
        reading(
          Effect.gen(function* () {
            const cache = yield* FiguresCache
            const { currency, dataUntil } = yield* standingOf(tenant)
            const { unmapped } = yield* cache.month(tenant, month)
            const accounts = Map.groupBy(unmapped, ({ cluster, account }) => `${cluster}/${account}`)
            return {
              month,
              accounts: [...accounts.values()].map((lines) => {
                const [first] = lines
                const { cluster, account } = first as NonNullable<typeof first>
                const quantities = new Map<string, Decimal>()
                for (const { unit, quantity, zeroReason } of lines) {
                  const known = quantities.get(unit)
                  if (zeroReason === null) quantities.set(unit, known === undefined ? quantity : addDecimals(known, quantity))
                }
                const { totalMinor } = roundAndAllocate(
                  lines.map(({ id, amount }) => ({ key: id, amount })),
                  currency.exponent,
                  "half-up",
                )
                return {
                  cluster,
                  account,
                  users: [...new Set(lines.map(({ user }) => user))].sort(),
                  jobs: new Set(lines.map(({ usageId }) => usageId)).size,
                  amount: moneyView(totalMinor, currency),
                  quantities: [...quantities].map(([unit, quantity]) => quantityView(quantity, unit)),
                  ...say("account-unmapped", { account, cluster }),
                }
              }),
              dataUntil,
            }
          }),
        ),

      publish: ({ params: { tenant }, headers, payload: { text } }) =>
        writing(
          Effect.gen(function* () {
            yield* standingOf(tenant)
            const read = yield* readDraft("payers", text)
            if (read.book === null) return { published: null, problems: read.problems }
            const payerBook = read.book
            const answer = () => Effect.map(publishedOf(tenant, "payer-book"), (published) => ({ published, problems: [] }))
            return yield* once(
              { tenant, key: headers["idempotency-key"], body: { route: "payers.publish", text } },
              (actor) =>
                Effect.andThen(
                  editBooks(tenant, () => Effect.succeed({ payerBook }), actor),
                  answer(),
                ),
              answer,
            )
          }),
        ),
    })
  }),
)
