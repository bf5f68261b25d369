/** A trip push in the default shape. */
export const trip = (device: number, ts: number) => ({
  type: 'event',
  device,
  mid: `m${ts}`,
  ts,
  data: {
    name: 'trip',
    state: { power: '0', fault: 'overload', voltage: '228.4', current: '63.1', active_power: '14400' },
  },
})
