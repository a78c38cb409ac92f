export interface HoverLine {
  readonly id: string
  readonly name: string
  readonly colour: string
  readonly text: string
}

/** The band under the pointer lets its bar and the theme shine through; the text does not fly after the pointer. */
export const hoverStyle = { cursor: { fill: "var(--hb-quiet)", fillOpacity: 0.15 }, isAnimationActive: false } as const

/**
 * What a chart says of the point under the pointer. The chart library sorts its own list by name, so that a place in it says
 * nothing: a chart gives the lines of its own row.
 */
export const Hover = ({ title, lines }: { readonly title: string; readonly lines: readonly HoverLine[] }) => (
  <div className="hb-hover">
    <p>{title}</p>
    <dl>
      {lines.map(({ id, name, colour, text }) => (
        <div key={id}>
          <dt>
            <span style={{ background: colour }} />
            {name}
          </dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  </div>
)
