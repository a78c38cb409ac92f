import type { ContentTable, CustomTableLayout } from "pdfmake/interfaces.js"
import { palette } from "../palette.ts"

const isOuter = (index: number, node: ContentTable): boolean =>
  index === 0 || index === node.table.body.length || index === (node.table.headerRows ?? 0)

const hairlines: CustomTableLayout = {
  hLineWidth: (index, node) => (isOuter(index, node) ? 0.8 : 0.35),
  hLineColor: (index, node) => (isOuter(index, node) ? palette.accent : palette.rule),
  vLineWidth: () => 0,
  paddingTop: () => 3,
  paddingBottom: () => 3,
  paddingLeft: (column) => (column === 0 ? 2 : 4),
  paddingRight: () => 4,
}

const bare: CustomTableLayout = { hLineWidth: () => 0, vLineWidth: () => 0 }

/** Layouts by name: a document names one, because functions do not travel to the worker. */
export const tableLayouts = {
  hairlines,
  tightHairlines: { ...hairlines, paddingTop: () => 1.4, paddingBottom: () => 1.4 },
  particulars: { ...bare, paddingLeft: () => 0, paddingRight: () => 4, paddingTop: () => 1.5, paddingBottom: () => 1.5 },
  amounts: { ...bare, paddingTop: () => 2.5, paddingBottom: () => 2.5, paddingLeft: () => 4, paddingRight: () => 4 },
  /** A line above: the total under its parts. */
  total: {
    ...bare,
    hLineWidth: (index) => (index === 0 ? 0.8 : 0),
    hLineColor: () => palette.accent,
    paddingTop: () => 2.5,
    paddingBottom: () => 2.5,
    paddingLeft: () => 4,
    paddingRight: () => 4,
  },
} satisfies Record<string, CustomTableLayout>

export type TableLayoutName = keyof typeof tableLayouts
