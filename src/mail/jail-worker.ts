/**
 * The inside of the jail: a worker thread that parses one mail at a time and answers with plain data.
 * Fails: never by itself; whoever started it ends it when it takes too long or too much memory.
 */
import { parentPort } from 'node:worker_threads'
import type { JailAnswer, JailQuestion } from './jail.ts'
import { parseMail, readHeaderOnly } from './parse.ts'
import { repairContent } from './repair.ts'

const port = parentPort
if (port === null) throw new Error('jail-worker.ts runs only as a worker thread')

port.on('message', (question: JailQuestion) => {
  void answer(question).then((reply) => port.postMessage(reply))
})

async function answer({ content, reversePath, headerOnly }: JailQuestion): Promise<JailAnswer> {
  try {
    if (headerOnly !== null) return { read: readHeaderOnly(repairContent(content), headerOnly) }
    return { read: await parseMail(content, { reversePath }) }
  } catch (cause) {
    return { fault: cause instanceof Error ? cause.message : 'unknown fault' }
  }
}
