/** `code:signal`. Releases differ in whether they print the 128 that a shell adds for a signal, so it is always taken off. */
export const exitCodeText = (code: number, signal: number): string => `${code >= 128 ? code - 128 : code}:${signal}`

/** The same of text as sacct prints it; text of another form stays. */
export const parseExitCode = (text: string): string => {
  const match = /^(\d{1,5}):(\d{1,5})$/.exec(text)
  return match === null ? text : exitCodeText(Number(match[1]), Number(match[2]))
}
