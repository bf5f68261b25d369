import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { GROUP, untilCard } from './chats.ts'
import { forEachTest, newFolder, run, startProgram } from './program.ts'
import { configText, untilReady, type World } from './rig.ts'

let world: World
let folder: ReturnType<typeof newFolder>
forEachTest((one) => {
  ;({ world, folder } = one)
})

describe('the command line', () => {
  test('check names each fault with its line and how to mend it', async () => {
    writeFileSync(
      join(folder.path, 'breakerbot.yaml'),
      configText(world).replace('ratedCurrent', 'ratedCurrnt').replace('role: admin', 'role: chief'),
    )
    const { code, err } = await run(['check'], folder.path)
    expect(code).toBe(1)
    expect(err).toMatch(
      /breakerbot\.yaml:\d+ breakers\[0\]\.ratedCurrnt is not a known key; did you mean «ratedCurrent»\?/,
    )
    expect(err).toMatch(/breakerbot\.yaml:\d+ people\[2\]\.role must be viewer or operator or admin/)
  })

  test('check says that it is valid, then who would be told of each breaker', async () => {
    writeFileSync(join(folder.path, 'breakerbot.yaml'), configText(world))
    const { code, out } = await run(['check'], folder.path)
    expect(code).toBe(0)
    const [first, ...rest] = out.trim().split('\n')
    expect(first).toMatch(/^breakerbot\.yaml is valid: 3 breakers, \d rooms?, \d people$/)
    expect(rest).toEqual([
      expect.stringMatching(/^3号增氧机, .+: .+ \(Critical\), and nobody acknowledges:$/),
      '  · at once: the card in the room',
      '  · no policy under escalation: nobody is told anything after that',
    ])
    const json = await run(['check', '--json'], folder.path)
    expect(json.code).toBe(0)
    expect(JSON.parse(json.out.trim().split('\n')[1]!)).toMatchObject({ severity: 'critical', steps: [] })
  })

  test('check --online tries credentials, clock and store', async () => {
    writeFileSync(join(folder.path, 'breakerbot.yaml'), configText(world))
    const good = await run(['check', '--online'], folder.path)
    expect(good.out).toMatch(/ok {3}telegram: the bot is @breaker_bot/)
    expect(good.out).toMatch(/ok {3}thingboot: the cloud knows 3 devices/)
    expect(good.out).toMatch(/ok {3}wecom/)
    expect(good.code).toBe(0)
    writeFileSync(join(folder.path, 'breakerbot.yaml'), configText(world).replace('id: 820721', 'id: 999999'))
    const missing = await run(['check', '--online'], folder.path)
    expect(missing.out).toMatch(/FAIL thingboot: the cloud knows 3 devices, but not 投饵机 \(999999\)/)
    expect(missing.code).toBe(2)
    writeFileSync(
      join(folder.path, 'breakerbot.yaml'),
      configText(world).replace('appSecret: demo-app', 'appSecret: other'),
    )
    const bad = await run(['check', '--online'], folder.path)
    expect(bad.out).toMatch(/FAIL thingboot: /)
    expect(bad.code).toBe(2)
    const robot = `wecom: "${GROUP.wecom}"\n    wecomGroupRobot: no-such-key`
    const channel = `wecom: { groupRobot: { baseUrl: "${world.wecom.url}" },`
    writeFileSync(
      join(folder.path, 'breakerbot.yaml'),
      configText(world).replace(`wecom: "${GROUP.wecom}"`, robot).replace('wecom: {', channel),
    )
    const unknown = await run(['check', '--online'], folder.path)
    expect(unknown.out).toMatch(/FAIL group robot of night-shift: WeCom does not know it \(93000\)/)
    expect(unknown.out).not.toMatch(/group robot: not tried/)
    expect(unknown.code).toBe(2)
  })

  test('usage errors end with 1, help with 0', async () => {
    expect((await run(['nonsense'], folder.path)).code).toBe(1)
    expect((await run(['start', '--confg', 'x'], folder.path)).code).toBe(1)
    const help = await run(['--help'], folder.path)
    expect(help).toMatchObject({ code: 0, out: expect.stringContaining('simulate') })
    expect((await run(['start', '--help'], folder.path)).out).toContain('--config')
    expect(await run(['start'], folder.path)).toMatchObject({
      code: 1,
      err: expect.stringContaining('breakerbot.yaml'),
    })
  })

  test('simulate plays a trip into the running service', async () => {
    const program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }))
    await untilReady(program.url, ['telegram'])
    const played = await run(['simulate', 'trip', '--url', program.url], folder.path)
    expect(played.code).toBe(0)
    const card = await untilCard(world.chats.telegram, '过载')
    expect(card.text).toContain('52.0–61.8 A')
    await program.terminate()
  })

  test('a second service on the same store is refused with a plain sentence', async () => {
    const program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }))
    const second = await run(['start'], folder.path)
    expect(second.code).toBe(2)
    expect(second.err).toContain('in use by another process')
    await program.terminate()
  })

  test('a taken port ends the service with a sentence and code 2, before any chat is connected', async () => {
    const program = await startProgram(folder.path, configText(world, { platforms: ['telegram'] }))
    const other = newFolder()
    const config = configText(world, { platforms: ['wecom'] })
    const port = Number(new URL(program.url).port)
    writeFileSync(join(other.path, 'breakerbot.yaml'), config.replace('port: 0', `port: ${port}`))
    const taken = await run(['start'], other.path)
    expect(taken.code).toBe(2)
    expect(taken.err).toContain(`port ${port} is taken by another program`)
    expect(world.wecom.conns()).toHaveLength(0)
    other.remove()
    await program.terminate()
  })
})
