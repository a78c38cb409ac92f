import { generatedPayers } from "./generatedPayers.ts"

/** A user of the generated cluster: login, name to show, and the accounts they may charge. */
export interface GeneratedUser {
  readonly login: string
  readonly uid: number
  /** Thai for some, Latin letters for the others, as in a real directory. */
  readonly displayName: string
  readonly accounts: readonly string[]
}

const givenNames: readonly (readonly [latin: string, thai: string])[] = [
  ["somchai", "สมชาย"],
  ["nattaya", "ณัฐยา"],
  ["krit", "กฤษณ์"],
  ["pimchanok", "พิมพ์ชนก"],
  ["thanawat", "ธนวัฒน์"],
  ["anan", "อนันต์"],
  ["kanya", "กัญญา"],
  ["wichai", "วิชัย"],
  ["siriporn", "ศิริพร"],
  ["apichart", "อภิชาติ"],
  ["chutima", "ชุติมา"],
  ["prasert", "ประเสริฐ"],
  ["napat", "ณภัทร"],
  ["sunisa", "สุนิสา"],
  ["worawut", "วรวุฒิ"],
  ["ratana", "รัตนา"],
  ["teerapong", "ธีรพงศ์"],
  ["malee", "มาลี"],
  ["jirayu", "จิรายุ"],
  ["orathai", "อรทัย"],
  ["kittipong", "กิตติพงษ์"],
  ["panida", "พนิดา"],
  ["suthep", "สุเทพ"],
  ["yada", "ญาดา"],
]
const familyNames: readonly (readonly [latin: string, thai: string])[] = [
  ["wongsawat", "วงศ์สวัสดิ์"],
  ["jaidee", "ใจดี"],
  ["srisuk", "ศรีสุข"],
  ["promma", "พรหมมา"],
  ["rattanakul", "รัตนกุล"],
  ["boonmee", "บุญมี"],
  ["chaiyasit", "ไชยสิทธิ์"],
  ["kaewkla", "แก้วกล้า"],
  ["thongdee", "ทองดี"],
  ["suwan", "สุวรรณ"],
]

const { accounts } = generatedPayers("")

/** 240 people, the busiest first; `anan.w` is among them with the account `civil-cfd`. */
export const generatedUsers: readonly GeneratedUser[] = familyNames.flatMap(([familyLatin, familyThai], family) =>
  givenNames.map(([givenLatin, givenThai], given): GeneratedUser => {
    const index = family * givenNames.length + given
    const home = accounts[(index * 7) % accounts.length]?.account as string
    const second = accounts[(index * 11 + 3) % accounts.length]?.account as string
    const isAnan = givenLatin === "anan" && family === 0
    const chargeable = isAnan ? ["civil-cfd", home] : index % 5 === 0 ? [home, second] : [home]
    return {
      login: `${givenLatin}.${family === 0 ? familyLatin.slice(0, 1) : familyLatin.slice(0, 3)}`,
      uid: 10_000 + index,
      displayName: index % 3 === 0 ? `${givenThai} ${familyThai}` : `${capital(givenLatin)} ${capital(familyLatin)}`,
      accounts: [...new Set(chargeable)],
    }
  }),
)

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
