import { useSearchParams } from "react-router-dom"

/** The state of a page in its address, so that every view is a link. */
export const useView = () => {
  const [params, setParams] = useSearchParams()
  return {
    get: (name: string): string | null => params.get(name),
    /** null takes a name away. What narrows rows also goes back to the first page of them. */
    set: (changes: Readonly<Record<string, string | null>>, options: { readonly keepsPage?: boolean } = {}) =>
      setParams((before) => {
        const after = new URLSearchParams(before)
        if (options.keepsPage !== true) for (const name of [...after.keys()]) if (name.endsWith("cursor")) after.delete(name)
        for (const [name, value] of Object.entries(changes)) {
          if (value === null || value === "") after.delete(name)
          else after.set(name, value)
        }
        return after
      }),
  }
}

/** The part of an address that other pages keep: tenant and months. */
export const useKept = (): ((path: string, changes?: Readonly<Record<string, string>>) => string) => {
  const [params] = useSearchParams()
  return (path, changes = {}) => {
    const kept = new URLSearchParams()
    for (const name of ["tenant", "month", "compare"]) {
      const value = params.get(name)
      if (value !== null) kept.set(name, value)
    }
    for (const [name, value] of Object.entries(changes)) kept.set(name, value)
    const search = kept.toString()
    return search === "" ? path : `${path}?${search}`
  }
}
