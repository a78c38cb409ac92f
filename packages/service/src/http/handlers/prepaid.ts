import { type Hold, openOf } from "@hpc-billing/ledger"
import { Effect } from "effect"
import { HttpApiBuilder } from "effect/http-api"
import { Api } from "../../api/Api.ts"
import type { PrepaidAccountView, PrepaidChangeView, PrepaidView } from "../../api/groups/prepaid.ts"
import { Caller } from "../../api/Identity.ts"
import { say } from "../../api/sentences.ts"
import { rowsDefault } from "../../api/values.ts"
import type { Actor } from "../../run/Actor.ts"
import type { Books } from "../../run/Books.ts"
import { actOnPrepaid, listPrepaid, type PrepaidAct, showPrepaid } from "../../run/prepaidCredit.ts"
import { prepaidHistory } from "../../run/prepaidHistory.ts"
import { type RunError, refuse } from "../../run/RunError.ts"
import { reachOf } from "../access.ts"
import { receiptHeader } from "../figures/receiptHeader.ts"
import { minorOf } from "../minorOf.ts"
import { once } from "../once.ts"
import { pageOver, sourceOf } from "../pageOver.ts"
import { reading, writing } from "../problemOf.ts"
import { standingOf } from "../tenantView.ts"
import { instantOrNull, instantText } from "../views/instant.ts"
import { moneyView } from "../views/money.ts"
import { payersWithin } from "./payers.ts"

const hoursDefault = 168

interface ProjectParams {
  readonly tenant: string
  readonly project: string
}

type Standing = Effect.Success<ReturnType<typeof showPrepaid>>

const accountView = (standing: Standing, { payerBook }: Books): PrepaidAccountView => {
  const { project, payerId, currency, holds } = standing
  const payer = payerBook.payers.find(({ id }) => id === payerId)
  return {
    project,
    payerId,
    payerNameThai: payer?.nameThai ?? payerId,
    payerNameEnglish: payer?.nameEnglish ?? payerId,
    settled: moneyView(standing.settledMinor, currency),
    held: moneyView(standing.inFlightMinor, currency),
    available: moneyView(standing.availableMinor, currency),
    openHolds: holds.filter(([, hold]) => openOf(hold) > 0n).length,
  }
}

/** The credit of a project when its payer is within the caller's reach. */
const findPrepaid = Effect.fnUntraced(function* ({ tenant, project }: ProjectParams) {
  const { books } = yield* standingOf(tenant)
  const reach = reachOf((yield* Caller).identity, "receiptRead")
  const standing = yield* showPrepaid(tenant, project)
  if (reach.kind !== "all" && !payersWithin(books, reach).has(standing.payerId)) {
    return yield* refuse("not-found", say("prepaid-unknown", { project }))
  }
  return standing
})

const prepaidView = Effect.fnUntraced(function* (params: ProjectParams) {
  const standing = yield* findPrepaid(params)
  const { books, dataUntil } = yield* standingOf(params.tenant)
  const { identity } = yield* Caller
  const { currency } = standing
  const holds = standing.holds.filter(([, hold]: readonly [string, Hold]) => openOf(hold) > 0n)
  const mayWrite = reachOf(identity, "receiptWrite").kind === "all"
  return {
    ...accountView(standing, books),
    holds: holds.map(([id, hold]) => ({
      id,
      amount: moneyView(hold.amountMinor, currency),
      open: moneyView(openOf(hold), currency),
      expiresAt: instantText(hold.expiresAtSeconds),
    })),
    actions: mayWrite ? ["top-up", "hold", ...(holds.length === 0 ? [] : (["release"] as const))] : [],
    dataUntil,
  } satisfies PrepaidView
})

/** An act on a project's credit, done once; answers how it stands then. */
const actOnProject = <E, R>(
  params: ProjectParams,
  key: string,
  body: Readonly<Record<string, string | number | null>>,
  make: Effect.Effect<PrepaidAct, E, R>,
) =>
  writing(
    Effect.gen(function* () {
      const { tenant, project } = params
      yield* once(
        { tenant, key, body: { ...body, project } },
        (actor: Actor) => Effect.flatMap(make, (act) => Effect.asVoid(actOnPrepaid(tenant, project, act, actor))),
        () => Effect.void,
      )
      return yield* prepaidView(params)
    }),
  )

const amountMinorOf = (tenant: string, amount: string) =>
  Effect.flatMap(standingOf(tenant), ({ currency }): Effect.Effect<bigint, RunError> => minorOf(amount, currency))

const historyOf = Effect.fnUntraced(function* (params: ProjectParams, page: { readonly cursor: string | null; readonly limit: number }) {
  const { project, currency, operations } = yield* findPrepaid(params)
  const changes = prepaidHistory(project, currency, operations).toReversed()
  const { rows, next } = yield* pageOver([sourceOf(changes)], page)
  const views = yield* Effect.forEach(rows, ({ kind, reference, atSeconds, ...minor }) =>
    Effect.gen(function* () {
      const isReceipts = kind === "charge" || kind === "refund"
      const receipt = isReceipts ? yield* receiptHeader(params.tenant, reference) : null
      return {
        kind,
        reference,
        receiptNumber: receipt === null || receipt.status.kind === "draft" ? null : receipt.status.number,
        at: instantOrNull(atSeconds),
        amount: moneyView(minor.amountMinor, currency),
        settled: moneyView(minor.settledMinor, currency),
        held: moneyView(minor.inFlightMinor, currency),
        available: moneyView(minor.availableMinor, currency),
      } satisfies PrepaidChangeView
    }),
  )
  const { dataUntil } = yield* standingOf(params.tenant)
  return { rows: views, next, dataUntil }
})

export const prepaidHandlers = HttpApiBuilder.group(
  Api,
  "prepaid",
  Effect.fnUntraced(function* (handlers) {
    return handlers.handleAll({
      list: ({ params: { tenant }, query: { payerId, cursor, limit } }) =>
        reading(
          Effect.gen(function* () {
            const { books, dataUntil } = yield* standingOf(tenant)
            const reach = reachOf((yield* Caller).identity, "receiptRead")
            const own = reach.kind === "all" ? null : payersWithin(books, reach)
            const asked = payerId === undefined ? own : new Set(own === null || own.has(payerId) ? [payerId] : [])
            const standing = yield* listPrepaid(tenant, asked)
            const { rows, next } = yield* pageOver([sourceOf(standing)], { cursor: cursor ?? null, limit: limit ?? rowsDefault })
            return { rows: rows.map((each) => accountView(each, books)), next, dataUntil }
          }),
        ),

      get: ({ params }) => reading(prepaidView(params)),

      history: ({ params, query: { cursor, limit } }) =>
        reading(historyOf(params, { cursor: cursor ?? null, limit: limit ?? rowsDefault })),

      topUp: ({ params, headers, payload: { id, payerId, amount } }) =>
        actOnProject(
          params,
          headers["idempotency-key"],
          { route: "prepaid.topUp", id, payerId, amount },
          Effect.map(amountMinorOf(params.tenant, amount), (amountMinor) => ({ kind: "top-up", id, payerId, amountMinor })),
        ),

      hold: ({ params, headers, payload: { id, amount, hours } }) =>
        actOnProject(
          params,
          headers["idempotency-key"],
          { route: "prepaid.hold", id, amount, hours: hours ?? null },
          Effect.map(amountMinorOf(params.tenant, amount), (amountMinor) => ({
            kind: "hold",
            id,
            amountMinor,
            forSeconds: (hours ?? hoursDefault) * 3_600,
          })),
        ),

      release: ({ params, headers, payload: { id } }) =>
        actOnProject(
          params,
          headers["idempotency-key"],
          { route: "prepaid.release", id },
          Effect.succeed<PrepaidAct>({ kind: "release", id }),
        ),
    })
  }),
)
