import { rmSync } from 'node:fs'
import { compare, rateTable } from './rounds.ts'
import { startScript } from './subject.ts'

const A = '/work/wt/sqlite/bench/acceptor.ts'
rmSync('/tmp/accb', { recursive: true, force: true })
const subjects = new Map([
  ['bare', await startScript([A])],
  ['sqlite', await startScript([A, 'sqlite:/tmp/accb/a.db'])],
  ['old', await startScript(['/tmp/old/bench/acceptor.ts', 'sqlite:/tmp/accb/b.db'])],
])
console.log(rateTable(await compare(subjects, { rounds: 5, ms: 2000 })))
for (const s of subjects.values()) await s.stop()
