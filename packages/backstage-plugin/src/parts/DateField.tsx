import { useId } from "react"

/** A day as an ISO date, by the browser's own calendar; empty where none is chosen. */
export const DateField = ({
  label,
  value,
  onChange,
  min,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (date: string) => void
  readonly min?: string
}) => {
  const id = useId()
  return (
    <div className="hb-date">
      <label htmlFor={id}>{label}</label>
      <input id={id} type="date" value={value} min={min} max="2199-12-31" onChange={(event) => onChange(event.target.value)} />
    </div>
  )
}

export const isDate = (text: string): boolean => /^2[01]\d{2}-\d{2}-\d{2}$/.test(text)
