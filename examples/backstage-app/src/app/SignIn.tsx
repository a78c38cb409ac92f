import { ProxiedSignInPage } from "@backstage/core-components"
import type { SignInPageProps } from "@backstage/core-plugin-api"
import { appLanguageApiRef, useApi, useTranslationRef } from "@backstage/frontend-plugin-api"
import { Button, Card, CardBody, Container, Flex, Text } from "@backstage/ui"
import { type Role, roles } from "@hpc-billing/service/api"
import { useState } from "react"
import { portalTranslationRef } from "./words.ts"

const roleKey = "portal.role"

const storedRole = (): Role | null => roles.find((role) => role === sessionStorage.getItem(roleKey)) ?? null

/** Forgets who was chosen; the page then asks again. */
export const signOut = () => {
  sessionStorage.removeItem(roleKey)
  window.location.assign("/")
}

/** Five people of the sample data; a real portal signs in with its own provider. */
export const SignIn = (props: SignInPageProps) => {
  const { t } = useTranslationRef(portalTranslationRef)
  const languages = useApi(appLanguageApiRef)
  const [role, setRole] = useState<Role | null>(storedRole)
  if (role !== null) return <ProxiedSignInPage {...props} provider="sample" headers={{ "x-hpc-billing-role": role }} />
  const choose = (chosen: Role) => {
    sessionStorage.setItem(roleKey, chosen)
    setRole(chosen)
  }
  return (
    <Container>
      <main style={{ maxWidth: 560, margin: "8vh auto" }}>
        <Flex direction="column" gap="4">
          <Text as="h1" variant="title-large">
            {t("signIn.title")}
          </Text>
          <Text as="p">{t("signIn.text")}</Text>
          <Text as="h2" variant="title-x-small">
            {t("signIn.as")}
          </Text>
          {roles.map((one) => (
            <Card key={one}>
              <CardBody>
                <Flex align="center" justify="between" gap="4">
                  <Text as="p" color="secondary">
                    {t(`signIn.${one}Text`)}
                  </Text>
                  <Button variant="secondary" onPress={() => choose(one)} style={{ minWidth: 150 }}>
                    {t(`signIn.${one}`)}
                  </Button>
                </Flex>
              </CardBody>
            </Card>
          ))}
          <Flex gap="2">
            {(["en", "th"] as const).map((language) => (
              <Button key={language} variant="tertiary" onPress={() => languages.setLanguage(language)}>
                {language === "th" ? "ไทย" : "English"}
              </Button>
            ))}
          </Flex>
        </Flex>
      </main>
    </Container>
  )
}
