import { Context, Schema } from "effect"
import { HttpApiMiddleware } from "effect/http-api"
import { type PermissionKey, roles } from "./permissions.ts"
import {
  Conflict,
  Forbidden,
  InvalidRequest,
  NotFound,
  NotSignedIn,
  Refused,
  TooManyRequests,
  Unavailable,
  Unexpected,
} from "./problems.ts"

/** Who asks, as the host says: the service grants nothing beyond it. */
export const Identity = Schema.Struct({
  /** User name or entity ref: the actor of the audit chain. */
  name: Schema.NonEmptyString,
  displayName: Schema.String,
  roles: Schema.Array(Schema.Literals(roles)),
  /** Names under which the person's jobs run. */
  users: Schema.Array(Schema.String),
  /** Slurm accounts that the person answers for. */
  accounts: Schema.Array(Schema.String),
  /** null: every tenant of the service. */
  tenants: Schema.NullOr(Schema.Array(Schema.String)),
}).annotate({ identifier: "Identity" })
export type Identity = typeof Identity.Type

/** Usage by whose it is: of these users, or in these accounts. */
export interface Rows {
  readonly users: readonly string[]
  readonly accounts: readonly string[]
}

/**
 * An identity with what the host's own policy leaves of its roles: for a permission named here only the given rows, for one
 * with no rows nothing. A limit takes away, it never gives.
 */
export interface LimitedIdentity extends Identity {
  readonly limits?: ReadonlyMap<PermissionKey, Rows>
}

/** The caller of the request in hand, with its id. */
export class Caller extends Context.Service<Caller, { readonly identity: LimitedIdentity; readonly requestId: string }>()(
  "@hpc-billing/service/Caller",
) {}

/** Signs in and checks the route's permission before its handler runs. */
export class Access extends HttpApiMiddleware.Service<Access, { provides: Caller; requires: never }>()("@hpc-billing/service/Access", {
  error: [NotSignedIn, Forbidden, NotFound, TooManyRequests],
}) {}

/** Turns requests that do not fit their description, and answers that cannot be written, into problems. */
export class Problems extends HttpApiMiddleware.Service<Problems>()("@hpc-billing/service/Problems", {
  error: [InvalidRequest, Unexpected],
}) {}

/** What any endpoint may answer besides its success. */
export const readErrors = [NotFound, Refused, Unavailable] as const
export const writeErrors = [NotFound, Conflict, Refused, Unavailable] as const
