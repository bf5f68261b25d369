import { storeConformance } from './conformance.ts'
import { sqliteDriver } from './support/sqlite.ts'

storeConformance('SQLite', sqliteDriver)
