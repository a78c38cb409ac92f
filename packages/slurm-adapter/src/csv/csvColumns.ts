/**
 * Columns of a CSV of jobs, each with the headers that name it (compared without case, spaces, `_` and `-`). Needed: a job id, a user, an end or an
 * elapsed time, and either TRES or cores. Everything else may be absent. Other columns are not read.
 */
export const csvColumns = {
  cluster: ["cluster", "clustername"],
  jobId: ["jobidraw", "jobid", "job", "id"],
  name: ["jobname", "name"],
  user: ["user", "username", "login", "owner"],
  account: ["account", "project", "accountname"],
  partition: ["partition", "queue"],
  qos: ["qos"],
  state: ["state", "status", "jobstate"],
  submit: ["submit", "submittime", "submitted", "submitseconds"],
  start: ["start", "starttime", "started", "startseconds"],
  end: ["end", "endtime", "ended", "endseconds"],
  elapsed: ["elapsedraw", "elapsed", "elapsedseconds", "walltime", "runtime", "wallseconds"],
  suspended: ["suspended", "suspendedseconds"],
  tres: ["alloctres", "tres"],
  requestedTres: ["reqtres"],
  cpus: ["alloccpus", "ncpus", "cpus", "cores", "cpu", "cpucount"],
  nodes: ["allocnodes", "nnodes", "nodes", "nodecount"],
  gpus: ["gpus", "gpu", "gpucount", "ngpus"],
  gpuType: ["gputype", "gpumodel"],
  memoryMebibytes: ["memorymebibytes", "memorymib", "memmb", "memorymb", "mem"],
  memoryGibibytes: ["memorygibibytes", "memorygib", "memgb", "memorygb"],
  nodeList: ["nodelist"],
  exitCode: ["exitcode"],
  derivedExitCode: ["derivedexitcode"],
  consumedCpu: ["totalcpu"],
  peakMemory: ["maxrss"],
  energyJoules: ["consumedenergyraw", "energyjoules", "energy"],
} as const

export type CsvColumn = keyof typeof csvColumns

/** The position of each column in a header. */
export const csvPositions = (header: readonly string[]): ReadonlyMap<CsvColumn, number> => {
  const names = header.map((name) => name.toLowerCase().replaceAll(/[\s_-]/g, ""))
  const positions = new Map<CsvColumn, number>()
  for (const [column, aliases] of Object.entries(csvColumns)) {
    // the first alias wins, whatever the order of the header
    const found = aliases.map((alias) => names.indexOf(alias)).find((position) => position >= 0)
    if (found !== undefined) positions.set(column as CsvColumn, found)
  }
  return positions
}
