import { Alert, Button } from "@backstage/ui"
import type { PeriodView } from "@hpc-billing/service/api"
import { useState } from "react"
import { Ask } from "../parts/Ask.tsx"
import { useBilling } from "../parts/Billing.tsx"
import { ReasonField } from "../parts/ReasonField.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { useText } from "../parts/useText.ts"
import { personWords } from "../parts/words.ts"

/** A closed month opens again by two people: one asks with a reason, another approves. */
export const ReopenPanel = ({ period }: { readonly period: PeriodView }) => {
  const { t, monthText, instantText, countText } = useText()
  const { tenant, me } = useBilling()
  const act = useAct()
  const [open, setOpen] = useState<"request" | "approve" | null>(null)
  const [reason, setReason] = useState("")
  const month = monthText(period.month)
  const params = { tenant: tenant.tenant, month: period.month }
  const request = period.reopenRequest
  const close = () => setOpen(null)
  const can = (action: PeriodView["actions"][number]) => period.actions.includes(action)
  return (
    <>
      {request === null ? null : (
        <div role="status">
          <Alert
            status="warning"
            icon
            title={t("reopen.asked", {
              who: personWords(request.requestedBy),
              month,
              at: `${instantText(request.requestedAt, tenant.zone)} (${tenant.zone})`,
            })}
            description={
              <>
                {request.reason}
                <span className="hb-sub">{request.requestedBy === me.name ? t("reopen.another") : t("reopen.approveText")}</span>
              </>
            }
            customActions={
              can("reopen") ? (
                <Button variant="secondary" onPress={() => setOpen("approve")}>
                  {t("reopen.approve")}
                </Button>
              ) : undefined
            }
          />
        </div>
      )}
      {can("request-reopen") && request === null ? (
        <div>
          <Button variant="secondary" onPress={() => setOpen("request")}>
            {t("reopen.ask", { month })}
          </Button>
        </div>
      ) : null}
      <Told act={open === null ? act : { ...act, problem: null }} />
      <Ask
        title={t("reopen.askTitle", { month })}
        isOpen={open === "request"}
        onClose={close}
        act={act}
        confirm={t("reopen.askConfirm")}
        isDisabled={reason.trim() === ""}
        onConfirm={() =>
          act.run(async (client, idempotencyKey) => {
            await client.periods.requestReopen({ params, payload: { reason: reason.trim() }, idempotencyKey })
            return t("reopen.askedNow")
          })
        }
      >
        <p>{t("reopen.askText")}</p>
        <ReasonField value={reason} onChange={setReason} />
      </Ask>
      <Ask
        title={t("reopen.approveTitle", { month })}
        isOpen={open === "approve"}
        onClose={close}
        act={act}
        confirm={t("reopen.approve")}
        isDestructive
        onConfirm={() =>
          act.run(async (client, idempotencyKey) => {
            await client.periods.reopen({ params, idempotencyKey })
            return t("reopen.approvedNow", { month })
          })
        }
      >
        <p>{t("reopen.approveFollows", { month, entries: countText(period.entryCount ?? 0) })}</p>
        {request === null ? null : <p className="hb-note">{request.reason}</p>}
      </Ask>
    </>
  )
}
