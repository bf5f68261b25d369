import { defineProfile, type ProductProfile } from './profile.ts'

/** For products that we do not know: takes whatever circuits their pushes name. */
export const GENERIC = defineProfile({ model: 'generic', circuits: ['power'], anyCircuit: true })

const PROFILES: readonly ProductProfile[] = [
  // Documented by name; «-P» as «metered» is inferred, and which definition page is theirs is not known.
  defineProfile({ model: 'UNI-DLQ-M-60A-P', circuits: ['power'] }),
  defineProfile({ model: 'UNI-DLQ-M-60A', circuits: ['power'], metered: false }),
  defineProfile({ model: 'generic-1', circuits: ['power'] }),
  defineProfile({ model: 'generic-2', circuits: ['power1', 'power2'] }),
]

/** The models that {@link profileFor} knows. */
export function knownModels(): string[] {
  return PROFILES.map((profile) => profile.model)
}

/** The profile of a model, in any case; {@link GENERIC} for one that is not known or not given. */
export function profileFor(model: string | undefined): ProductProfile {
  const wanted = model?.trim().toUpperCase()
  return PROFILES.find((profile) => profile.model.toUpperCase() === wanted) ?? GENERIC
}
