import { Alert } from "@backstage/ui"
import { Problem } from "./states.tsx"
import type { useAct } from "./useAct.ts"

/** What came of an act, said where screen readers hear it. */
export const Told = ({ act }: { readonly act: ReturnType<typeof useAct> }) => (
  <>
    <div role="status">{act.said === null ? null : <Alert status="success" icon title={act.said} />}</div>
    {act.problem === null ? null : <Problem problem={act.problem} />}
  </>
)
