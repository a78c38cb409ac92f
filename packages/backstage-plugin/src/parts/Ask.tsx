import { Button, Dialog, DialogBody, DialogFooter, DialogHeader, Flex } from "@backstage/ui"
import type { ReactNode } from "react"
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
    <Dialog isOpen={isOpen} onOpenChange={(open) => (open ? undefined : onClose())} width={520}>
      <DialogHeader>{title}</DialogHeader>
      <DialogBody>
        <Flex direction="column" gap="3">
          {children}
          {act.problem === null ? null : <Problem problem={act.problem} />}
        </Flex>
      </DialogBody>
      <DialogFooter>
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
      </DialogFooter>
    </Dialog>
  )
}
