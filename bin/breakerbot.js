#!/usr/bin/env node
// Plain JavaScript, so that an old Node can at least say what it lacks.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  process.stderr.write(
    `BreakerBot needs Node 24; this is ${process.versions.node}. After «npm ci», run it as: npx breakerbot, or npm start\n`,
  )
  process.exit(1)
}
await import('../src/main.ts')
