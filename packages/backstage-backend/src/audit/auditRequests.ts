import type { AuditorService, HttpRouterService, LoggerService } from "@backstage/backend-plugin-api"
import { routeLabel } from "@hpc-billing/service"

type Handler = Parameters<HttpRouterService["use"]>[0]

/** Reads that leave the service as files. */
const downloads = new Set(["exports.file", "receipts.pdf"])

const dashed = (label: string): string => label.replace(".", "-").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/**
 * Tells the host's auditor of every write and every file that leaves, and how each ended. The service's own chain keeps what was
 * done; this keeps also what was refused.
 */
export const auditRequests = (auditor: AuditorService, logger: LoggerService): Handler => {
  return async (request, response, next) => {
    const label = routeLabel(request.method, request.url)
    const isWrite = request.method !== "GET" && label !== "unknown"
    if (!isWrite && !downloads.has(label)) return next()
    const severityLevel = isWrite ? "medium" : "low"
    try {
      const event = await auditor.createEvent({ eventId: dashed(label), severityLevel, request })
      response.once("close", () => {
        const { statusCode } = response
        const told = statusCode < 400 ? event.success() : event.fail({ error: new Error(`answered ${statusCode}`) })
        told.catch((cause: Error) => logger.error(`${label}: the auditor did not take how it ended: ${cause.message}`))
      })
    } catch {
      // credentials that do not hold name nobody: the service refuses such a request by itself
    }
    next()
  }
}
