import { join } from "node:path"
import { Effect } from "effect"
import { readStructuredFile } from "./readStructuredFile.ts"
import { decodeSite, type Site } from "./Site.ts"
import type { SiteError } from "./SiteError.ts"

export const readSite = (folder: string): Effect.Effect<Site, SiteError> =>
  Effect.flatMap(readStructuredFile(join(folder, "site.yaml")), decodeSite)
