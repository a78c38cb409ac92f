/** Rates 100 000 jobs of three resources with the sample book, one month: `node --conditions=@hpc-billing/source packages/core/bench/rateUsage.ts` */
import { monthWindow, normalise, rateUsage, type Usage } from "@hpc-billing/core"
import { mappingWith, payersOf, payerWith, ratesOf, recordWith, sampleBook } from "../fixtures/makeUsage.ts"

const jobsMaximum = 100_000
const month = monthWindow("2026-04", "Asia/Bangkok")
const accounts = Array.from({ length: 50 }, (_, index) => `a${index}`)
const payers = payersOf(
  accounts.map((account, index) => payerWith(account, ["MU", "Gov", "Private"][index % 3] ?? "")),
  accounts.map((account) => mappingWith({ account, payerId: account })),
)
const rates = ratesOf(sampleBook())
const usages: readonly Usage[] = normalise(
  Array.from({ length: jobsMaximum }, (_, index) => {
    const startSeconds = month.startSeconds + ((index * 7_919) % 2_500_000)
    return recordWith({
      jobId: String(index),
      submitSeconds: startSeconds - 60,
      startSeconds,
      endSeconds: startSeconds + ((index * 7_927) % 90_000),
      account: accounts[index % 50] ?? "",
      user: `u${index % 400}`,
      allocated: { cpu: 1 + (index % 64), mem: 1_024 * (1 + (index % 40)), node: 1, billing: 1, "gres/gpu": 1, "gres/gpu:a100": 1 },
    })
  }),
  { asOfSeconds: month.endSeconds },
).usages

for (let round = 1; round <= 5; round += 1) {
  const before = performance.now()
  const cpuBefore = process.cpuUsage()
  let lines = 0
  for (const usage of usages) lines += rateUsage(usage, { rates, payers, windows: [month] }).length
  const seconds = (performance.now() - before) / 1_000
  const cpu = process.cpuUsage(cpuBefore)
  const cpuSeconds = (cpu.user + cpu.system) / 1_000_000
  console.log(`round ${round}: ${jobsMaximum} jobs, ${lines} lines in ${seconds.toFixed(2)} s, ${cpuSeconds.toFixed(2)} s of processor`)
}
