import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { appendRecords, type ChainHead, makeChainVerifier } from "../src/index.ts"
import { cryptography, eventOf, grow, macKey, seedOf, trust } from "../test/chains.ts"

/** Ten million records appended and verified as a stream: the memory of the verifier does not grow with them. */
const wanted = Number(process.argv[2] ?? 10_000_000)
const keys = { epoch: 0, macKey, signingSeed: seedOf(0) }
const events = Array.from({ length: 1_000 }, (_, index) => eventOf(index))
const verifier = makeChainVerifier(cryptography, trust)
setFlagsFromString("--expose-gc")
const collectGarbage: () => void = runInNewContext("gc")
/** What is still in use once everything else is collected; the runtime's own room for garbage does not count. */
const memoryMebibytes = (): number => {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return Math.round((heapUsed + external) / 2 ** 20)
}
let head: ChainHead = grow([]).head
let rows = 0
let afterTenth = 0
let verifySeconds = 0
while (rows < wanted) {
  const appended = appendRecords(cryptography, head, events, keys, 1_793_000_000_000_000n)
  head = appended.head
  rows += appended.records.length
  const started = process.cpuUsage()
  for (const record of appended.records) verifier.push(record)
  const { user, system } = process.cpuUsage(started)
  verifySeconds += (user + system) / 1_000_000
  if (afterTenth === 0 && rows >= wanted / 10) afterTenth = memoryMebibytes()
}
const report = verifier.finish()
const growthMebibytes = memoryMebibytes() - afterTenth
if (!report.ok || report.size !== BigInt(rows)) throw new Error(report.firstBad?.reason ?? "records are missing")
if (growthMebibytes > 8) throw new Error(`memory grew by ${growthMebibytes} MiB between a tenth and the whole`)
console.log(
  `${rows} records verified at ${Math.round(rows / verifySeconds)} a second of processor time; memory in use ${memoryMebibytes()} MiB, ${growthMebibytes} MiB more than after a tenth.`,
)
