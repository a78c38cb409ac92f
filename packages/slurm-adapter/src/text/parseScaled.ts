const scaledText = /^(\d{1,20})(?:\.(\d{1,6}))?([KMGTPE]?)$/
const powers: Readonly<Record<string, bigint>> = { "": 0n, K: 1n, M: 2n, G: 3n, T: 4n, P: 5n, E: 6n }

/**
 * `3332K`, `62.50G`, `1024`: a decimal with a unit letter of the given base, counted in its smallest unit. null when it is not of
 * this form or leaves a fraction of that unit.
 */
export const parseScaled = (text: string, base: 1000n | 1024n): bigint | null => {
  const match = scaledText.exec(text)
  if (match === null) return null
  const [, whole = "", fraction = "", unit = ""] = match
  const scale = 10n ** BigInt(fraction.length)
  const product = BigInt(whole + fraction) * base ** (powers[unit] as bigint)
  return product % scale === 0n ? product / scale : null
}
