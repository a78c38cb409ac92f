import { Button, Checkbox, Flex, TextField } from "@backstage/ui"
import type { Client, ReceiptView } from "@hpc-billing/service/api"
import { type ReactNode, useState } from "react"
import { Ask } from "../parts/Ask.tsx"
import { useBilling, useMay } from "../parts/Billing.tsx"
import { AmountText } from "../parts/figures.tsx"
import { ReasonField } from "../parts/ReasonField.tsx"
import { SaveButton } from "../parts/SaveButton.tsx"
import { Told } from "../parts/Told.tsx"
import { useAct } from "../parts/useAct.ts"
import { moneyText, useText } from "../parts/useText.ts"

type Action = Exclude<ReceiptView["actions"][number], "issue" | "pdf">

const buttons = [
  { action: "pay", variant: "primary", words: "receipt.pay" },
  { action: "refund", variant: "primary", words: "receipt.refund" },
  { action: "credit", variant: "secondary", words: "receipt.credit" },
  { action: "write-off", variant: "secondary", words: "receipt.writeOff" },
  { action: "void", variant: "secondary", words: "receipt.void" },
] as const satisfies readonly { readonly action: Action; readonly variant: string; readonly words: string }[]

/** What finance may do with a receipt now, as the service says; each is asked once more with its amount and what follows from it. */
export const ReceiptActions = ({ receipt }: { readonly receipt: ReceiptView }) => {
  const { t } = useText()
  const { tenant } = useBilling()
  const may = useMay()
  const act = useAct()
  const [open, setOpen] = useState<Action | null>(null)
  const { month, payerId } = receipt
  const can = (action: ReceiptView["actions"][number]) => may("receiptWrite") && receipt.actions.includes(action)
  const dialog = { receipt, act, onClose: () => setOpen(null) }
  return (
    <>
      <Flex gap="2" style={{ flexWrap: "wrap" }}>
        {can("issue") ? (
          <Button
            variant="primary"
            isPending={act.isRunning}
            onPress={() =>
              void act.run(async (client, idempotencyKey) => {
                await client.receipts.issue({ params: { tenant: tenant.tenant }, payload: { month, payerId }, idempotencyKey })
                return t("receipt.issuedNow")
              })
            }
          >
            {t("receipt.issue")}
          </Button>
        ) : null}
        {buttons
          .filter(({ action }) => can(action))
          .map(({ action, variant, words }) => (
            <Button key={action} variant={variant} onPress={() => setOpen(action)}>
              {t(words)}
            </Button>
          ))}
        {receipt.actions.includes("pdf") ? (
          <SaveButton label={t("receipt.pdf")} load={(client) => client.receipts.pdf({ params: paramsOf(receipt, tenant.tenant) })} />
        ) : null}
      </Flex>
      <Told act={open === null ? act : { ...act, problem: null }} />
      {open === "pay" ? <Pay {...dialog} /> : null}
      {open === "refund" ? <Refund {...dialog} /> : null}
      {open === "credit" ? <Credit {...dialog} /> : null}
      {open === "write-off" ? <WriteOff {...dialog} /> : null}
      {open === "void" ? <Void {...dialog} /> : null}
    </>
  )
}

const paramsOf = ({ month, payerId, sequence }: ReceiptView, tenant: string) => ({ tenant, month, payer: payerId, sequence })

const isAmount = (text: string): boolean => text === "" || /^\d{1,15}(\.\d{1,6})?$/.test(text)

interface DialogProps {
  readonly receipt: ReceiptView
  readonly act: ReturnType<typeof useAct>
  readonly onClose: () => void
}

/** One question with its one act. */
const Question = ({
  title,
  confirm,
  done,
  run,
  receipt,
  act,
  onClose,
  isDestructive = false,
  isDisabled = false,
  children,
}: DialogProps & {
  readonly title: string
  readonly confirm: string
  readonly done: string
  readonly run: (client: Client, params: ReturnType<typeof paramsOf>, idempotencyKey: string) => Promise<unknown>
  readonly isDestructive?: boolean
  readonly isDisabled?: boolean
  readonly children: ReactNode
}) => {
  const { tenant } = useBilling()
  return (
    <Ask
      title={title}
      isOpen
      onClose={onClose}
      act={act}
      confirm={confirm}
      isDestructive={isDestructive}
      isDisabled={isDisabled}
      onConfirm={() =>
        act.run(async (client, idempotencyKey) => {
          await run(client, paramsOf(receipt, tenant.tenant), idempotencyKey)
          return done
        })
      }
    >
      {children}
    </Ask>
  )
}

const Pay = (dialog: DialogProps) => {
  const { t } = useText()
  const { receipt } = dialog
  const [received, setReceived] = useState("")
  const [withheld, setWithheld] = useState("")
  return (
    <Question
      {...dialog}
      title={t("receipt.payTitle", { number: receipt.number ?? receipt.id })}
      confirm={t("receipt.pay")}
      done={t("receipt.paidNow")}
      isDisabled={!isAmount(received.trim()) || !isAmount(withheld.trim())}
      run={(client, params, idempotencyKey) =>
        client.receipts.pay({
          params,
          payload: {
            ...(received.trim() === "" ? {} : { received: received.trim() }),
            ...(withheld.trim() === "" ? {} : { withheld: withheld.trim() }),
          },
          idempotencyKey,
        })
      }
    >
      <p>{t("receipt.payText")}</p>
      <TextField
        label={t("receipt.payReceived")}
        description={t("receipt.payReceivedText", { due: moneyText(receipt.due) })}
        value={received}
        onChange={setReceived}
        inputMode="decimal"
      />
      <TextField label={t("receipt.payWithheld")} value={withheld} onChange={setWithheld} inputMode="decimal" />
    </Question>
  )
}

/** An act on the whole receipt that only asks why. */
const ForAReason = ({
  text,
  give,
  ...question
}: Omit<Parameters<typeof Question>[0], "run" | "isDestructive" | "isDisabled" | "children"> & {
  readonly text: ReactNode
  readonly give: (client: Client, params: ReturnType<typeof paramsOf>, reason: string, idempotencyKey: string) => Promise<unknown>
}) => {
  const [reason, setReason] = useState("")
  return (
    <Question
      {...question}
      isDestructive
      isDisabled={reason.trim() === ""}
      run={(client, params, idempotencyKey) => give(client, params, reason.trim(), idempotencyKey)}
    >
      <p>{text}</p>
      <ReasonField value={reason} onChange={setReason} />
    </Question>
  )
}

const Void = (dialog: DialogProps) => {
  const { t } = useText()
  const { receipt } = dialog
  return (
    <ForAReason
      {...dialog}
      title={t("receipt.voidTitle", { number: receipt.number ?? receipt.id })}
      confirm={t("receipt.void")}
      done={t("receipt.voidedNow")}
      text={t("receipt.voidText", { gross: <AmountText money={receipt.gross} /> })}
      give={(client, params, reason, idempotencyKey) => client.receipts.void({ params, payload: { reason }, idempotencyKey })}
    />
  )
}

const Credit = (dialog: DialogProps) => {
  const { t } = useText()
  const { receipt } = dialog
  const [net, setNet] = useState("")
  const [reason, setReason] = useState("")
  const { creditable } = receipt
  const typed = net.trim()
  return (
    <Question
      {...dialog}
      title={t("receipt.creditTitle", { number: receipt.number ?? receipt.id })}
      confirm={t("receipt.credit")}
      done={t("receipt.creditedNow")}
      isDestructive
      isDisabled={reason.trim() === "" || !isAmount(typed)}
      run={(client, params, idempotencyKey) =>
        client.receipts.credit({ params, payload: { ...(typed === "" ? {} : { net: typed }), reason: reason.trim() }, idempotencyKey })
      }
    >
      <p aria-live="polite">
        {typed === ""
          ? t("receipt.creditAllText", { net: <AmountText money={creditable.net} />, tax: <AmountText money={creditable.tax} /> })
          : t("receipt.creditText", { net: <b className="hb-number">{`${typed} ${creditable.net.currency}`}</b> })}
      </p>
      <TextField
        label={t("receipt.creditNet")}
        description={t("receipt.creditNetText", { net: moneyText(creditable.net) })}
        value={net}
        onChange={setNet}
        inputMode="decimal"
      />
      <ReasonField value={reason} onChange={setReason} />
    </Question>
  )
}

const Refund = (dialog: DialogProps) => {
  const { t } = useText()
  const { receipt } = dialog
  const [amount, setAmount] = useState("")
  const [isToBank, setToBank] = useState(false)
  const typed = amount.trim()
  const credits = receipt.refundable?.credits ?? []
  const standing = receipt.balance === null ? "—" : moneyText(receipt.balance).replace("-", "")
  return (
    <Question
      {...dialog}
      title={t("receipt.refundTitle", { number: receipt.number ?? receipt.id })}
      confirm={t("receipt.refund")}
      done={t("receipt.refundedNow")}
      isDisabled={!isAmount(typed)}
      run={(client, params, idempotencyKey) =>
        client.receipts.refund({
          params,
          payload: { ...(typed === "" ? {} : { amount: typed }), ...(isToBank ? { to: "bank" as const } : {}) },
          idempotencyKey,
        })
      }
    >
      <p aria-live="polite">
        {t("receipt.refundText", { amount: <b className="hb-number">{typed === "" ? standing : `${typed} ${receipt.gross.currency}`}</b> })}
      </p>
      {credits.length === 0 ? null : (
        <>
          <p>
            {t(isToBank ? "receipt.refundToBankText" : "receipt.refundCreditsText", {
              credits: credits.map(({ project, amount: part }) => `${project} ${moneyText(part)}`).join(", "),
            })}
          </p>
          <Checkbox isSelected={isToBank} onChange={setToBank}>
            {t("receipt.refundToBank")}
          </Checkbox>
        </>
      )}
      <TextField
        label={t("receipt.refundAmount")}
        description={t("receipt.payReceivedText", { due: standing })}
        value={amount}
        onChange={setAmount}
        inputMode="decimal"
      />
    </Question>
  )
}

const WriteOff = (dialog: DialogProps) => {
  const { t } = useText()
  const { receipt } = dialog
  return (
    <ForAReason
      {...dialog}
      title={t("receipt.writeOffTitle", { number: receipt.number ?? receipt.id })}
      confirm={t("receipt.writeOff")}
      done={t("receipt.writtenOffNow")}
      text={t("receipt.writeOffText", { amount: <AmountText money={receipt.balance ?? receipt.due} /> })}
      give={(client, params, reason, idempotencyKey) => client.receipts.writeOff({ params, payload: { reason }, idempotencyKey })}
    />
  )
}
