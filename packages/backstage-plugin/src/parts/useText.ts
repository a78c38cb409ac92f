import { type TranslationFunction, useTranslationRef } from "@backstage/frontend-plugin-api"
import type { Money } from "@hpc-billing/service/api"
import { hpcBillingTranslationRef } from "../translation.ts"

export interface Text {
  readonly t: TranslationFunction<typeof hpcBillingTranslationRef.T>
  readonly locale: string
  readonly language: "en" | "th"
  /** `June 2026`; the text itself when it is no month. */
  readonly monthText: (month: string) => string
  /** `Jun`. */
  readonly monthShort: (month: string) => string
  /** `12 Jun 2026` of an ISO date. */
  readonly dayText: (date: string) => string
  /** `12 Jun 2026, 14:05` in the zone. */
  readonly instantText: (instant: string, zone: string) => string
  readonly countText: (count: number) => string
}

/** What the reader's language makes of words, months and instants. Thai texts name Buddhist years. */
export const useText = (): Text => {
  const { t } = useTranslationRef(hpcBillingTranslationRef)
  const locale = t("locale")
  return {
    t,
    locale,
    language: locale.startsWith("th") ? "th" : "en",
    monthText: (month) => inUtc(`${month}-01T00:00:00Z`, locale, { month: "long", year: "numeric" }) ?? month,
    monthShort: (month) => inUtc(`${month}-01T00:00:00Z`, locale, { month: "short" }) ?? month,
    dayText: (date) => inUtc(`${date}T00:00:00Z`, locale, { day: "numeric", month: "short", year: "numeric" }) ?? date,
    instantText: (instant, zone) =>
      inZone(instant, locale, zone, {
        day: "numeric",
        month: "short",
        year: "numeric",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      }),
    countText: (count) => new Intl.NumberFormat("en").format(count),
  }
}

/** `฿4,117.64`, other currencies with their code. */
export const moneyText = (money: Money): string =>
  money.currency === "THB" ? `${money.text.startsWith("-") ? "-" : ""}฿${money.text.replace("-", "")}` : `${money.text} ${money.currency}`

const inZone = (instant: string, locale: string, timeZone: string, options: Intl.DateTimeFormatOptions): string => {
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? instant : new Intl.DateTimeFormat(locale, { ...options, timeZone }).format(date)
}

const inUtc = (instant: string, locale: string, options: Intl.DateTimeFormatOptions): string | null =>
  Number.isNaN(new Date(instant).getTime()) ? null : withoutEra(inZone(instant, locale, "UTC", options))

/** Thai long forms say พ.ศ. where a month and a year alone are clear. */
const withoutEra = (text: string): string => text.replace(/\s*พ\.ศ\.\s*/, " ")
