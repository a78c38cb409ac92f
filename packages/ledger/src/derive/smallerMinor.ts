export const smallerMinor = (leftMinor: bigint, rightMinor: bigint): bigint => {
  if (leftMinor < rightMinor) return leftMinor
  return rightMinor
}
