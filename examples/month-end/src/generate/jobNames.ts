import type { SeededRandom } from "./SeededRandom.ts"

const usual = [
  "gromacs-md-npt",
  "vasp-relax",
  "llama-ft-th-8b",
  "wrf-3km",
  "rnaseq-align",
  "jupyter",
  "lammps-nacl",
  "openfoam-lowrise",
  "bwa-mem",
  "train.sh",
  "sbatch",
  "interactive",
  "qe-scf",
  "namd-equil",
  "yolo-train",
  "cmaq-daily",
  "gatk-hc",
  "swat-basin",
  "ทดสอบ",
  "แบบจำลองน้ำท่วม",
] as const

/** Names that break careless readers: delimiters, line feeds, quotes, formulas, letters outside ASCII. */
const odd = [
  "a|b|c",
  "two\nlines",
  'say "hi"',
  "=1+1",
  "-x",
  "ชื่องานภาษาไทย ที่มีวรรค",
  "naïve café",
  "模型训练",
  "🚀 run",
  "comma, semicolon;",
  "tab\there",
  "x".repeat(200),
] as const

const oddNameShare = 0.01

export const drawJobName = (random: SeededRandom): string => (random.chance(oddNameShare) ? random.pick(odd) : random.pick(usual))
