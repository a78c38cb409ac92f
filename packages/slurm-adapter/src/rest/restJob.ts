import { Schema } from "effect"

/**
 * What a `JobRecord` needs of a job in `/slurmdb/vX/jobs`, thin, one schema to each shape that v0.0.36 to v0.0.44 have had: plain and nullable
 * numbers up to v0.0.38, `{set, infinite, number}` from v0.0.39, lists of states and whole exit codes from v0.0.40.
 */
const plainNumber = Schema.NullOr(Schema.Number)
const wrappedNumber = Schema.Struct({ set: Schema.Boolean, infinite: Schema.Boolean, number: Schema.Number })
const text = Schema.NullOr(Schema.String)

const tresCount = Schema.Struct({ type: Schema.String, name: text, count: plainNumber })
const duration = Schema.Struct({ seconds: Schema.Number, microseconds: Schema.Number })
const step = Schema.Struct({
  time: Schema.Struct({ start: Schema.Union([plainNumber, wrappedNumber]), total: duration }),
  tres: Schema.Struct({ requested: Schema.Struct({ max: Schema.Array(tresCount) }) }),
})

const jobWith = <N extends Schema.Top, S extends Schema.Top, X extends Schema.Top>(shape: {
  readonly number: N
  readonly state: S
  readonly exitCode: X
}) =>
  Schema.Struct({
    account: text,
    array: Schema.Struct({ job_id: Schema.Number, task: text, task_id: shape.number }),
    cluster: text,
    derived_exit_code: shape.exitCode,
    exit_code: shape.exitCode,
    het: Schema.Struct({ job_id: Schema.Number, job_offset: shape.number }),
    job_id: Schema.Number,
    name: text,
    nodes: text,
    partition: text,
    qos: text,
    reservation: Schema.Struct({ name: Schema.NullOr(Schema.Union([Schema.Number, Schema.String])) }),
    state: Schema.Struct({ current: shape.state }),
    steps: Schema.optionalKey(Schema.Array(step)),
    time: Schema.Struct({
      elapsed: Schema.Number,
      eligible: plainNumber,
      end: plainNumber,
      limit: shape.number,
      start: plainNumber,
      submission: Schema.Number,
      suspended: Schema.Number,
      total: duration,
    }),
    tres: Schema.Struct({ allocated: Schema.Array(tresCount), requested: Schema.Array(tresCount) }),
    user: text,
    wckey: Schema.Struct({ wckey: text }),
  })

const exitCode = Schema.Struct({
  return_code: wrappedNumber,
  signal: Schema.Struct({ id: wrappedNumber }),
})

const nullable = jobWith({ number: plainNumber, state: Schema.String, exitCode: Schema.Unknown })
const wrapped = jobWith({ number: wrappedNumber, state: Schema.String, exitCode: Schema.Unknown })
const listed = jobWith({ number: wrappedNumber, state: Schema.Array(Schema.String), exitCode })

export type RestJob = typeof nullable.Type | typeof wrapped.Type | typeof listed.Type
export type RestNumber = typeof plainNumber.Type | typeof wrappedNumber.Type
export type RestExitCode = typeof exitCode.Type

export const restVersions = [36, 37, 38, 39, 40, 41, 42, 43, 44] as const
export type RestVersion = (typeof restVersions)[number]

/** Reads one job of an answer in that version; throws a `SchemaError` that names the place. */
export const restJobReaders: Readonly<Record<RestVersion, (job: unknown) => RestJob>> = {
  36: Schema.decodeUnknownSync(nullable),
  37: Schema.decodeUnknownSync(nullable),
  38: Schema.decodeUnknownSync(nullable),
  39: Schema.decodeUnknownSync(wrapped),
  40: Schema.decodeUnknownSync(listed),
  41: Schema.decodeUnknownSync(listed),
  42: Schema.decodeUnknownSync(listed),
  43: Schema.decodeUnknownSync(listed),
  44: Schema.decodeUnknownSync(listed),
}
