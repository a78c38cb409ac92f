import type { ApiProblem, Client } from "@hpc-billing/service/api"
import { useQueryClient } from "@tanstack/react-query"
import { useRef, useState } from "react"
import { useClient } from "./Billing.tsx"

/** A write: its key is kept when it is tried again after no answer, so that it happens once. */
export const useAct = () => {
  const client = useClient()
  const queries = useQueryClient()
  const key = useRef<string | null>(null)
  const [state, setState] = useState<{ readonly isRunning: boolean; readonly said: string | null; readonly problem: ApiProblem | null }>({
    isRunning: false,
    said: null,
    problem: null,
  })
  /** `act` gives the sentence that says what happened; the promise tells whether it did. */
  const run = async (act: (client: Client, idempotencyKey: string) => Promise<string | null>): Promise<boolean> => {
    key.current ??= newKey()
    setState({ isRunning: true, said: null, problem: null })
    try {
      const said = await act(client, key.current)
      key.current = null
      setState({ isRunning: false, said, problem: null })
      await queries.invalidateQueries()
      return true
    } catch (problem) {
      const known = problem as ApiProblem
      if (known.status !== 0) key.current = null
      setState({ isRunning: false, said: null, problem: known })
      return false
    }
  }
  return { ...state, run }
}

const newKey = (): string => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")
