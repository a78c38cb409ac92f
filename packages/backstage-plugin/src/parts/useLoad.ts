import type { ApiProblem, Client } from "@hpc-billing/service/api"
import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query"
import { useClient } from "./Billing.tsx"
import { useText } from "./useText.ts"

export type Load<Value> = UseQueryResult<Value, ApiProblem>

/** One answer of the service, kept by its key; sentences of the service come in the reader's language. */
export const useLoad = <Value>(
  key: readonly unknown[],
  load: (client: Client, signal: AbortSignal) => Promise<Value>,
  enabled = true,
): Load<Value> => {
  const client = useClient()
  const { language } = useText()
  return useQuery<Value, ApiProblem>({
    queryKey: [language, ...key],
    queryFn: ({ signal }) => load(client, signal),
    placeholderData: keepPreviousData,
    enabled,
  })
}
