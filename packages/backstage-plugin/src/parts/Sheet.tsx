import { Dialog, DialogBody, DialogFooter, DialogHeader, Flex } from "@backstage/ui"
import type { ReactNode } from "react"
import { useText } from "./useText.ts"

/** A dialog in the reader's language: it stands outside the page, whose language it does not inherit. */
export const Sheet = ({
  title,
  isOpen,
  onClose,
  width,
  actions,
  children,
}: {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly width: number
  readonly actions: ReactNode
  readonly children: ReactNode
}) => {
  const { language } = useText()
  return (
    <Dialog isOpen={isOpen} onOpenChange={(open) => (open ? undefined : onClose())} width={`min(${width}px, calc(100vw - 24px))`}>
      <DialogHeader>
        <span lang={language}>{title}</span>
      </DialogHeader>
      <DialogBody>
        <Flex direction="column" gap="3" className="hb-sheet" lang={language}>
          {children}
        </Flex>
      </DialogBody>
      <DialogFooter>{actions}</DialogFooter>
    </Dialog>
  )
}
