import type { Finding } from "@hpc-billing/service/api"
import { sentenceWords } from "./sentenceWords.ts"
import { useText } from "./useText.ts"

/** What a rule found, one by one, each with its place where it has one. */
export const Findings = ({ findings }: { readonly findings: readonly Finding[] }) => {
  const reader = useText()
  return (
    <ul className="hb-list">
      {findings.map((finding) => (
        <li key={finding.text}>
          {finding.path === "" ? null : <span className="hb-code">{finding.path} </span>}
          {sentenceWords(finding, reader)}
        </li>
      ))}
    </ul>
  )
}
