/** A half-open interval `[start, end)` in whole seconds since 1970-01-01T00:00:00Z. */
export interface Window {
  readonly startSeconds: number
  readonly endSeconds: number
}

export const windowSeconds = (window: Window): number => window.endSeconds - window.startSeconds

/** The part two windows share, or null when they only touch or lie apart. */
export const overlap = (left: Window, right: Window): Window | null => {
  const startSeconds = Math.max(left.startSeconds, right.startSeconds)
  const endSeconds = Math.min(left.endSeconds, right.endSeconds)
  return startSeconds < endSeconds ? { startSeconds, endSeconds } : null
}
