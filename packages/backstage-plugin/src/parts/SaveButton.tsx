import { Button } from "@backstage/ui"
import type { Client, Download } from "@hpc-billing/service/api"
import { RiDownloadLine } from "@remixicon/react"
import { useState } from "react"
import { useClient } from "./Billing.tsx"
import { saveFile } from "./saveFile.ts"
import { Problem } from "./states.tsx"

/** A file of the service, saved by the browser; why not, when it is refused. */
export const SaveButton = ({
  label,
  name,
  load,
}: {
  readonly label: string
  /** What screen readers say where the label alone is not enough. */
  readonly name?: string
  readonly load: (client: Client) => Promise<Download>
}) => {
  const client = useClient()
  const [isRunning, setRunning] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const save = () => {
    setRunning(true)
    setProblem(null)
    load(client)
      .then(saveFile, setProblem)
      .finally(() => setRunning(false))
  }
  return (
    <>
      <Button
        variant="secondary"
        size="small"
        iconStart={<RiDownloadLine aria-hidden />}
        isPending={isRunning}
        onPress={save}
        {...(name === undefined ? {} : { "aria-label": name })}
      >
        {label}
      </Button>
      {problem === null ? null : <Problem problem={problem} />}
    </>
  )
}
