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

const reply = (answer: JailAnswer): void => port.postMessage(answer, [])

port.on('message', (question: JailQuestion) => {
  void answerQuestion(question).then(reply)
})
reply({ kind: 'ready' })

async function answerQuestion({ content, reversePath, headerOnly }: JailQuestion): Promise<JailAnswer> {
  try {
    const read =
      headerOnly === null
        ? await parseMail(content, { reversePath })
        : readHeaderOnly(repairContent(content), headerOnly)
    return { kind: 'read', read }
  } catch (cause) {
    return { kind: 'broken', reason: cause instanceof Error ? cause.message.slice(0, 200) : 'unknown fault' }
  }
}
