/** One ink, one grey, one accent: the colours of every document. */
export const palette = { ink: "#16202c", grey: "#5b6875", rule: "#c9d1da", accent: "#123c69", tint: "#f2f5f9" } as const
