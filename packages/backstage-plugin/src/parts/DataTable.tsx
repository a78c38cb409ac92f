import type { ReactNode } from "react"

export interface Column<Row> {
  readonly id: string
  readonly label: string
  /** Figures stand right-aligned, digit under digit. */
  readonly isFigure?: boolean
  readonly cell: (row: Row) => ReactNode
  readonly total?: ReactNode
}

/** Rows of figures. The first column names the row; totals arrive computed. On a phone a wide table stands as one block a row. */
export const DataTable = <Row,>({
  label,
  columns,
  rows,
  keyOf,
  classOf,
}: {
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  readonly classOf?: (row: Row) => string | undefined
}) => {
  const hasTotal = columns.some(({ total }) => total !== undefined)
  const align = ({ isFigure }: Column<Row>) => (isFigure === true ? "hb-right" : undefined)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
    <section className="hb-scroll" aria-label={label} tabIndex={0}>
      <table className={columns.length > 3 ? "hb-table hb-stack" : "hb-table"}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.id} scope="col" className={align(column)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className={classOf?.(row)}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.id} scope="row" className={align(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.id} className={align(column)} data-label={column.label}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {hasTotal ? (
          <tfoot>
            <tr>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th key={column.id} scope="row">
                    {column.total}
                  </th>
                ) : (
                  <td key={column.id} className={align(column)} data-label={column.label}>
                    {column.total}
                  </td>
                ),
              )}
            </tr>
          </tfoot>
        ) : null}
      </table>
    </section>
  )
}
