/** The thread of `load-apart.ts`. */
import { parentPort, workerData } from 'node:worker_threads'
import { loadConfig } from './load.ts'

parentPort!.postMessage(loadConfig(workerData as string, process.env))
