export { parseSreport, type ReportedSeconds, type Sreport } from "./parseSreport.ts"
export { readSlurmDump, type SlurmDump } from "./readSlurmDump.ts"
export {
  type Explanation,
  type ExplanationReason,
  type ReconcileInput,
  type ReconcileLine,
  type ReconcileNote,
  type Reconciliation,
  reconcile,
} from "./reconcile.ts"
export { type Association, type IdleShare, type Reservation, reservationIdle } from "./reservationIdle.ts"
export { withSuspendedWindows } from "./withSuspendedWindows.ts"
