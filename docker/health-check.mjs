// Asks whether the gateway greets: connects, waits for "220", says QUIT. `node health-check.mjs HOST PORT`
// Fails: exit 1 with one line when there is no connection, another greeting, or none within five seconds.
import { connect } from 'node:net'
import process from 'node:process'

/** Below the time that the container engine gives the check, so that the reason is told. */
const PATIENCE_MS = 5000
/** RFC 5321 §4.5.3.1.5: a reply line is at most 512 octets. */
const MAX_GREETING = 512

const [host = '127.0.0.1', port = '2525'] = process.argv.slice(2)
const socket = connect({ host, port: Number(port) })
let greeting = ''

/** @param {string} reason */
function fail(reason) {
  process.stderr.write(`${host}:${port} ${reason}\n`)
  process.exit(1)
}

socket.setEncoding('utf8')
socket.on('error', (error) => fail(error.message))
socket.on('close', () => fail('closed without a greeting'))
socket.on('data', (chunk) => {
  greeting += chunk
  if (!greeting.includes('\n') && greeting.length < MAX_GREETING) return
  if (!greeting.startsWith('220')) fail(`greets with ${JSON.stringify(greeting.slice(0, 80))}`)
  socket.end('QUIT\r\n', () => process.exit(0))
})
setTimeout(() => fail(`says nothing for ${PATIENCE_MS / 1000} s`), PATIENCE_MS)
