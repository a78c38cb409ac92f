import { localDate } from "../time/zone.ts"
import type { Receipt } from "./Receipt.ts"

/** The local date of issue in the zone of the books, as the document prints it; null on a draft. */
export const documentDateOf = ({ status, zone }: Pick<Receipt, "status" | "zone">): string | null =>
  status.kind === "draft" ? null : localDate(status.issuedAtSeconds, zone)
