/**
 * The accounts that entries may name, as data: a site edits the list, the rules speak of roles only. Account ids are text and
 * never reused; an account that is no longer used is closed, not removed.
 */
export interface Chart {
  readonly accounts: readonly Account[]
}

export interface Account {
  readonly id: string
  readonly name: string
  readonly nameThai: string
  readonly type: AccountType
  /** Nothing posts into a closed account. */
  readonly open: boolean
}

export type AccountType = "asset" | "contra-asset" | "liability" | "equity" | "revenue" | "expense"

/** Which account plays which part in the derivation of entries. */
export interface AccountRoles {
  readonly bank: string
  readonly receivable: string
  readonly receivableAllowance: string
  readonly contractAsset: string
  readonly withholdingTax: string
  /** Prepayments and overpayments of payers. */
  readonly unearned: string
  readonly vatPayable: string
  readonly vatNotYetDue: string
  readonly retainedEarnings: string
  readonly revenue: string
  readonly impairmentLoss: string
  readonly rounding: string
}

/** What the site's accountant decides. */
export interface PostingPolicy {
  readonly chart: Chart
  readonly roles: AccountRoles
  /** When output VAT falls due: `at-payment` is the rule for services in Thailand. */
  readonly vatPoint: "at-payment" | "at-issue"
}

const account = (id: string, name: string, nameThai: string, type: AccountType): Account => ({ id, name, nameThai, type, open: true })

export const defaultChart: Chart = {
  accounts: [
    account("1000", "Cash and bank", "เงินสดและเงินฝากธนาคาร", "asset"),
    account("1100", "Accounts receivable", "ลูกหนี้การค้า", "asset"),
    account("1150", "Contract asset (unbilled)", "สินทรัพย์ที่เกิดจากสัญญา (ยังไม่เรียกเก็บ)", "asset"),
    account("1159", "Expected credit loss on contract assets", "ค่าเผื่อผลขาดทุนด้านเครดิต - สินทรัพย์ที่เกิดจากสัญญา", "contra-asset"),
    account("1180", "Withholding tax receivable", "ภาษีเงินได้ถูกหัก ณ ที่จ่าย", "asset"),
    account("1190", "Expected credit loss on receivables", "ค่าเผื่อผลขาดทุนด้านเครดิต - ลูกหนี้การค้า", "contra-asset"),
    account("2000", "Unearned revenue", "รายได้รับล่วงหน้า", "liability"),
    account("2100", "Output VAT payable", "ภาษีขาย", "liability"),
    account("2110", "Output VAT not yet due", "ภาษีขายยังไม่ถึงกำหนด", "liability"),
    account("3000", "Retained earnings", "กำไรสะสม", "equity"),
    account("4000", "Service revenue", "รายได้จากการให้บริการ", "revenue"),
    account("5000", "Cost of service", "ต้นทุนการให้บริการ", "expense"),
    account("6100", "Impairment loss", "ผลขาดทุนจากการด้อยค่า", "expense"),
    account("6900", "Rounding differences", "ผลต่างจากการปัดเศษ", "expense"),
  ],
}

export const defaultRoles: AccountRoles = {
  bank: "1000",
  receivable: "1100",
  receivableAllowance: "1190",
  contractAsset: "1150",
  withholdingTax: "1180",
  unearned: "2000",
  vatPayable: "2100",
  vatNotYetDue: "2110",
  retainedEarnings: "3000",
  revenue: "4000",
  impairmentLoss: "6100",
  rounding: "6900",
}

export const defaultPolicy: PostingPolicy = { chart: defaultChart, roles: defaultRoles, vatPoint: "at-payment" }

/** What a chart and its roles have wrong, one sentence each; empty when nothing. */
export const checkPolicy = (policy: PostingPolicy): readonly string[] => {
  const seen = new Map<string, Account>()
  const findings: string[] = []
  for (const each of policy.chart.accounts) {
    if (seen.has(each.id)) findings.push(`account ${each.id} stands twice in the chart of accounts`)
    if (!/^[A-Za-z0-9._-]{1,40}$/.test(each.id))
      findings.push(`"${each.id}" is no account id: letters, digits, dot, dash or underscore, at most 40`)
    seen.set(each.id, each)
  }
  for (const [role, id] of Object.entries(policy.roles)) {
    const named = seen.get(id)
    if (named === undefined) findings.push(`the role ${role} names account ${id}, which is not in the chart of accounts`)
    else if (!named.open) findings.push(`the role ${role} names account ${id}, which is closed`)
  }
  if (new Set(Object.values(policy.roles)).size < Object.keys(policy.roles).length) findings.push("two roles name the same account")
  return findings
}
