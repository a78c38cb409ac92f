import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { isFiltered, type SacctQuery, sacctCommand } from "./sacctCommand.ts"

const window = { startSeconds: 1_790_812_800, endSeconds: 1_793_491_200 }
const words = (query: Partial<SacctQuery>) => sacctCommand({ window, ...query }, { columns: ["JobIDRaw", "End"], delimiter: "~divider~1" })
const fixed = "env TZ=UTC LC_ALL=C.UTF-8 SLURM_TIME_FORMAT=%s sacct --allusers --duplicates --parsable2 --noconvert --delimiter=~divider~1"

describe("the command line", () => {
  it.each<[string, Partial<SacctQuery>, string]>([
    ["a window", {}, "--starttime=2026-10-01T00:00:00 --endtime=2026-11-01T00:00:00"],
    ["jobs by id", { window: null, jobIds: ["7", "11"] }, "--jobs=7,11"],
    [
      "allocations of an account",
      { allocationsOnly: true, accounts: ["bio lab"] },
      "--allocations --starttime=2026-10-01T00:00:00 --endtime=2026-11-01T00:00:00 --accounts=bio lab",
    ],
    ["a Thai account", { window: null, accounts: ["บัญชีวิจัย"] }, "--accounts=บัญชีวิจัย"],
  ])("asks for %s", (_, query, expected) => {
    expect(Result.getOrThrow(words(query)).join(" ")).toBe(`${fixed} ${expected} --format=JobIDRaw,End`)
  })

  it.each<[string, Partial<SacctQuery>, string]>([
    ["an option", { users: ["--helpformat"] }, 'users must be plain names without commas, not "--helpformat"'],
    ["a list", { accounts: ["a,b"] }, 'accounts must be plain names without commas, not "a,b"'],
    ["a line feed", { partitions: ["a\nb"] }, 'partition must be plain names without commas, not "a\\nb"'],
    ["a job that is none", { jobIds: ["7;8"] }, 'jobs must be plain names without commas, not "7;8"'],
    ["an odd cluster", { cluster: "-all" }, 'cluster must be a plain name, not "-all"'],
  ])("refuses %s among the filters", (_, query, sentence) => {
    expect(words(query)).toEqual(Result.fail(sentence))
  })

  it("quotes every word for a wrapper that hands them to a shell", () => {
    const wrapper = { command: ["ssh", "login1"], quoteForShell: true }
    const made = Result.getOrThrow(sacctCommand({ window: null, accounts: ["o'brien; rm"] }, { columns: ["End"], delimiter: "~" }, wrapper))
    expect(made.slice(0, 3)).toEqual(["ssh", "login1", "'env'"])
    expect(made.at(-2)).toBe("'--accounts=o'\\''brien; rm'")
  })
})

it("knows a read of a part", () => {
  expect(isFiltered({ window })).toBe(false)
  expect(isFiltered({ window, users: [], accounts: ["physics"] })).toBe(true)
})
