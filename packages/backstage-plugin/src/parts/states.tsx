import { Alert, Button, Flex, Skeleton, VisuallyHidden } from "@backstage/ui"
import { ApiProblem } from "@hpc-billing/service/api"
import type { ReactNode } from "react"
import { Findings } from "./Findings.tsx"
import { sentenceWords } from "./sentenceWords.ts"
import type { Load } from "./useLoad.ts"
import { type Text, useText } from "./useText.ts"

export const Loading = () => {
  const { t } = useText()
  return (
    <div role="status">
      <VisuallyHidden>{t("state.loading")}</VisuallyHidden>
      <Flex direction="column" gap="2">
        <Skeleton width="60%" height={22} />
        <Skeleton width="100%" height={90} />
      </Flex>
    </div>
  )
}

export const Empty = ({ title, text, children }: { readonly title: string; readonly text?: string; readonly children?: ReactNode }) => (
  <div className="hb-state">
    <strong>{title}</strong>
    {text === undefined ? null : <p className="hb-note">{text}</p>}
    {children}
  </div>
)

/** A refusal in words: what happened and the next step, never a bare number. */
export const Problem = ({
  problem,
  roles,
  retry,
}: {
  readonly problem: Error
  readonly roles?: readonly string[]
  readonly retry?: () => void
}) => {
  const reader = useText()
  const { t } = reader
  const known = problem instanceof ApiProblem ? problem : null
  const [title, text] = wordsOf(known, problem, roles ?? [], reader)
  return (
    <div role="alert">
      <Alert
        status={known?.status === 403 || known?.status === 404 ? "info" : "danger"}
        icon
        title={title}
        description={
          <>
            {text}
            {known !== null && known.findings.length > 0 ? <Findings findings={known.findings} /> : null}
            {known !== null && known.requestId !== "" ? (
              <span className="hb-sub">{t("state.request", { id: known.requestId })}</span>
            ) : null}
          </>
        }
        customActions={
          retry === undefined ? undefined : (
            <Button variant="secondary" onPress={retry}>
              {t("state.retry")}
            </Button>
          )
        }
      />
    </div>
  )
}

const wordsOf = (known: ApiProblem | null, problem: Error, roles: readonly string[], reader: Text): readonly [string, string] => {
  const { t } = reader
  const said = known === null || known.detail === "" ? problem.message : sentenceWords({ ...known, text: known.detail }, reader)
  switch (known?.status) {
    case 0:
      return [t("state.failed"), t("state.noAnswer")]
    case 401:
      return [t("state.signedOut"), t("state.signedOutText")]
    case 403:
      return [t("state.forbidden"), t("state.forbiddenText", { roles: roles.length > 0 ? roles.join(", ") : t("state.noRoles") })]
    case 404:
      return [t("state.notFound"), said]
    case 409:
    case 422:
      return [t("state.refused"), said]
    default:
      return [t("state.failed"), said]
  }
}

/** What was asked for, or the state it is in, in words. */
export const Loaded = <Value,>({ of: load, children }: { readonly of: Load<Value>; readonly children: (value: Value) => ReactNode }) => {
  if (load.data !== undefined && !(load.isError && !load.isPlaceholderData)) return <>{children(load.data)}</>
  if (load.isError) return <Problem problem={load.error} retry={() => void load.refetch()} />
  return <Loading />
}
