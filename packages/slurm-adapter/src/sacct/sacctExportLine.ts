import { safeColumns } from "./sacctCommand.ts"

/**
 * The line that exports what a record is made of: every attempt of every job of the last 40 days with its steps, times that need no zone, whole numbers,
 * and no text that users write.
 */
export const sacctExportLine = `SLURM_TIME_FORMAT=%s sacct -a -D -P --noconvert -S now-40days -o ${safeColumns.join(",")}`
