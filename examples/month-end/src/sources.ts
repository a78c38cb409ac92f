import { fileURLToPath } from "node:url"
import { addMonths, type Month } from "@hpc-billing/core"
import type { PayerBook } from "@hpc-billing/service"
import { type Decoded, decodeSacctChunks, readSacctFile, type SlurmReadError } from "@hpc-billing/slurm-adapter"
import { Stream } from "effect"
import { generatedPayers, generateSacct } from "./generate/index.ts"

const inProject = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

export interface DemoSite {
  /** Folder with site.yaml and rates.yaml (and payers.yaml, where `payerBook` is null). */
  readonly folder: string
  readonly payerBook: PayerBook | null
  readonly months: readonly Month[]
  /** What stands in the print before its figures. */
  readonly title: string
  readonly source: string
  readonly records: Stream.Stream<readonly Decoded[], SlurmReadError>
  /** Usages that must lie across a bound of the months, or the example does not show what it should. */
  readonly crossingUsagesMinimum: number
}

const ciExport = "packages/slurm-adapter/fixtures/22.05-debian/settled/sacct/all.epoch.noconvert.us.txt"

/** A real Slurm 22.05 cluster with a zoo of edge cases around the end of October 2026. */
export const ciSite: DemoSite = {
  folder: inProject("examples/month-end/sites/ci"),
  payerBook: null,
  months: ["2026-10"],
  title: "Cluster ci: real Slurm records",
  source: ciExport,
  records: readSacctFile(inProject(ciExport), { source: ciExport }),
  crossingUsagesMinimum: 3,
}

const lateFile = "examples/month-end/late/october.psv"

/** The real cluster a month later, with a job of October that was written after its close. */
export const lateSite: DemoSite = {
  ...ciSite,
  months: ["2026-11"],
  title: "Cluster ci, one month later: a record of October came late",
  source: lateFile,
  records: readSacctFile(inProject(lateFile), { source: lateFile }),
  crossingUsagesMinimum: 0,
}

const generatedCluster = "generated-demo"
const generatedMonths = Array.from({ length: 13 }, (_, index) => addMonths("2025-10", index))

const { payers, mappings } = generatedPayers(generatedCluster)

/** Thirteen months and about 20 000 jobs of a cluster that does not exist. */
export const generatedSite = (jobs: number): DemoSite => ({
  folder: inProject("examples/month-end/sites/generated"),
  payerBook: { format: 1, payers, mappings },
  months: generatedMonths,
  title: `Cluster ${generatedCluster}: ${jobs.toLocaleString("en")} GENERATED jobs, nobody ran them`,
  source: `generated (seed ${generatedSeed})`,
  records: Stream.suspend(() =>
    Stream.fromAsyncIterable(decodeSacctChunks(generatedChunks(jobs), { source: "generated" }), (error) => error as SlurmReadError),
  ),
  crossingUsagesMinimum: 3,
})

const generatedSeed = 20_261_101

function* generatedChunks(jobs: number): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const text of generateSacct({ seed: generatedSeed, months: generatedMonths, jobs, cluster: generatedCluster }))
    yield encoder.encode(text)
}
