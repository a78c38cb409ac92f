import { HttpApi, OpenApi } from "effect/http-api"
import { describeAccess } from "./describeAccess.ts"
import { ExportsGroup, JournalGroup, PeriodsGroup } from "./groups/books.ts"
import { AuditGroup, DashboardGroup, IngestGroup } from "./groups/oversight.ts"
import { PayersGroup } from "./groups/payers.ts"
import { PrepaidGroup } from "./groups/prepaid.ts"
import { FormulasGroup, RatesGroup } from "./groups/rates.ts"
import { CreditNotesGroup, ReceiptsGroup } from "./groups/receipts.ts"
import { ReportsGroup } from "./groups/reports.ts"
import { SessionGroup } from "./groups/session.ts"
import { SystemGroup } from "./groups/system.ts"
import { UsageGroup } from "./groups/usage.ts"

/** The one HTTP contract: routes, values and problems. The OpenAPI document, the server and the client come from it. */
export class Api extends HttpApi.make("hpc-billing")
  .add(SystemGroup)
  .add(SessionGroup)
  .add(UsageGroup)
  .add(PayersGroup)
  .add(ReceiptsGroup)
  .add(CreditNotesGroup)
  .add(PrepaidGroup)
  .add(JournalGroup)
  .add(PeriodsGroup)
  .add(ReportsGroup)
  .add(ExportsGroup)
  .add(RatesGroup)
  .add(FormulasGroup)
  .add(AuditGroup)
  .add(DashboardGroup)
  .add(IngestGroup)
  .annotateMerge(
    OpenApi.annotations({
      title: "HPC billing",
      version: "1.0.0",
      description:
        "Usage, rates, receipts, journal, exports and audit of one or more clusters. Amounts arrive computed; writes carry an Idempotency-Key; refusals are RFC 9457 problems.",
      license: { name: "Apache-2.0" },
      // where the document lies, whatever path the host mounts it under
      servers: [{ url: "." }],
      transform: describeAccess,
    }),
  ) {}
