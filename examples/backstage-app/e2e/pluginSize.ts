import { readFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"

/** What the build of `vite.config.ts` says of each chunk. */
interface Chunk {
  readonly file: string
  readonly isEntry: boolean
  readonly imports: readonly string[]
  readonly modules: readonly { readonly id: string; readonly renderedLength: number }[]
}

/** Kibibytes after gzip, as a browser receives them. */
export const limits = {
  /** Pages, parts and translations of the plugin, all of them together. */
  pagesKibibytes: 98,
  /** The largest of them: what a person waits for who opens one page. */
  largestKibibytes: 20,
  /** The chunk of the chart library, loaded when a chart is shown. */
  chartsKibibytes: 110,
  /** Of the plugin's own code in the chunk that every page of the portal loads: its routes, and nothing else; before gzip. */
  entryKibibytes: 4,
} as const

export interface PluginSize {
  readonly pagesKibibytes: number
  readonly largestKibibytes: number
  readonly chartsKibibytes: number
  readonly entryKibibytes: number
  readonly lazyChunks: number
  /** No page loads the chart library before it shows a chart. */
  readonly chartsAreLazy: boolean
}

const isOurs = ({ id }: { readonly id: string }): boolean => id.startsWith("packages/backstage-plugin/src/")
const isChartLibrary = ({ id }: { readonly id: string }): boolean => id.includes("/recharts/")
const kibibytes = (bytes: number): number => Math.round((bytes / 1_024) * 10) / 10

/** How much JavaScript the plugin brings to the built app of the folder. */
export const measurePlugin = (appFolder: string): PluginSize => {
  const chunks = JSON.parse(readFileSync(join(appFolder, ".vite/chunks.json"), "utf8")) as readonly Chunk[]
  const gzipped = ({ file }: Chunk): number => gzipSync(readFileSync(join(appFolder, file))).length
  const atStart = new Set<string>()
  const follow = (file: string): void => {
    if (atStart.has(file)) return
    atStart.add(file)
    for (const next of chunks.find((chunk) => chunk.file === file)?.imports ?? []) follow(next)
  }
  for (const { file, isEntry } of chunks) if (isEntry) follow(file)
  const lazy = chunks.filter((chunk) => !atStart.has(chunk.file) && chunk.modules.some(isOurs))
  const charts = chunks.filter(({ modules }) => modules.some(isChartLibrary))
  const pages = lazy.filter((chunk) => !charts.includes(chunk)).map(gzipped)
  const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0)
  const loaded = chunks.filter(({ file }) => atStart.has(file)).flatMap(({ modules }) => modules.filter(isOurs))
  return {
    pagesKibibytes: kibibytes(sum(pages)),
    largestKibibytes: kibibytes(Math.max(...pages)),
    chartsKibibytes: kibibytes(sum(charts.map(gzipped))),
    entryKibibytes: kibibytes(sum(loaded.map(({ renderedLength }) => renderedLength))),
    lazyChunks: lazy.length,
    chartsAreLazy: charts.length > 0 && charts.every(({ file }) => !atStart.has(file)),
  }
}
