/**
 * What a displayed job id says of the job's company: `11_3` is task 3 of array 11, `13_[0-99]` an array cancelled whole,
 * `14+1` component 1 of heterogeneous job 14. `groupId` is the id its members share; of a job alone its own.
 */
export interface JobGroup {
  readonly kind: "single" | "array" | "heterogeneous"
  readonly groupId: string
  /** Task or component as written; empty for a job alone. */
  readonly member: string
}

export const jobGroup = (displayJobId: string): JobGroup => {
  const match = /^(\d+)([_+])(.+)$/.exec(displayJobId)
  if (match === null) return { kind: "single", groupId: displayJobId, member: "" }
  return { kind: match[2] === "_" ? "array" : "heterogeneous", groupId: match[1] as string, member: match[3] as string }
}
