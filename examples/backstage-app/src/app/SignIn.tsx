import { ProxiedSignInPage } from "@backstage/core-components"
import type { SignInPageProps } from "@backstage/core-plugin-api"
import { appLanguageApiRef, useApi, useTranslationRef } from "@backstage/frontend-plugin-api"
import { Button, Card, CardBody, Container, Flex, Text } from "@backstage/ui"
import { useState } from "react"
import { portalTranslationRef } from "./words.ts"

const people = ["researcher", "project-owner", "finance", "second-finance", "admin", "auditor"] as const
type Person = (typeof people)[number]

const personKey = "portal.person"

const storedPerson = (): Person | null => people.find((person) => person === sessionStorage.getItem(personKey)) ?? null

/** Forgets who was chosen; the page then asks again. */
export const signOut = () => {
  sessionStorage.removeItem(personKey)
  window.location.assign("/")
}

/** Six people of the sample data; a real portal signs in with its own provider. */
export const SignIn = (props: SignInPageProps) => {
  const { t } = useTranslationRef(portalTranslationRef)
  const languages = useApi(appLanguageApiRef)
  const [person, setPerson] = useState<Person | null>(storedPerson)
  if (person !== null) return <ProxiedSignInPage {...props} provider="sample" headers={{ "x-hpc-billing-person": person }} />
  const choose = (chosen: Person) => {
    sessionStorage.setItem(personKey, chosen)
    setPerson(chosen)
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
          {people.map((one) => (
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
