import { Alert, Button, TextField } from "@backstage/ui"
import { type FormEvent, useState } from "react"
import { useBilling } from "../parts/Billing.tsx"
import { DataTable } from "../parts/DataTable.tsx"
import { Pager, rowsPerPage } from "../parts/Pager.tsx"
import { Panel } from "../parts/Panel.tsx"
import { sentenceWords } from "../parts/sentenceWords.ts"
import { Empty, Loaded } from "../parts/states.tsx"
import { useLoad } from "../parts/useLoad.ts"
import { useText } from "../parts/useText.ts"
import { useView } from "../parts/useView.ts"

/** Who did what, and is the record whole? */
export const AuditPage = () => {
  const text = useText()
  const { t, instantText } = text
  const { tenant } = useBilling()
  const [isAsked, setAsked] = useState(false)
  const params = { tenant: tenant.tenant }
  const status = useLoad(["audit-status", tenant.tenant], (client, signal) => client.audit.status({ params, signal }))
  const verdict = useLoad(["audit-verdict", tenant.tenant], (client, signal) => client.audit.verify({ params, signal }), isAsked)
  return (
    <>
      <Loaded of={status}>
        {(value) => (
          <Panel
            title={t("audit.chain")}
            actions={
              <Button variant="primary" isPending={verdict.isFetching} onPress={() => (isAsked ? void verdict.refetch() : setAsked(true))}>
                {t("audit.verify")}
              </Button>
            }
          >
            <p className="hb-sentence">
              {t("audit.sentence", { records: value.records, sealed: value.checkpointSequence })}
              {value.unsealed === "0" ? "" : ` ${t("audit.unsealed", { number: value.unsealed })}`}
            </p>
            {isAsked ? (
              <Loaded of={verdict}>
                {(found) => (
                  <div role="status">
                    <Alert
                      status={found.ok ? "success" : "danger"}
                      icon
                      title={found.ok ? t("audit.whole") : t("audit.broken")}
                      description={sentenceWords(found, text)}
                    />
                  </div>
                )}
              </Loaded>
            ) : null}
            <dl className="hb-facts">
              <dt>{t("audit.origin")}</dt>
              <dd>{value.origin}</dd>
              <dt>{t("audit.epoch")}</dt>
              <dd>{value.epoch}</dd>
              <dt>{t("audit.checkpoint")}</dt>
              <dd className="hb-number">
                {value.checkpointAt === null ? "—" : `${instantText(value.checkpointAt, tenant.zone)} (${tenant.zone})`}
              </dd>
              <dt>{t("audit.link")}</dt>
              <dd className="hb-code">{value.link}</dd>
              <dt>{t("audit.root")}</dt>
              <dd className="hb-code">{value.root}</dd>
            </dl>
          </Panel>
        )}
      </Loaded>
      <Log />
    </>
  )
}

const filters = ["actor", "action", "subject"] as const

const Log = () => {
  const { t, instantText } = useText()
  const { tenant } = useBilling()
  const view = useView()
  const cursor = view.get("cursor")
  const chosen = Object.fromEntries(filters.flatMap((name) => (view.get(name) === null ? [] : [[name, view.get(name) as string]])))
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(chosen)
  const log = useLoad(["audit", tenant.tenant, JSON.stringify(chosen), cursor], (client, signal) =>
    client.audit.list({
      params: { tenant: tenant.tenant },
      query: { ...chosen, limit: rowsPerPage, ...(cursor === null ? {} : { cursor }) },
      signal,
    }),
  )
  const search = (event: FormEvent) => {
    event.preventDefault()
    view.set(Object.fromEntries(filters.map((name) => [name, typed[name]?.trim() ?? ""])))
  }
  return (
    <Panel title={t("audit.log")}>
      <form className="hb-bar" onSubmit={search}>
        {filters.map((name) => (
          <TextField
            key={name}
            label={t(`audit.${name}`)}
            value={typed[name] ?? ""}
            onChange={(text) => setTyped({ ...typed, [name]: text })}
          />
        ))}
        <Button type="submit" variant="secondary">
          {t("audit.search")}
        </Button>
      </form>
      <Loaded of={log}>
        {({ rows, next }) =>
          rows.length === 0 ? (
            <Empty title={t("audit.empty")} />
          ) : (
            <>
              <DataTable
                label={t("audit.log")}
                rows={rows}
                keyOf={({ sequence }) => sequence}
                classOf={({ kind }) => (kind === "event" ? undefined : "hb-muted")}
                columns={[
                  { id: "sequence", label: t("audit.sequence"), isFigure: true, cell: ({ sequence }) => sequence },
                  {
                    id: "at",
                    label: t("audit.at", { zone: tenant.zone }),
                    cell: ({ at }) => <span className="hb-number">{instantText(at, tenant.zone)}</span>,
                  },
                  { id: "actor", label: t("audit.actor"), cell: ({ actor }) => actor || "—" },
                  {
                    id: "action",
                    label: t("audit.action"),
                    cell: ({ action, kind }) => (kind === "event" ? action : t(`audit.kind.${kind}`)),
                  },
                  { id: "subject", label: t("audit.subject"), cell: ({ subject }) => subject || "—" },
                  {
                    id: "detail",
                    label: t("audit.detail"),
                    cell: ({ detail, requestId }) => (
                      <>
                        <span className="hb-code">
                          {Object.entries(detail)
                            .map(([name, value]) => `${name}=${value}`)
                            .join(" ")}
                        </span>
                        {requestId === "" ? null : <span className="hb-sub">{t("state.request", { id: requestId })}</span>}
                      </>
                    ),
                  },
                ]}
              />
              <Pager name="cursor" next={next} rowCount={rows.length} />
            </>
          )
        }
      </Loaded>
    </Panel>
  )
}
