import type { Policy } from '../domain/policy.ts'
import type { Store, Versioned } from '../store/store.ts'
import { type Binding, staleIn, type WhyStale, withBindings } from './bound-policy.ts'
import { hearAndLook } from './hearing.ts'
import type { Parts } from './parts.ts'

/** What was bound in chats, laid over what the configuration says. Kept in the store; all instances are told. */
export interface Bindings {
  /** The configuration with the bindings; the same object until one of the two changes. */
  readonly policy: Policy
  /** The configuration alone. */
  readonly file: Policy
  /**
   * Takes another configuration. What it has no use for is deleted, and would otherwise come to life again when
   * somebody else is entered by the same name. While the store is away it does not count; it is deleted later.
   */
  adopt(file: Policy): void
  /** Learns what is in the store, and deletes what the configurations taken since the last time have no use for. */
  load(): Promise<void>
  /** Hears of changes by other instances; answers with what ends it. */
  hear(): () => void
  /** One has been written, or some have been deleted: learns it, and tells the other instances. */
  changed(written?: Binding): Promise<void>
}

const TOPIC = 'bindings'

/** All bindings, oldest first. */
export async function listBindings(store: Pick<Store, 'list'>): Promise<Versioned<Binding>[]> {
  return (await store.list<Binding>({ kind: 'binding', limit: 10_000 })).toReversed()
}

export function createBindings(parts: Pick<Parts, 'store' | 'log' | 'now'>, configured: Policy): Bindings {
  const { store } = parts
  let file = configured
  /**
   * Files that were taken, until what is stale in them is deleted. Only then, never in between: instances whose files
   * differ for a while would delete again and again what another one's file has a use for.
   */
  let taken = [configured]
  let known: Binding[] = []
  let policy = file
  let loading = Promise.resolve()

  function lay(): void {
    const why = staleInAny(taken)
    policy = withBindings(
      file,
      known.filter((one) => !why(one)),
    )
  }

  async function learn(): Promise<void> {
    const files = taken
    const why = staleInAny(files)
    const all = await listBindings(store)
    const stale = all.flatMap((one): Stale[] => {
      const reason = why(one.value)
      return reason ? [{ ...one, why: reason }] : []
    })
    if (stale.length > 0 && (await drop(parts, stale)) === 'conflict') return learn()
    taken = taken.filter((one) => !files.includes(one))
    const left = all.flatMap(({ value }) => (why(value) ? [] : [value]))
    if (JSON.stringify(left) === JSON.stringify(known)) return
    known = left
    lay()
  }

  const bindings: Bindings = {
    get policy() {
      return policy
    },
    get file() {
      return file
    },
    adopt(next) {
      file = next
      taken = [...taken, next]
      lay()
      look()
    },
    load() {
      loading = loading.catch(() => {}).then(learn)
      return loading
    },
    hear: () => hearAndLook(store, TOPIC, look, look),
    async changed(written) {
      // The file may have changed while the code was being used.
      if (written && staleIn(file)(written)) taken = [...taken, file]
      await bindings.load()
      store.broadcast(TOPIC, {})
    },
  }
  /** What fails is tried again within a minute. */
  const look = () => void bindings.load().catch(() => {})
  return bindings
}

interface Stale extends Versioned<Binding> {
  why: WhyStale
}

function staleInAny(files: readonly Policy[]): (binding: Binding) => WhyStale | undefined {
  const reasons = files.map(staleIn)
  return (binding) => reasons.map((why) => why(binding)).find((why) => why !== undefined)
}

/** `conflict`: another instance has deleted or replaced one; nothing was deleted here. */
async function drop({ store, log, now }: Pick<Parts, 'store' | 'log' | 'now'>, stale: readonly Stale[]) {
  const lines = stale.map(({ value: { kind, name, channel, id }, why }) => ({ kind, name, channel, id, why }))
  const committed = await store.commit({
    writes: stale.map(({ key, version }) => ({ key, value: null, version })),
    audit: lines.map((details) => ({
      at: now(),
      who: 'system',
      what: 'binding.dropped',
      subject: `${details.channel}:${details.id}`,
      details,
    })),
  })
  if (committed === 'conflict') return committed
  for (const line of lines)
    log.warn(line, 'the configuration has no use for a binding: it was deleted; a code makes it anew')
  store.broadcast(TOPIC, {})
  return committed
}
