import { appLanguageApiRef, useApi } from "@backstage/frontend-plugin-api"
import { ToggleButton, ToggleButtonGroup } from "@backstage/ui"
import { useText } from "./useText.ts"

const offered = ["en", "th"] as const

/** English or Thai, where the host offers both. */
export const LanguageSwitch = () => {
  const { t, language } = useText()
  const languages = useApi(appLanguageApiRef)
  const { languages: available } = languages.getAvailableLanguages()
  if (!offered.every((one) => available.includes(one))) return null
  return (
    <ToggleButtonGroup
      aria-label={t("language.label")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[language]}
      onSelectionChange={(keys) => {
        const chosen = offered.find((one) => keys.has(one))
        if (chosen !== undefined) languages.setLanguage(chosen)
      }}
    >
      {offered.map((one) => (
        <ToggleButton key={one} id={one} size="small">
          <span lang={one}>{t(`language.${one}`)}</span>
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}
