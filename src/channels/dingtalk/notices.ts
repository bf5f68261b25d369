/** What the person who runs the service should know although the connection stands. */
export interface Notices {
  set(subject: string, sentence: string): void
  clear(subject: string): void
  /** All sentences in one; empty when all is well. */
  text(): string
}

export function createNotices(): Notices {
  const sentences = new Map<string, string>()
  return {
    set: (subject, sentence) => sentences.set(subject, sentence),
    clear: (subject) => sentences.delete(subject),
    text: () => [...sentences.values()].join(' '),
  }
}
