/**
 * What no tracked file may hold: paths of one machine, hosts of a private registry, secrets, tests switched off. Written so as
 * not to match itself.
 */
const forbidden: readonly { readonly pattern: RegExp; readonly problem: string }[] = [
  { pattern: /\/(?:wor[k]|roo[t]|far[m]|hom[e]\/[a-z]+)\/[\w.-]/, problem: "a path of one machine" },
  { pattern: /\/tmp\/(?:brie[f]|bash[_]jobs|claud[e])/, problem: "a path of one machine" },
  {
    pattern: /https?:\/\/(?:10|127|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.\d+\.\d+[.:\d]*\/[\w-]*npm/,
    problem: "the address of a private registry",
  },
  {
    pattern: /https?:\/\/[\w.-]*(?:artifactor[y]|nexu[s]|verdacci[o]|registr[y]\.(?!npmjs\.org))[\w.:-]*/,
    problem: "the host of a private registry",
  },
  { pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KE[Y]-----/, problem: "a private key" },
  { pattern: /\b(?:it|test|describe)\.(?:onl[y]|tod[o])\b/, problem: "a test that does not run" },
  { pattern: /_authToke[n]\s*=|\bghp[_][A-Za-z0-9]{30}|\bAKI[A][A-Z0-9]{16}\b/, problem: "an access token" },
]

/** Recorded output keeps the paths of the machine it was recorded on. */
const isRecorded = (path: string): boolean => /(^|\/)fixtures\//.test(path)

/** The problems of one text file, each as a sentence with its place. */
export const textProblems = (path: string, text: string): readonly string[] =>
  text
    .split("\n")
    .flatMap((line, index) =>
      forbidden
        .filter(({ pattern, problem }) => pattern.test(line) && !(isRecorded(path) && problem === "a path of one machine"))
        .map(({ problem }) => `${path}:${index + 1}: ${problem}: take it out.`),
    )

/** A lock file names packages and their digests only; an address in it ties the project to one registry. */
export const lockProblems = (path: string, text: string): readonly string[] =>
  text
    .split("\n")
    .flatMap((line, index) =>
      /\btarball:|https?:\/\//.test(line) ? [`${path}:${index + 1}: an address in the lock file: ${line.trim()}`] : [],
    )
