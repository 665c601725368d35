/** A second process on one database, for `open.test.ts`: `count-up.ts URL TIMES` says `ready`, then counts a setting up. */
import { once } from 'node:events'
import process from 'node:process'
import { openStore } from '../../src/store/open.ts'
import { readSetting, writeSetting } from '../../src/store/setting.ts'

const [, , url = '', times = ''] = process.argv
const store = await openStore(url)
process.stdout.write('ready\n')
await once(process.stdin, 'data')
process.stdin.pause()
for (let i = 0; i < Number(times); i++) {
  await store.transact(async (tx) => {
    const count = Number(await readSetting(tx, 'count'))
    await writeSetting(tx, 'count', String(count + 1))
  })
}
await store.close()
