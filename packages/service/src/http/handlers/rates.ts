import {
  type CanonicalValue,
  canonicalJson,
  instantOfLocal,
  localDate,
  type Plan,
  prepareRates,
  type RateBook,
  type RateCard,
  type RateOverride,
  type Rates,
} from "@hpc-billing/core"
import { Effect } from "effect"
import { HttpServerResponse } from "effect/http"
import { HttpApiBuilder, HttpApiSchema } from "effect/http-api"
import { stringify } from "yaml"
import { Api } from "../../api/Api.ts"
import type { CardView, DocumentProblem, Formula, MeterView, OverrideView } from "../../api/groups/rates.ts"
import { Caller } from "../../api/Identity.ts"
import { Conflict } from "../../api/problems.ts"
import { say } from "../../api/sentences.ts"
import { sha256Hex } from "../../crypto/nodeCryptography.ts"
import type { Actor } from "../../run/Actor.ts"
import { planRates } from "../../run/planRates.ts"
import { type BooksContent, editBooks } from "../../run/publishBooks.ts"
import { type RunError, refuse } from "../../run/RunError.ts"
import { BillingStore } from "../../store/index.ts"
import { reachOf } from "../access.ts"
import { checkRates } from "../draft/checkDraft.ts"
import { readDraft } from "../draft/readDraft.ts"
import { minorOf } from "../minorOf.ts"
import { once } from "../once.ts"
import { reading, writing } from "../problemOf.ts"
import { publishedOf } from "../published.ts"
import { rateBookWithin } from "../rateBookWithin.ts"
import { said } from "../said.ts"
import { nowSeconds, standingOf } from "../tenantView.ts"
import { microsecondsText } from "../views/instant.ts"
import { changeView, moneyView } from "../views/money.ts"
import { payersWithin } from "./payers.ts"

type Prepared = Rates["cards"][number]

const meterView = ({ meter, tax }: Prepared["meters"][number]): MeterView => ({
  sku: meter.sku,
  title: meter.title ?? meter.sku,
  unit: meter.unit,
  price: meter.price ?? null,
  counts: meter.resource ?? meter.formula ?? meter.amountFormula ?? "",
  model: meter.model?.kind ?? "flat",
  bands: meter.model !== undefined && "bands" in meter.model ? meter.model.bands.map(({ upTo, price }) => ({ upTo, price })) : [],
  tax: tax === null ? null : { ...tax, basisThai: tax.basisThai ?? tax.basis },
})

const cardView = ({ card, meters, hash, fromSeconds, untilSeconds }: Prepared, now: number, zone: string): CardView => ({
  id: card.id,
  version: card.version,
  title: card.title ?? card.id,
  tier: card.tier,
  effectiveFrom: card.effectiveFrom,
  effectiveUntil: untilSeconds === Number.POSITIVE_INFINITY ? null : localDate(untilSeconds, zone),
  standing: now < fromSeconds ? "coming" : now < untilSeconds ? "in-force" : "ended",
  basis: card.basis,
  hash,
  meters: meters.map(meterView),
})

const pricesOf = (card: RateCard): Record<string, string> =>
  Object.fromEntries(card.meters.flatMap(({ sku, price }) => (price === undefined ? [] : [[sku, price]])))

const formulaView = ({ card }: Prepared, currency: string): Formula => ({
  tier: card.tier ?? "",
  cardId: card.id,
  cardVersion: card.version,
  currency,
  effectiveFrom: card.effectiveFrom,
  prices: pricesOf(card),
})

const etagOf = ({ hash }: Prepared): string => `"${hash}"`

/** The card that a tier pays now. */
const cardInForce = Effect.fnUntraced(function* (rates: Rates, tier: string) {
  const now = yield* nowSeconds
  const card = rates.cards.find((each) => each.card.tier === tier && each.fromSeconds <= now && now < each.untilSeconds)
  return card === undefined ? yield* refuse("not-found", say("formula-not-in-force", { tier })) : card
})

/** The book with one more version of the tier's latest card, in force from the date with the prices given. */
const withPrices = (book: RateBook, tier: string, prices: Readonly<Record<string, string>>, effectiveFrom: string): RateBook => {
  const own = book.cards.filter((card) => card.tier === tier).sort((left, right) => (left.effectiveFrom < right.effectiveFrom ? -1 : 1))
  const latest = own.at(-1) as RateCard
  const version = Math.max(...book.cards.filter(({ id }) => id === latest.id).map((card) => card.version)) + 1
  const next: RateCard = {
    ...latest,
    version,
    effectiveFrom,
    effectiveUntil: null,
    meters: latest.meters.map((meter) => ({
      ...meter,
      ...(prices[meter.sku] === undefined ? {} : { price: prices[meter.sku] as string }),
    })),
  }
  return { ...book, cards: [...book.cards.map((card) => (card === latest ? { ...card, effectiveUntil: effectiveFrom } : card)), next] }
}

const startOfDay = (date: string, zone: string): number => {
  const [year, month, day] = date.split("-").map(Number) as [number, number, number]
  return instantOfLocal({ year, month, day, hour: 0, minute: 0, second: 0 }, zone)
}

const overrideView = (override: RateOverride): OverrideView => ({
  id: override.id,
  cluster: override.cluster ?? null,
  account: override.account,
  user: override.user,
  effectiveFrom: override.effectiveFrom,
  effectiveUntil: override.effectiveUntil,
  author: override.author,
  reason: override.reason,
  tier: override.tier ?? null,
  prices: override.prices ?? {},
  factor: override.factor ?? null,
})

/** Publishes the book with other overrides; answers the one with the id, or what is wrong with the book. */
const publishOverrides = (
  tenant: string,
  key: string,
  body: CanonicalValue,
  change: (overrides: readonly RateOverride[], actor: Actor) => Effect.Effect<readonly RateOverride[], RunError>,
  find: (overrides: readonly RateOverride[]) => RateOverride | undefined,
) =>
  writing(
    Effect.gen(function* () {
      let problems: readonly DocumentProblem[] = []
      yield* once(
        { tenant, key, body },
        (actor: Actor) =>
          editBooks(
            tenant,
            ({ rateBook }) =>
              Effect.gen(function* () {
                problems = []
                const overrides = yield* change(rateBook.overrides, actor)
                const read = checkRates({ ...rateBook, overrides })
                if (read.book !== null) return { rateBook: read.book }
                problems = read.problems
                return {}
              }),
            actor,
          ).pipe(Effect.asVoid),
        () => Effect.void,
      )
      if (problems.length > 0) return { override: null, problems }
      const { books } = yield* standingOf(tenant)
      const override = find(books.rateBook.overrides)
      return { override: override === undefined ? null : overrideView(override), problems }
    }),
  )

/** The payers of each tier together, by the tier's name. */
const planTiers = ({ payers }: Plan): readonly (readonly [tier: string, sum: Plan["total"]])[] => {
  const tiers = new Map<string, Plan["total"]>()
  for (const { payerId: _, tier, ...row } of payers) {
    const sum = tiers.get(tier)
    tiers.set(
      tier,
      sum === undefined
        ? row
        : {
            beforeMinor: sum.beforeMinor + row.beforeMinor,
            currentMinor: sum.currentMinor + row.currentMinor,
            plannedMinor: sum.plannedMinor + row.plannedMinor,
            useEffectMinor: sum.useEffectMinor + row.useEffectMinor,
            priceEffectMinor: sum.priceEffectMinor + row.priceEffectMinor,
            policyEffectMinor: sum.policyEffectMinor + row.policyEffectMinor,
          },
    )
  }
  return [...tiers].sort(([left], [right]) => (left < right ? -1 : 1))
}

export const ratesHandlers = HttpApiBuilder.group(
  Api,
  "rates",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      current: ({ params: { tenant }, query: { on } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const { books, zone, currency } = yield* standingOf(tenant)
            const now = yield* nowSeconds
            const at = on === undefined ? now : startOfDay(on, zone)
            const stored = yield* store.document(tenant, "rate-book", books.rateBookVersion)
            return {
              version: books.rateBookVersion,
              publishedAt: microsecondsText(stored?.storedAtMicroseconds ?? 0n),
              currency: currency.code,
              zone,
              today: localDate(now, zone),
              on: on ?? localDate(now, zone),
              cards: books.rates.cards.map((card) => cardView(card, at, zone)),
            }
          }),
        ),
      versions: ({ params: { tenant } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const versions = yield* store.documents(tenant, "rate-book")
            return {
              versions: versions
                .map(({ version, sha256, storedAtMicroseconds }) => ({
                  version,
                  sha256,
                  publishedAt: microsecondsText(storedAtMicroseconds),
                }))
                .sort((left, right) => right.version - left.version),
            }
          }),
        ),
      document: ({ params: { tenant }, query: { version } }) =>
        reading(
          Effect.gen(function* () {
            const store = yield* BillingStore
            const stored = yield* store.document(tenant, "rate-book", version ?? null)
            if (stored === null) return yield* refuse("not-found", say("rate-book-version-unknown"))
            const { books } = yield* standingOf(tenant)
            const { identity } = yield* Caller
            const { book, isWhole } = rateBookWithin(
              JSON.parse(new TextDecoder().decode(stored.bytes)) as RateBook,
              identity,
              payersWithin(books, reachOf(identity, "payerRead")),
            )
            return { version: stored.version, sha256: stored.sha256, isWhole, text: stringify(book) }
          }),
        ),
      tiers: ({ params: { tenant } }) =>
        reading(
          Effect.gen(function* () {
            const { books } = yield* standingOf(tenant)
            const { tiers, overrides } = books.rateBook
            return {
              tiers: tiers.map(({ name, title, rules }) => ({
                name,
                title: title ?? name,
                rules: rules.map(({ cluster, account, user, payer }) => ({
                  cluster: cluster ?? null,
                  account: account ?? null,
                  user: user ?? null,
                  payer: payer ?? null,
                })),
              })),
              overrides: overrides.map(overrideView),
            }
          }),
        ),
      check: ({ payload: { text } }) => reading(Effect.map(readDraft("rates", text), ({ problems }) => ({ problems }))),
      plan: ({ params: { tenant }, payload: { text, month, toMonth, withBefore, protectedTiers, recovery } }) =>
        reading(
          Effect.gen(function* () {
            const { currency } = yield* standingOf(tenant)
            const read = yield* readDraft("rates", text)
            if (read.book === null) return { plan: null, problems: read.problems }
            const months = { from: month, to: toMonth ?? month, withBefore: withBefore ?? false }
            const { plan } = yield* planRates(tenant, read.book, months, {
              protectedTiers: protectedTiers ?? [],
              recovery:
                recovery === undefined
                  ? null
                  : {
                      costMinor: yield* minorOf(recovery.cost, currency),
                      leastPercent: BigInt(recovery.leastPercent),
                      mostPercent: BigInt(recovery.mostPercent),
                    },
            })
            const effects = (row: Plan["total"]) => ({
              change: changeView(row.plannedMinor, row.currentMinor, currency),
              before: moneyView(row.beforeMinor, currency),
              useEffect: moneyView(row.useEffectMinor, currency),
              priceEffect: moneyView(row.priceEffectMinor, currency),
              policyEffect: moneyView(row.policyEffectMinor, currency),
            })
            return {
              plan: {
                month: months.from,
                toMonth: months.to,
                total: moneyView(plan.total.plannedMinor, currency),
                ...effects(plan.total),
                tiers: planTiers(plan).map(([tier, row]) => ({ tier, amount: moneyView(row.plannedMinor, currency), ...effects(row) })),
                payers: plan.payers.map((row) => ({
                  payerId: row.payerId,
                  tier: row.tier,
                  amount: moneyView(row.plannedMinor, currency),
                  ...effects(row),
                })),
                breaches: plan.breaches.map((breach) => ({
                  reason: breach.reason,
                  message: breach.message,
                  payerId: breach.reason === "protected-tier" ? breach.payerId : null,
                  tier: breach.reason === "protected-tier" ? breach.tier : null,
                  otherTier: breach.reason === "protected-tier" ? breach.other : null,
                })),
              },
              problems: [],
            }
          }),
        ),
      publish: ({ params: { tenant }, headers, payload: { text } }) =>
        writing(
          Effect.gen(function* () {
            yield* standingOf(tenant)
            const read = yield* readDraft("rates", text)
            if (read.book === null) return { published: null, problems: read.problems }
            const { book: rateBook } = read
            const answer = () => Effect.map(publishedOf(tenant, "rate-book"), (published) => ({ published, problems: [] }))
            return yield* once(
              { tenant, key: headers["idempotency-key"], body: { route: "rates.publish", text } },
              (actor) =>
                Effect.andThen(
                  editBooks(tenant, () => Effect.succeed({ rateBook }), actor),
                  answer(),
                ),
              answer,
            )
          }),
        ),
      addOverride: ({ params: { tenant }, headers, payload }) => {
        const key = headers["idempotency-key"]
        const id = `override-${sha256Hex(new TextEncoder().encode(canonicalJson({ key, payload: { ...payload } } as unknown as CanonicalValue))).slice(0, 12)}`
        return publishOverrides(
          tenant,
          key,
          { route: "rates.addOverride", payload: { ...payload } } as unknown as CanonicalValue,
          (overrides, { name }) => Effect.succeed([...overrides, { ...payload, id, author: name }]),
          (overrides) => overrides.find((each) => each.id === id),
        )
      },
      endOverride: ({ params: { tenant, overrideId }, headers, payload: { effectiveUntil } }) =>
        publishOverrides(
          tenant,
          headers["idempotency-key"],
          { route: "rates.endOverride", overrideId, effectiveUntil },
          (overrides) =>
            overrides.some(({ id }) => id === overrideId)
              ? Effect.succeed(overrides.map((each) => (each.id === overrideId ? { ...each, effectiveUntil } : each)))
              : Effect.fail(refuse("not-found", say("override-unknown", { override: overrideId }))),
          (overrides) => overrides.find(({ id }) => id === overrideId),
        ),
    })
  }),
)

export const formulasHandlers = HttpApiBuilder.group(
  Api,
  "formulas",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      get: ({ params: { tenant, tier }, headers }) =>
        reading(
          Effect.gen(function* () {
            const { books, currency } = yield* standingOf(tenant)
            const card = yield* cardInForce(books.rates, tier)
            const etag = etagOf(card)
            if (headers["if-none-match"] === etag) return HttpServerResponse.empty({ status: 304, headers: { etag } })
            return HttpApiSchema.withHeaders({ body: formulaView(card, currency.code), headers: { etag } })
          }),
        ),
      set: ({ params: { tenant, tier }, headers, payload: { prices, effectiveFrom } }) =>
        writing(
          Effect.gen(function* () {
            const { currency } = yield* standingOf(tenant)
            const { requestId } = yield* Caller
            const edit = Effect.fnUntraced(function* ({ rateBook }: Pick<BooksContent, "rateBook">) {
              const standing = yield* cardInForce(prepareRates(rateBook, sha256Hex), tier)
              if (headers["if-match"] !== undefined && headers["if-match"] !== etagOf(standing)) {
                return yield* new Conflict({
                  requestId,
                  reason: "changed-meanwhile",
                  ...said(say("formula-changed-meanwhile", { tier })),
                })
              }
              const unknown = Object.keys(prices).filter((sku) => pricesOf(standing.card)[sku] === undefined)
              if (unknown.length > 0)
                return yield* refuse("publish-refused", say("formula-sku-unknown", { tier, skus: unknown.join(", ") }))
              const book = withPrices(rateBook, tier, prices, effectiveFrom)
              const checked = checkRates(book)
              if (checked.book === null)
                return yield* refuse(
                  "publish-refused",
                  say("publish-unsound"),
                  checked.problems.map(({ path, code, params, message }) => ({ path, code, params, text: message })),
                )
              return { rateBook: checked.book }
            })
            yield* once(
              { tenant, key: headers["idempotency-key"], body: { route: "formulas.set", tier, prices, effectiveFrom } },
              (actor) => Effect.asVoid(editBooks(tenant, edit, actor)),
              () => Effect.void,
            )
            const { books: renewed } = yield* standingOf(tenant)
            const set = renewed.rates.cards.find(({ card }) => card.tier === tier && card.effectiveFrom === effectiveFrom)
            if (set === undefined) return yield* refuse("publish-refused", say("formula-replaced", { tier, from: effectiveFrom }))
            return HttpApiSchema.withHeaders({ body: formulaView(set, currency.code), headers: { etag: etagOf(set) } })
          }),
        ),
    })
  }),
)
