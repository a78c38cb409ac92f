import { Button, Flex } from "@backstage/ui"
import type { ExportView } from "@hpc-billing/service/api"
import { useState } from "react"
import { useBilling, useClient, useMay } from "../parts/Billing.tsx"
import { Chip } from "../parts/chips.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { useMonth } from "../parts/filters.tsx"
import { Panel } from "../parts/Panel.tsx"
import { saveFile } from "../parts/saveFile.ts"
import { Empty, Loaded, Problem } from "../parts/states.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"

/** What left the house, with its files and the verdict on their seals. */
export const ExportsPanel = () => {
  const { t, monthText } = useText()
  const { tenant } = useBilling()
  const may = useMay()
  const month = useMonth()
  const act = useAct()
  const params = { tenant: tenant.tenant }
  const exports = useLoad(["exports", tenant.tenant, month], (client, signal) => client.exports.list({ params, query: { month }, signal }))
  return (
    <Panel
      title={t("month.exports")}
      note={monthText(month)}
      actions={
        may("exportCreate") ? (
          <Button
            variant="secondary"
            isPending={act.isRunning}
            onPress={() =>
              void act.run(async (client, idempotencyKey) => {
                await client.exports.create({ params, payload: { month }, idempotencyKey })
                return t("month.exported", { month: monthText(month) })
              })
            }
          >
            {t("month.export", { month: monthText(month) })}
          </Button>
        ) : undefined
      }
    >
      <Told act={act} />
      <Loaded of={exports}>
        {({ exports: made }) =>
          made.length === 0 ? (
            <Empty title={t("month.noExports", { month: monthText(month) })} />
          ) : (
            made.map((one) => <OneExport key={one.id} made={one} />)
          )
        }
      </Loaded>
    </Panel>
  )
}

const OneExport = ({ made }: { readonly made: ExportView }) => {
  const { t, instantText } = useText()
  const { tenant } = useBilling()
  const client = useClient()
  const [isOpen, setOpen] = useState(false)
  const [isAsked, setAsked] = useState(false)
  const [problem, setProblem] = useState<Error | null>(null)
  const params = { tenant: tenant.tenant, exportId: made.id }
  const files = useLoad(["export-files", tenant.tenant, made.id], (api, signal) => api.exports.files({ params, signal }), isOpen)
  const verdict = useLoad(["export-verdict", tenant.tenant, made.id], (api, signal) => api.exports.verify({ params, signal }), isAsked)
  const download = (name: string) => {
    setProblem(null)
    client.exports.file({ params: { ...params, name } }).then((file) => saveFile({ ...file, fileName: name }), setProblem)
  }
  return (
    <Flex direction="column" gap="2">
      <dl className="hb-facts">
        <dt>{t("month.exportedAt")}</dt>
        <dd className="hb-number">{instantText(made.exportedAt, tenant.zone)}</dd>
        <dt>{t("month.profile")}</dt>
        <dd>{made.profile}</dd>
        <dt>{t("month.manifest")}</dt>
        <dd className="hb-code">{made.manifestSha256}</dd>
        <dt>{t("month.verdict")}</dt>
        <dd>
          {isAsked ? (
            <Loaded of={verdict}>
              {({ ok, checkedFiles, findings }) =>
                ok ? (
                  <Chip kind="good">
                    <span aria-hidden>✓</span> {t("month.verified", { number: String(checkedFiles) })}
                  </Chip>
                ) : (
                  <>
                    <Chip kind="bad">
                      <span aria-hidden>✕</span> {t("month.notVerified")}
                    </Chip>
                    <ul className="hb-list">
                      {findings.map((finding) => (
                        <li key={finding}>{finding}</li>
                      ))}
                    </ul>
                  </>
                )
              }
            </Loaded>
          ) : (
            "—"
          )}
        </dd>
      </dl>
      <Flex gap="2">
        <Button variant="secondary" onPress={() => setAsked(true)}>
          {t("month.verify")}
        </Button>
        <Button variant="secondary" onPress={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          {t("month.files")}
        </Button>
      </Flex>
      {isOpen ? (
        <Loaded of={files}>
          {({ files: listed }) => (
            <DataTable
              label={t("month.files")}
              rows={listed}
              keyOf={({ name }) => name}
              columns={[
                {
                  id: "name",
                  label: t("month.file"),
                  cell: ({ name }) => (
                    <button type="button" className="hb-amount" aria-label={t("month.download", { name })} onClick={() => download(name)}>
                      {name}
                    </button>
                  ),
                },
                { id: "bytes", label: t("month.bytes"), isFigure: true, cell: ({ byteCount }) => byteCount },
                { id: "sha", label: "SHA-256", cell: ({ sha256 }) => <span className="hb-code">{sha256.slice(0, 16)}…</span> },
              ]}
            />
          )}
        </Loaded>
      ) : null}
      {problem === null ? null : <Problem problem={problem} />}
    </Flex>
  )
}
