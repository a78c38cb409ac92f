import { readFile } from "node:fs/promises"
import type { Window } from "@hpc-billing/core"
import { Result } from "effect"
import type { Decoded } from "../Decoded.ts"
import { nextWindowSeconds } from "../ingest/nextWindowSeconds.ts"
import { SlurmReadError, type SlurmReadReason } from "../SlurmReadError.ts"
import { decodeRestAnswer } from "./decodeRestAnswer.ts"
import { httpGet, type RestAddress, sourceOf } from "./httpGet.ts"
import { jobsQuery } from "./jobsQuery.ts"
import { type RestVersion, restVersions } from "./restJob.ts"

export interface RestClientOptions {
  readonly address: RestAddress
  readonly user: string
  /** File that holds a JWT, read again before each request, as it is renewed there. None on a socket that knows its peer. */
  readonly tokenFile?: string
  readonly cluster?: string
  /** What a node can draw: a record of more energy is rejected. 10 000 without it. */
  readonly maximumWattsPerNode?: number
  /** Asked of slurmrestd without it. */
  readonly version?: RestVersion
  readonly timeoutSeconds?: number
  readonly megabytesMaximum?: number
  /** Waits before another try; tests give their own. */
  readonly sleep?: (milliseconds: number) => Promise<void>
}

const triesMaximum = 4
const firstWaitMilliseconds = 500
const firstWindowSeconds = 3_600

/**
 * Jobs that touch the window, from slurmrestd, in windows so short that no answer is huge: a job that touches two of them comes twice. Transient
 * failures are tried again with growing waits. Throws `SlurmReadError`.
 */
export async function* readRestJobs(options: RestClientOptions, window: Window): AsyncGenerator<readonly Decoded[], void, undefined> {
  const api = await findApi(options)
  let seconds = firstWindowSeconds
  let from = window.startSeconds
  while (from < window.endSeconds) {
    const part = { startSeconds: from, endSeconds: Math.min(window.endSeconds, from + seconds) }
    const answer = await ask(options, `/slurmdb/v0.0.${api.version}/jobs?${jobsQuery(api.version, api.parameters, part)}`)
    const tooMuch = Result.isFailure(answer) && (answer.failure.reason._tag === "TooLarge" || answer.failure.reason._tag === "TimedOut")
    if (Result.isSuccess(answer)) {
      yield answer.success
      from = part.endSeconds
      seconds = nextWindowSeconds(seconds, answer.success.length)
      continue
    }
    const asked = part.endSeconds - part.startSeconds
    seconds = nextWindowSeconds(asked, "failed")
    if (!tooMuch || seconds >= asked) throw answer.failure
  }
}

/** Jobs by id, one question each: the latest attempt of a job, or none that slurmrestd knows. Throws `SlurmReadError`. */
export async function* readRestJobsById(
  options: RestClientOptions,
  jobIds: readonly string[],
): AsyncGenerator<readonly Decoded[], void, undefined> {
  const api = await findApi(options)
  for (const jobId of jobIds) {
    const answer = await ask(options, `/slurmdb/v0.0.${api.version}/job/${jobId}`)
    if (Result.isFailure(answer)) throw answer.failure
    yield answer.success
  }
}

interface Api {
  readonly version: RestVersion
  /** Query parameters that `/jobs` knows. */
  readonly parameters: ReadonlySet<string>
}

/** The newest version that both sides know, from slurmrestd's own description. */
const findApi = async (options: RestClientOptions): Promise<Api> => {
  const path = "/openapi/v3"
  const answer = await get(options, path)
  const description = answer.status === 404 ? await get(options, "/openapi") : answer
  const paths = pathsOf(description.body)
  const source = sourceOf(options.address, path)
  if (description.status !== 200 || paths === null) throw new SlurmReadError({ source, reason: reasonOf(description) })
  const found = restVersions.filter((version) => jobsPathOf(paths, version) !== null)
  const version = options.version ?? found.at(-1)
  if (version === undefined || !found.includes(version)) {
    const spoken = [...new Set(Object.keys(paths).flatMap((each) => /v0\.0\.\d+/.exec(each)?.[0] ?? []))]
    throw new SlurmReadError({ source, reason: { _tag: "VersionUnknown", found: spoken.join(", ") || "no version that it names" } })
  }
  return { version, parameters: parametersOf(paths[jobsPathOf(paths, version) as string]) }
}

const ask = async (options: RestClientOptions, path: string): Promise<Result.Result<readonly Decoded[], SlurmReadError>> => {
  const source = sourceOf(options.address, path)
  try {
    const answer = await get(options, path)
    const { cluster, maximumWattsPerNode } = options
    const decoded = decodeRestAnswer(answer.body, {
      source,
      ...(cluster === undefined ? {} : { cluster }),
      ...(maximumWattsPerNode === undefined ? {} : { maximumWattsPerNode }),
    })
    // what Slurm says of its failure explains more than the status
    if (answer.status === 200 || (Result.isFailure(decoded) && decoded.failure.reason._tag === "SlurmSaid")) return decoded
    return Result.fail(new SlurmReadError({ source, reason: reasonOf(answer) }))
  } catch (error) {
    if (error instanceof SlurmReadError) return Result.fail(error)
    throw error
  }
}

const get = async (options: RestClientOptions, path: string): Promise<{ readonly status: number; readonly body: string }> => {
  const sleep = options.sleep ?? wait
  for (let tries = 1; ; tries++) {
    const headers: Record<string, string> = { "X-SLURM-USER-NAME": options.user }
    if (options.tokenFile !== undefined) headers["X-SLURM-USER-TOKEN"] = await readToken(options.tokenFile)
    try {
      const answer = await httpGet({
        address: options.address,
        path,
        headers,
        timeoutSeconds: options.timeoutSeconds ?? 120,
        megabytesMaximum: options.megabytesMaximum ?? 200,
      })
      if (tries >= triesMaximum || ![429, 502, 503, 504].includes(answer.status)) return answer
    } catch (error) {
      const again = error instanceof SlurmReadError && error.reason._tag === "Unreachable"
      if (tries >= triesMaximum || !again) throw error
    }
    await sleep(firstWaitMilliseconds * 2 ** (tries - 1))
  }
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** `scontrol token` prints `SLURM_JWT=...`; either form may stand in the file. */
const readToken = async (file: string): Promise<string> => {
  try {
    return (await readFile(file, "utf8")).trim().replace(/^SLURM_JWT=/, "")
  } catch (error) {
    const detail = error instanceof Error && "code" in error ? String(error.code) : "unreadable"
    throw new SlurmReadError({ source: file, reason: { _tag: "FileUnreadable", detail } })
  }
}

const reasonOf = ({ status, body }: { readonly status: number; readonly body: string }): SlurmReadReason =>
  status === 200 ? { _tag: "NotJson", beginning: body.slice(0, 60) } : { _tag: "Refused", status, beginning: body.slice(0, 120).trim() }

type Paths = Readonly<Record<string, unknown>>

const pathsOf = (body: string): Paths | null => {
  try {
    const paths: unknown = JSON.parse(body).paths
    return typeof paths === "object" && paths !== null ? (paths as Paths) : null
  } catch {
    return null
  }
}

const jobsPathOf = (paths: Paths, version: RestVersion): string | null =>
  [`/slurmdb/v0.0.${version}/jobs`, `/slurmdb/v0.0.${version}/jobs/`].find((path) => path in paths) ?? null

const parametersOf = (path: unknown): ReadonlySet<string> => {
  const parameters = (path as { readonly get?: { readonly parameters?: readonly { readonly name?: unknown }[] } }).get?.parameters ?? []
  return new Set(parameters.flatMap(({ name }) => (typeof name === "string" ? [name] : [])))
}
