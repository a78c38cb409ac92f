import { isZone } from "@hpc-billing/core"
import { SlurmReadError } from "../SlurmReadError.ts"
import { type LocalClock, localClock } from "./LocalClock.ts"

/** The clock of a source's local times: where no zone is named, the first time that needs one is refused. Throws `SlurmReadError`. */
export const clockOfSource = (source: string, timeZone: string | undefined): LocalClock => {
  if (timeZone === undefined) return zonelessClock(source)
  if (isZone(timeZone)) return localClock(timeZone)
  const expected = "an IANA time zone such as Asia/Bangkok or UTC"
  throw new SlurmReadError({ source, reason: { _tag: "OptionInvalid", option: "time-zone", expected } })
}

const zonelessClock = (source: string): LocalClock => ({
  firstInstant: (asIfUtcSeconds) => {
    const localTime = new Date(asIfUtcSeconds * 1_000).toISOString().slice(0, 19)
    throw new SlurmReadError({ source, reason: { _tag: "ZoneMissing", localTime } })
  },
  repeatsAfterSeconds: () => 0,
})
