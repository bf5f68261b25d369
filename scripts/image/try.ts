/** A configuration to start with where nothing else is: every adapter, no cloud, no platform. `PUSH_TOKEN` is in the environment. */
export const CONFIG = `server: { host: 127.0.0.1, port: 0 }
store: sqlite:./data/breakerbot.db
thingboot: { appId: demoapp, appSecret: s, baseUrl: "http://127.0.0.1:9", pushToken: "\${PUSH_TOKEN}" }
channels:
  telegram: { token: "1:a", apiRoot: "http://127.0.0.1:9" }
  dingtalk: { clientId: a, clientSecret: s, apiBase: "http://127.0.0.1:9", oapiBase: "http://127.0.0.1:9" }
  wecom: { botId: a, secret: s, wsUrl: "ws://127.0.0.1:9" }
notify:
  mail: { smtp: "smtp://127.0.0.1:9", from: "a@example.com" }
  voice: { aliyun: { accessKeyId: a, accessKeySecret: s, ttsCode: t, calledShowNumber: "1", endpoint: "127.0.0.1:9" } }
rooms: [{ name: shift, telegram: -1 }]
people: [{ name: a, role: admin, telegram: 1 }]
breakers: [{ id: 820720, name: pump, site: pond, room: shift, ratedCurrent: 60 }]
`

/** Draws a picture as the service does, by a process of its own; exit code 3 where it cannot. Its argument is the program's folder. */
export const DRAW = `const { createPainter } = await import(process.argv.at(-1) + '/src/pictures/painting.ts');
const log = { info() {}, warn: console.error, error: console.error };
const painter = createPainter({ log, deadline: 60000 });
const chart = { kind: 'rank', title: '电量', unit: 'kWh', bars: [{ name: '泵', value: 1 }] };
const painted = await painter.paint(chart);
await painter.stop();
process.exit(painted?.png.length > 1000 ? 0 : 3)`
