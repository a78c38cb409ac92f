import { TextField } from "@backstage/ui"
import { useText } from "./useText.ts"

/** Why something is done: printed, kept in the audit chain, and never empty. */
export const ReasonField = ({ value, onChange }: { readonly value: string; readonly onChange: (reason: string) => void }) => {
  const { t } = useText()
  return (
    <TextField label={t("form.reason")} secondaryLabel={t("form.required")} value={value} onChange={onChange} isRequired maxLength={500} />
  )
}
