import { existsSync } from "node:fs"
import { type CommandResult, runCommand } from "./runCommand.ts"
import { workspace } from "./trackedFiles.ts"

/** A day on which every test must pass, since none may expect today. */
export interface TestDay {
  readonly name: string
  readonly at: Date
  readonly zone: string
}

export const leapDay: TestDay = { name: "29 February 2028, 00:30", at: new Date("2028-02-29T00:30:00Z"), zone: "UTC" }

export const testDays = (now: Date): readonly TestDay[] => [
  { name: "400 days from now", at: new Date(now.getTime() + 400 * 86_400_000), zone: "UTC" },
  leapDay,
  { name: "31 December, 23:30 in Bangkok", at: new Date(`${now.getUTCFullYear()}-12-31T23:30:00+07:00`), zone: "Asia/Bangkok" },
]

const faketime = "/usr/bin/faketime"

/**
 * Runs every test on the day, with nothing of this machine but Debian's programs: no settings and no locale. Only the calendar is
 * set, for all processes alike; what waits is not hurried.
 */
export const runTests = ({ at, zone }: TestDay): Promise<CommandResult> => {
  const offsetSeconds = Math.round((at.getTime() - Date.now()) / 1_000)
  const isInstalled = existsSync(faketime)
  if (!isInstalled) console.log("   did not run on another day: faketime is not installed")
  const onDay = isInstalled ? `${faketime} -m --exclude-monotonic -f ${offsetSeconds < 0 ? "" : "+"}${offsetSeconds}` : ""
  return runCommand(`${onDay} vitest run`, {
    environment: {
      HOME: process.env.HOME,
      PATH: `${workspace}/node_modules/.bin:/usr/local/bin:/usr/bin:/bin`,
      TZ: zone,
      CI: "true",
      NO_COLOR: "1",
    },
    timeoutSeconds: 1200,
  })
}
