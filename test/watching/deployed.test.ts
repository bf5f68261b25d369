import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { registered, unknownIn } from './registered.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const PAGE = read('docs/watching.md')

interface Rule {
  alert: string
  expr: string
  for?: string
  labels: { severity: string }
  annotations: Record<string, string>
}

const rules = (parse(read('deploy/prometheus/alerts.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
)

interface Panel {
  title: string
  type: string
  targets?: { expr: string }[]
  gridPos: { x: number; w: number }
}

const board = JSON.parse(read('deploy/grafana/breakerbot.json')) as { panels: Panel[]; schemaVersion: number }
const expressions = board.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
)

describe('the list of measures', () => {
  test('is what there is: name, type and labels', () => {
    const rows = PAGE.split('\n').flatMap((line) => {
      const [, name, type, labels] = /^\| `(\w+)` \| (\w+) \| ([^|]*)\|/.exec(line) ?? []
      return name ? [{ name, type, labels: [...labels!.matchAll(/`(\w+)`/g)].map((one) => one[1]) }] : []
    })
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
    expect(rows.toSorted(byName)).toEqual(registered().toSorted(byName))
  })

  test('follows the custom of names: counters end in _total, and units are seconds, bytes, ratios', () => {
    for (const { name, type } of registered().filter((one) => one.name.startsWith('breakerbot_'))) {
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
      expect(name).not.toMatch(/_(ms|milliseconds|minutes|percent|kb|mb)$/)
      if (type === 'histogram') expect(name).toMatch(/_seconds$/)
    }
  })
})

describe('what asks for a measure', () => {
  test('a wrong name, a label that it has not, and a label to sum by are noticed', () => {
    const wrong = (expression: string) => unknownIn(expression, registered())
    expect(wrong('sum by (channel) (rate(breakerbot_deliveries_total{outcome!="delivered"}[5m]))')).toEqual(
      [],
    )
    expect(wrong('breakerbot_deliverys_total')).toEqual(['breakerbot_deliverys_total'])
    expect(wrong('breakerbot_ready{channel="x"}')).toEqual(['breakerbot_ready{channel}'])
    expect(wrong('sum by (chat) (breakerbot_ready)')).toEqual(['by (chat)'])
    expect(wrong('breakerbot_decision_seconds')).toEqual(['breakerbot_decision_seconds'])
  })

  test.each(rules)('the alert $alert', ({ expr }) => {
    expect(unknownIn(expr, registered())).toEqual([])
  })

  test.each(expressions)('the panel $title: $expr', ({ expr }) => {
    expect(unknownIn(expr, registered())).toEqual([])
  })
})

describe('each alert', () => {
  test.each(rules)(
    '$alert says in both languages what it is, and leads to what to do',
    ({ alert, labels, annotations, ...rule }) => {
      expect(['critical', 'warning']).toContain(labels.severity)
      expect(annotations.summary).toMatch(/\w/)
      expect(annotations.summary_zh).toMatch(/\p{Script=Han}/u)
      expect(annotations.description).toMatch(/\w/)
      expect(annotations.runbook).toBe(`docs/watching.md#${alert.toLowerCase()}`)
      expect(PAGE).toMatch(new RegExp(`^### ${alert}$`, 'm'))
      if (rule.for !== undefined) expect(rule.for).toMatch(/^\d+m$/)
    },
  )

  test('no page tells of one that there is not, and no name stands twice', () => {
    const named = [...PAGE.matchAll(/^### (BreakerBot\w+)$/gm)].map((one) => one[1])
    expect(named).toEqual(rules.map((one) => one.alert))
    expect(new Set(named).size).toBe(named.length)
  })
})

test('the dashboard is of the form that Grafana 10 and 11 take, and has a row for each question', () => {
  expect(board.schemaVersion).toBeGreaterThanOrEqual(38)
  expect(board.panels.filter((one) => one.type === 'row').map((one) => one.title.split(' · ')[0])).toEqual([
    'Is anything lost or late?',
    'Are people reached?',
    'Is the cloud reached?',
    'Is the process well?',
  ])
  for (const { title, gridPos, targets, type } of board.panels) {
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24)
    if (type !== 'row') expect(targets?.length, title).toBeGreaterThan(0)
  }
})

const hasPromtool = spawnSync('promtool', ['--version']).status === 0

test.runIf(hasPromtool)('promtool takes the rules, their cases, and each expression of the dashboard', () => {
  const promtool = (...args: string[]) => execFileSync('promtool', args, { encoding: 'utf8' })
  expect(promtool('check', 'rules', join(ROOT, 'deploy/prometheus/alerts.yml'))).toContain(
    `${rules.length} rules`,
  )
  expect(promtool('test', 'rules', join(ROOT, 'deploy/prometheus/alerts.test.yml'))).toContain('SUCCESS')
  const shown = expressions.map(({ expr }, index) => ({
    record: `panel:${index}`,
    expr: expr.replaceAll('$instance', '.*'),
  }))
  const file = join(mkdtempSync(join(tmpdir(), 'breakerbot-')), 'board.yml')
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'board', rules: shown }] }))
  expect(promtool('check', 'rules', file)).toContain(`${shown.length} rules`)
})

test('each alert has a case in which it is raised', () => {
  expect(existsSync(join(ROOT, 'deploy/prometheus/alerts.test.yml'))).toBe(true)
  const cases = parse(read('deploy/prometheus/alerts.test.yml')) as {
    tests: { alert_rule_test: { alertname: string; exp_alerts: unknown[] }[] }[]
  }
  const raised = cases.tests.flatMap((one) => one.alert_rule_test).filter((one) => one.exp_alerts.length > 0)
  expect(new Set(raised.map((one) => one.alertname))).toEqual(new Set(rules.map((one) => one.alert)))
})
