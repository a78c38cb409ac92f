import { Card, CardBody } from "@backstage/ui"
import type { ReactNode } from "react"

/** A white card with its title, a word beside it and what can be done with it. */
export const Panel = ({
  title,
  note,
  actions,
  children,
}: {
  readonly title?: string
  readonly note?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}) => (
  <Card style={{ overflow: "visible" }}>
    {/* a table scrolls in its own labelled region, which the keyboard reaches; the card itself never does */}
    <CardBody style={{ overflow: "visible", minWidth: 0 }}>
      <div style={{ display: "flex", flexDirection: "column", gap: 12, minWidth: 0 }}>
        {title === undefined ? null : (
          <div className="hb-card-head">
            <h2>{title}</h2>
            {note === undefined ? null : <span className="hb-note">{note}</span>}
            {actions === undefined ? null : <div className="hb-head-actions">{actions}</div>}
          </div>
        )}
        {children}
      </div>
    </CardBody>
  </Card>
)
