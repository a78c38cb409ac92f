import { type Month, monthWindow } from "@hpc-billing/core"
import { drawShape, type JobShape } from "./drawShape.ts"
import { drawJobName } from "./jobNames.ts"
import { type GeneratedUser, generatedUsers } from "./people.ts"
import { type SeededRandom, weighted } from "./SeededRandom.ts"

/** One job to come: when it is submitted, by whom, and what it asks for. */
export interface Arrival {
  readonly submitSeconds: number
  readonly user: GeneratedUser
  readonly account: string
  readonly shape: JobShape
  readonly name: string
  /** Runs for days and is submitted just before a month ends. */
  readonly isLong: boolean
  /** Jobs of one array or of one heterogeneous job stand together, in order. */
  readonly member: { readonly kind: "array" | "heterogeneous"; readonly index: number; readonly size: number } | null
}

const longShare = 0.005
const longLimitMinutes = 7 * 24 * 60
const longLeadSeconds = 2 * 86_400
const campaignShare = 0.6
const arrayShare = 0.12
const heterogeneousShare = 0.005
const campaignJobsMaximum = 5_000
const arraySizeMaximum = 1_000
const hour = 3_600
const day = 24 * hour
const weekendFactor = 0.45
const zipfExponent = 1.3

const drawUser = weighted(generatedUsers.map((user, index) => [user, 1 / (index + 1) ** zipfExponent] as const))

const intensityMaximum = 3

/** Relative rate of submissions: three times as many in the afternoon as before dawn, fewer on Saturdays and Sundays. */
const intensity = (localSeconds: number): number => {
  const hourOfDay = (localSeconds % day) / hour
  const swing = 2 + Math.cos(((hourOfDay - 15) / 24) * 2 * Math.PI)
  // 1970-01-01 was a Thursday
  const weekday = (Math.floor(localSeconds / day) + 4) % 7
  return swing * (weekday === 0 || weekday === 6 ? weekendFactor : 1)
}

export interface ArrivalOptions {
  readonly months: readonly Month[]
  /** IANA zone of the months and of the working day. */
  readonly zone: string
  readonly jobs: number
}

/** All submissions of the months, in the order of their times; exactly as many jobs as asked for. */
export const planArrivals = (random: SeededRandom, { months, zone, jobs }: ArrivalOptions): readonly Arrival[] => {
  const start = monthWindow(months[0] as Month, zone).startSeconds
  const end = monthWindow(months.at(-1) as Month, zone).endSeconds
  // of the first day: where clocks change, the working day moves by an hour for half the year
  const zoneOffsetSeconds = Date.parse(`${months[0]}-01T00:00:00Z`) / 1000 - start
  const drawInstant = (): number => {
    for (;;) {
      const at = start + random.below(end - start)
      if (random.unit() * intensityMaximum < intensity(at + zoneOffsetSeconds)) return at
    }
  }
  const arrivals: Arrival[] = []
  const submission = (): Omit<Arrival, "submitSeconds" | "isLong" | "member"> => {
    const user = drawUser(random)
    return { user, account: random.pick(user.accounts), shape: drawShape(random), name: drawJobName(random) }
  }
  const longEnd = Math.round(jobs * longShare)
  while (arrivals.length < longEnd) {
    const monthEnd = monthWindow(random.pick(months), zone).endSeconds
    const one = submission()
    arrivals.push({
      ...one,
      shape: { ...one.shape, timeLimitMinutes: longLimitMinutes },
      submitSeconds: monthEnd - 1 - random.below(longLeadSeconds),
      isLong: true,
      member: null,
    })
  }
  const campaignsEnd = Math.max(longEnd, Math.round(jobs * campaignShare))
  const campaignMaximum = Math.max(1, Math.min(campaignJobsMaximum, Math.floor(jobs / 40)))
  while (arrivals.length < campaignsEnd) {
    const size = Math.min(Math.floor(random.pareto(Math.min(100, campaignMaximum), 1.2)), campaignMaximum, campaignsEnd - arrivals.length)
    const campaign = submission()
    const first = drawInstant()
    for (let index = 0; index < size; index += 1) {
      arrivals.push({ ...campaign, submitSeconds: Math.min(first + random.below(hour), end - 1), isLong: false, member: null })
    }
  }
  while (arrivals.length < jobs) {
    const left = jobs - arrivals.length
    const at = random.unit()
    const kind = at < arrayShare ? "array" : at < arrayShare + heterogeneousShare ? "heterogeneous" : null
    const size = kind === "array" ? Math.floor(random.pareto(2, 1.2)) : kind === null ? 1 : 2
    const bounded = Math.min(size, arraySizeMaximum, left)
    const one = submission()
    const submitSeconds = drawInstant()
    for (let index = 0; index < bounded; index += 1) {
      const shape = kind === "heterogeneous" && index > 0 ? drawShape(random) : one.shape
      arrivals.push({
        ...one,
        shape,
        submitSeconds,
        isLong: false,
        member: kind === null || bounded === 1 ? null : { kind, index, size: bounded },
      })
    }
  }
  const order = arrivals.map((_, index) => index)
  order.sort((a, b) => (arrivals[a] as Arrival).submitSeconds - (arrivals[b] as Arrival).submitSeconds || a - b)
  return order.map((index) => arrivals[index] as Arrival)
}
