import { createRequire } from "node:module"

const resolve = createRequire(import.meta.url).resolve

/** The one font family of the documents: full static TrueType files with Thai and Latin, licensed OFL. */
export const sarabunFiles = {
  normal: resolve("@expo-google-fonts/sarabun/400Regular/Sarabun_400Regular.ttf"),
  bold: resolve("@expo-google-fonts/sarabun/600SemiBold/Sarabun_600SemiBold.ttf"),
} as const
