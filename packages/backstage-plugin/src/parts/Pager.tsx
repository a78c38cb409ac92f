import { Button, Flex } from "@backstage/ui"
import { useLocation, useNavigate } from "react-router-dom"
import { useText } from "./useText.ts"
import { useView } from "./useView.ts"

export const rowsPerPage = 25

interface Trail {
  readonly hbTrail?: number
}

/** Pages of the server, one cursor after another; the address holds the cursor, the history the way back. */
export const Pager = ({ name, next, rowCount }: { readonly name: string; readonly next: string | null; readonly rowCount: number }) => {
  const { t } = useText()
  const view = useView()
  const navigate = useNavigate()
  const location = useLocation()
  const cursor = view.get(name)
  const pages = (location.state as Trail | null)?.hbTrail ?? 0
  if (cursor === null && next === null) return null
  const goTo = (wanted: string | null, trail: number) => {
    const search = new URLSearchParams(location.search)
    if (wanted === null) search.delete(name)
    else search.set(name, wanted)
    navigate({ search: search.toString() }, { state: { hbTrail: trail } satisfies Trail })
  }
  return (
    <Flex gap="2" align="center" justify="end">
      {cursor === null || pages > 0 ? (
        <span className="hb-note hb-number">
          {t("page.rows", { from: String(pages * rowsPerPage + 1), to: String(pages * rowsPerPage + rowCount) })}
        </span>
      ) : null}
      {cursor === null ? null : (
        <Button variant="secondary" onPress={() => goTo(null, 0)}>
          {t("page.first")}
        </Button>
      )}
      {pages > 0 ? (
        <Button variant="secondary" onPress={() => navigate(-1)}>
          {t("page.previous")}
        </Button>
      ) : null}
      <Button variant="secondary" isDisabled={next === null} onPress={() => goTo(next, pages + 1)}>
        {t("page.next")}
      </Button>
    </Flex>
  )
}
