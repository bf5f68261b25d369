import { checkRows } from '../rows.ts'

checkRows(import.meta.dirname, 86)
