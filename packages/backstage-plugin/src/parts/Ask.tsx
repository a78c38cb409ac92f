import { Button } from "@backstage/ui"
import type { ReactNode } from "react"
import { Sheet } from "./Sheet.tsx"
import { Problem } from "./states.tsx"
import type { useAct } from "./useAct.ts"
import { useText } from "./useText.ts"

/** Asks before an act that cannot be taken back; stays open, with the reason, when it is refused. */
export const Ask = ({
  title,
  isOpen,
  onClose,
  act,
  confirm,
  isDestructive = false,
  isDisabled = false,
  onConfirm,
  children,
}: {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly act: ReturnType<typeof useAct>
  readonly confirm: string
  readonly isDestructive?: boolean
  readonly isDisabled?: boolean
  readonly onConfirm: () => Promise<boolean>
  readonly children: ReactNode
}) => {
  const { t } = useText()
  return (
    <Sheet
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      width={520}
      actions={
        <>
          <Button
            variant="primary"
            destructive={isDestructive}
            isDisabled={isDisabled}
            isPending={act.isRunning}
            onPress={() => void onConfirm().then((isDone) => (isDone ? onClose() : undefined))}
          >
            {confirm}
          </Button>
          <Button variant="secondary" onPress={onClose}>
            {t("action.cancel")}
          </Button>
        </>
      }
    >
      {children}
      {act.problem === null ? null : <Problem problem={act.problem} />}
    </Sheet>
  )
}
