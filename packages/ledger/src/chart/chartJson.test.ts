import { expect, test } from "vitest"
import { defaultChart, defaultRoles } from "./Chart.ts"
import { chartFromJson, chartToJson } from "./chartJson.ts"

const text = chartToJson(defaultChart)

test("a chart reads back the same, a closed account too", () => {
  expect(chartFromJson(chartToJson(defaultChart))).toEqual({ chart: defaultChart, roles: defaultRoles })
  const closed = { accounts: defaultChart.accounts.map((account) => ({ ...account, open: false })) }
  const roles = { ...defaultRoles, revenue: "4100", bank: "5000" }
  expect(chartFromJson(chartToJson(closed, roles))).toEqual({ chart: closed, roles })
})

test("each type of account is written as it is called", () => {
  expect(chartToJson({ accounts: defaultChart.accounts.slice(0, 1) })).toBe(
    '{"accounts":[{"id":"1000","name":"Cash and bank","nameThai":"เงินสดและเงินฝากธนาคาร","open":true,"type":"asset"}]}\n',
  )
  expect(chartToJson({ accounts: [] }, { ...defaultRoles, revenue: "4100" })).toBe('{"accounts":[],"roles":{"revenue":"4100"}}\n')
})

test("text that is no chart in canonical form is none", () => {
  const wrong = [
    "",
    "nonsense",
    "null\n",
    "{}\n",
    '{"accounts":7}\n',
    '{"accounts":[null]}\n',
    text.trimEnd(),
    ` ${text}`,
    text.replace("{", '{"more":1,'),
    text.replace('"id":"1100",', ""),
    text.replace('"id":"1100"', '"id":1100'),
    text.replace('"name":"Cash and bank"', '"name":null'),
    text.replace(/"nameThai":"[^"]*"/, '"nameThai":null'),
    text.replace('"open":true', '"open":"true"'),
    text.replace('"type":"equity"', '"type":"other"'),
    text.replace('"type":"equity"', '"type":null'),
    text.replace("]}", '],"roles":{}}'),
    text.replace("]}", '],"roles":{"revenue":4100}}'),
    text.replace("]}", '],"roles":{"revenue":"4000"}}'),
    text.replace("]}", '],"roles":{"cook":"4100"}}'),
  ]
  expect(wrong.map(chartFromJson)).toEqual(wrong.map(() => null))
})
