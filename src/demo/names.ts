import type { Locale } from '../domain/card-text.ts'
import { BREAKERS } from './cast.ts'

/** What people, breakers, their circuits, groups, sites and the team are called in English. */
const ENGLISH: Readonly<Record<string, string>> = {
  电工甲: 'Jia (electrician)',
  电工乙: 'Yi (electrician)',
  场长: 'Farm manager',
  访客: 'Guest',
  路人: 'Passer-by',
  '3号增氧机': 'Aerator 3',
  '1号增氧机': 'Aerator 1',
  投饵机: 'Feeder',
  双泵箱: 'Twin pumps',
  左泵: 'Left pump',
  右泵: 'Right pump',
  卷帘机: 'Curtain winch',
  一号鱼塘: 'Fish pond 1',
  二号大棚: 'Greenhouse 2',
  增氧: 'Aerators',
  水泵: 'Pumps',
  值班群: 'Night shift',
}

/** The same with each of these names as it is called in that language; whatever is said about them stays. */
export function named<T>(value: T, locale: Locale): T {
  return locale === 'en' ? (inEnglish(value) as T) : value
}

function inEnglish(value: unknown): unknown {
  if (typeof value === 'string') return Object.hasOwn(ENGLISH, value) ? ENGLISH[value] : value
  if (Array.isArray(value)) return value.map(inEnglish)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inEnglish(one)]))
}

/** The site of that name, in either language. */
export const siteNamed = (name: string): string | undefined =>
  BREAKERS.find(({ site }) => site === name || ENGLISH[site] === name)?.site
