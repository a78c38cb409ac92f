import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { contractPayerBook, contractRateBook, contractTenant } from "../src/testing/contractSite.ts"
import { serveContract } from "../src/testing/serveContract.ts"

/**
 * Texts that cost a parser far more than their length are sent to a service in a process of its own, one after the other, while
 * `/health` is asked without a pause. Each is refused and holds nobody up; large honest books are read and hold nobody up either. The clock of
 * a machine with other work says little: each text is sent several times, and its best round is judged.
 */
const answerMillisecondsMaximum = 200
const healthMillisecondsMaximum = 100
const rounds = 5

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index)
const lines = (count: number, line: (index: number) => string): string => range(count).map(line).join("\n")
const brackets = "[".repeat(20_000) + "]".repeat(20_000)

const hostile: readonly (readonly [what: string, text: string])[] = [
  ["120,000 keys, 1.5 MB", lines(120_000, (index) => `key${index}: 1`)],
  ["120,000 keys as JSON", JSON.stringify(Object.fromEntries(range(120_000).map((index) => [`key${index}`, 1])))],
  ["200,000 commas", `a: [${",".repeat(200_000)}]`],
  ["20,000 nested brackets", brackets],
  ["20,000 nested braces", `${"{a: ".repeat(20_000)}1${"}".repeat(20_000)}`],
  ["20,000 nested list entries", "- ".repeat(20_000)],
  ["aliases of aliases", lines(20, (index) => `a${index}: &a${index} [${range(9).map(() => (index === 0 ? "x" : `*a${index - 1}`))}]`)],
  ["1,000,000 empty lines", "\n".repeat(1_000_000)],
]

/** What passes a limit far behind is found by the thread that reads: nobody waits for it but who sent it. */
const hostileFarBehind: typeof hostile = [
  ["30,000 small objects in a list", lines(30_000, (index) => `- { a: ${index}, b: 2, c: 3, d: 4 }`)],
  ["a book that nests at its end", `${lines(15_000, (index) => `- name: partition ${index}`)}\n- ${brackets}`],
]

const forms = (depth: number, values: number): readonly (readonly [what: string, body: string])[] => [
  [`${depth} nested brackets`, `{"prices":${"[".repeat(depth)}${"]".repeat(depth)}}`],
  [
    `${values} prices`,
    JSON.stringify({ effectiveFrom: "2199-01-01", prices: Object.fromEntries(range(values).map((index) => [`k${index}`, "1"])) }),
  ],
]

const overrides = range(4_000).map((index) => ({
  id: `grant-${index}`,
  account: `account-${index}`,
  user: `user-${index}`,
  effectiveFrom: "2026-01-01",
  effectiveUntil: null,
  author: "admin",
  reason: `agreed in letter ${index}`,
  prices: { cpu: "0.5", gpu: "1" },
}))
const mappings = range(8_000).map((index) => ({ ...contractPayerBook.mappings[0], account: `account-${index}` }))
const honest: readonly (readonly [what: string, route: string, body: object])[] = [
  ["a rate book of 4,000 overrides", "rates/check", { text: JSON.stringify({ ...contractRateBook, overrides }, null, 2) }],
  ["a payer book of 8,000 mappings", "payers", { text: JSON.stringify({ ...contractPayerBook, mappings }, null, 2) }],
]

interface Took {
  readonly status: number
  readonly answer: string
  readonly milliseconds: number
  readonly healthMilliseconds: number
}

const health = async (url: string): Promise<number> => {
  const startedAt = performance.now()
  await (await fetch(`${url}/health`)).text()
  return performance.now() - startedAt
}

/** Sends a body, and asks how the service is for as long as no answer is there. */
const send = async (url: string, route: string, body: string): Promise<Took> => {
  let isAnswered = false
  const asking = (async () => {
    let worst = await health(url)
    while (!isAnswered) worst = Math.max(worst, await health(url))
    return worst
  })()
  const startedAt = performance.now()
  const response = await fetch(`${url}/v1/tenants/${contractTenant}/${route}`, {
    method: "POST",
    headers: { "x-role": "admin", "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body,
  })
  const answer = await response.text()
  const milliseconds = performance.now() - startedAt
  isAnswered = true
  return { status: response.status, answer, milliseconds, healthMilliseconds: await asking }
}

const measure = async (url: string): Promise<readonly string[]> => {
  const faults: string[] = []
  const judge = async (what: string, route: string, body: string, answerWithin: number | null): Promise<void> => {
    const isHostile = answerWithin !== null
    const took: Took[] = []
    for (let round = 0; round < rounds; round += 1) took.push(await send(url, route, body))
    const status = took[0]?.status ?? 0
    const [answered, healthy] = [
      Math.min(...took.map((each) => each.milliseconds)),
      Math.min(...took.map((each) => each.healthMilliseconds)),
    ]
    console.log(`${answered.toFixed(0).padStart(6)} ms, /health ${healthy.toFixed(0).padStart(4)} ms: ${status} to ${what} (${route})`)
    if (isHostile ? status < 400 || status >= 500 : status !== 200 || !/"problems":\[\]/.test(took[0]?.answer ?? ""))
      faults.push(`${what}: ${status} ${took[0]?.answer.slice(0, 200)}`)
    if (answerWithin !== null && answered > answerWithin) faults.push(`${what}: answered after ${answered.toFixed(0)} ms`)
    if (healthy > healthMillisecondsMaximum) faults.push(`${what}: /health took ${healthy.toFixed(0)} ms`)
  }
  await send(url, "rates/check", JSON.stringify({ text: JSON.stringify(contractRateBook) }))
  for (const [of, answerWithin] of [
    [hostile, answerMillisecondsMaximum],
    [hostileFarBehind, Number.POSITIVE_INFINITY],
  ] as const) {
    for (const [what, text] of of) {
      for (const route of ["rates/check", "rates/plan", "rates", "payers"]) {
        await judge(what, route, JSON.stringify(route === "rates/plan" ? { text, month: "2026-10" } : { text }), answerWithin)
      }
    }
  }
  for (const [what, body] of forms(20_000, 40_000))
    for (const route of ["formulas/MU", "estimate", "rates/overrides"]) await judge(what, route, body, answerMillisecondsMaximum)
  for (const [what, route, body] of honest) await judge(what, route, JSON.stringify(body), null)
  return faults
}

if (process.argv[2] === "serve") {
  const served = await serveContract()
  // ends with the process that asks
  process.stdin.resume().on("end", () => process.exit(0))
  console.log(served.url)
} else {
  const child = spawn(process.execPath, ["--conditions=@hpc-billing/source", fileURLToPath(import.meta.url), "serve"], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  const url = await new Promise<string>((done) => child.stdout.once("data", (chunk) => done(String(chunk).trim())))
  const faults = await measure(url).finally(() => child.kill("SIGTERM"))
  if (faults.length > 0) throw new Error(faults.join("\n"))
  console.log(
    `${hostile.length + hostileFarBehind.length + 2} kinds of hostile text: each refused, ${hostile.length + 2} of them within ${answerMillisecondsMaximum} ms, /health within ${healthMillisecondsMaximum} ms meanwhile; 4,000 overrides and 8,000 mappings are read`,
  )
  process.exit(0)
}
