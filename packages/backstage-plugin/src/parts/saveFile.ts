import type { Download } from "@hpc-billing/service/api"

/** Hands the bytes to the browser's own download. */
export const saveFile = ({ bytes, mediaType, fileName }: Download): void => {
  const url = URL.createObjectURL(new Blob([bytes], { type: mediaType }))
  const link = document.createElement("a")
  link.href = url
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
