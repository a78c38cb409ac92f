import { Counter, Gauge, Histogram, Registry } from "prom-client"

/** What the service counts of itself, in a registry of its own: a host with Prometheus metrics of its own keeps both apart. */
export interface ServiceMetrics {
  readonly registry: Registry
  readonly requests: Counter<"method" | "route" | "status">
  readonly requestSeconds: Histogram<"method" | "route">
  readonly dataUntilSeconds: Gauge<"tenant">
  readonly auditRecords: Gauge<"tenant">
  readonly commits: Gauge<"tenant">
}

export const makeServiceMetrics = (): ServiceMetrics => {
  const registry = new Registry()
  const registers = [registry]
  return {
    registry,
    requests: new Counter({
      name: "hpc_billing_http_requests_total",
      help: "Requests answered, by route and status",
      labelNames: ["method", "route", "status"],
      registers,
    }),
    requestSeconds: new Histogram({
      name: "hpc_billing_http_request_seconds",
      help: "Time to answer",
      labelNames: ["method", "route"],
      buckets: [0.005, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
      registers,
    }),
    dataUntilSeconds: new Gauge({
      name: "hpc_billing_data_until_seconds",
      help: "Unix time at which the latest ingest ended; 0 before the first",
      labelNames: ["tenant"],
      registers,
    }),
    auditRecords: new Gauge({ name: "hpc_billing_audit_records", help: "Records in the audit chain", labelNames: ["tenant"], registers }),
    commits: new Gauge({ name: "hpc_billing_commits", help: "Commits to the books", labelNames: ["tenant"], registers }),
  }
}
