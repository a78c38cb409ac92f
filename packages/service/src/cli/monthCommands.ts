import { Effect } from "effect"
import { Command, Flag } from "effect/cli"
import { billMonth } from "../run/billMonth.ts"
import { closeMonth } from "../run/closeMonth.ts"
import { exportMonth } from "../run/exportMonth.ts"
import { previewMonthJournal } from "../run/journalMonth.ts"
import { postMonthJournal } from "../run/postMonthJournal.ts"
import { type PreviewedDraw, previewDraws } from "../run/previewDraws.ts"
import { rateMonth } from "../run/rateMonth.ts"
import { writeDocuments } from "../run/writeDocuments.ts"
import { writeExportFolder } from "../run/writeExportFolder.ts"
import { policyOf } from "../site/policyOf.ts"
import { dryRun, month, print, progress, withSite } from "./CliContext.ts"
import { entryText, ratedText, receiptsText, trialBalanceText } from "./text/monthText.ts"

export const rateCommand = Command.make("rate", { month }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site }) {
      const rated = yield* rateMonth(site.tenant, input.month)
      const payers = rated.payers.map(({ payer, lines }) => ({ payer: payer.id, lines: lines.length }))
      yield* print({ month: rated.month, counts: rated.counts, payers, unmapped: rated.unmapped.length }, ratedText(rated))
    }),
  ),
).pipe(Command.withDescription("Price a month from what is stored; stores nothing"))

export const billCommand = Command.make("bill", { month, dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site, actor }) {
      const { rated, receipts } = yield* billMonth(site.tenant, input.month, actor, input)
      const draws = input.dryRun ? yield* previewDraws(site.tenant, receipts) : new Map<string, readonly PreviewedDraw[]>()
      if (!input.dryRun) yield* writeDocuments(site.tenant, input.month, actor, { onProgress: progress("documents") })
      const summary = receipts.map(({ id, status, payer, netMinor, taxMinor, grossMinor, lines }) => ({
        id,
        status,
        payer: payer.id,
        netMinor,
        taxMinor,
        grossMinor,
        lines: lines.length,
        ...(input.dryRun ? { prepaid: draws.get(id) ?? [] } : {}),
      }))
      yield* print({ counts: rated.counts, receipts: summary }, `${ratedText(rated)}\n${receiptsText(receipts, draws)}`)
    }),
  ),
).pipe(
  Command.withDescription(
    "Draft and issue one receipt per payer, with its PDF; draws what was paid ahead; a second run finds nothing left",
  ),
)

const preview = Command.make("preview", { month }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site }) {
      const journal = yield* previewMonthJournal(site.tenant, input.month)
      const text =
        journal.entries.length === 0
          ? "Nothing left to post."
          : `${journal.entries.map(entryText).join("\n")}\n\n${trialBalanceText(journal.entries, policyOf(site).chart)}`
      yield* print(journal, text)
    }),
  ),
).pipe(Command.withDescription("Show the entries that posting would write; stores nothing"))

const post = Command.make("post", { month, dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site, actor }) {
      const posted = yield* postMonthJournal(site.tenant, input.month, actor, input)
      if (input.dryRun)
        return yield* print({ postedCount: 0, entries: posted.postedCount }, `${posted.postedCount} entries would be posted.`)
      const text =
        posted.postedCount === 0 ? "Nothing left to post." : `${posted.postedCount} entries posted, journal ${posted.journalSha256}`
      yield* print({ postedCount: posted.postedCount, journalSha256: posted.journalSha256 }, text)
    }),
  ),
).pipe(Command.withDescription("Post what the preview shows; posting twice posts once"))

export const journalCommand = Command.make("journal").pipe(
  Command.withSubcommands([preview, post]),
  Command.withDescription("The journal of a month"),
)

export const closeCommand = Command.make("close", { month, dryRun }, (input) =>
  withSite(
    Effect.fnUntraced(function* ({ site, actor }) {
      const { period, already } = yield* closeMonth(site.tenant, input.month, actor, input)
      const digest = period.status.kind === "closed" ? period.status.journalSha256 : ""
      const text = already
        ? `${input.month} was closed before, journal ${digest}`
        : `${input.month} ${input.dryRun ? "can be closed" : "closed"}, journal ${digest}`
      yield* print({ period, already }, text)
    }),
  ),
).pipe(Command.withDescription("Close a month for good: everything billed, posted and tied out"))

export const exportCommand = Command.make(
  "export",
  {
    month,
    out: Flag.String("out").pipe(
      Flag.withDescription("Folder that the export's own folder is written into"),
      Flag.withDefault("out"),
      Flag.withMetavar("DIR"),
    ),
    dryRun,
  },
  (input) =>
    withSite(
      Effect.fnUntraced(function* ({ site, actor, keys }) {
        const exported = yield* exportMonth(site.tenant, input.month, keys, actor, input)
        const folder = `${input.out}/${site.tenant}-${exported.runId}`
        if (input.dryRun) {
          const paths = exported.files.map(({ path, bytes }) => `  ${path} (${bytes.length} bytes)`)
          return yield* print({ folder, files: exported.files.map(({ path }) => path) }, [`${folder} would hold:`, ...paths].join("\n"))
        }
        const { written } = yield* writeExportFolder(folder, exported.files)
        const text = written
          ? `${exported.files.length} files written to ${folder}`
          : `${folder} holds the same ${exported.files.length} files already.`
        yield* print({ folder, runId: exported.runId, already: exported.already, files: exported.files.map(({ path }) => path) }, text)
      }),
    ),
).pipe(Command.withDescription("Write the signed files of a closed month; the same run gives the same bytes"))
