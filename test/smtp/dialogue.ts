/**
 * Speaks SMTP to a port by a script of `C:` and `S:` lines over a real socket, and checks that each reply came once:
 *
 *   S: 220                      a reply that begins so (all lines of it count as one)
 *   C: EHLO client.example      a line, sent with CRLF; neighbours go out in one segment, which is pipelining
 *   C> a\n.\nb                  octets as they stand (\r \n \0 \xHH), no CRLF added
 *   S: (closed)                 the server closes
 *
 * Fails: throws with the whole transcript when a reply differs, when the server closes too early, or when a reply is
 * left over that no line asked for.
 */
import { connect, type Socket } from 'node:net'

export type Client = {
  readonly socket: Socket
  readonly send: (octets: string | Uint8Array) => void
  /** The next reply, its lines joined by LF; null when the server has closed. */
  readonly reply: () => Promise<string | null>
  /** Replies that nobody has asked for yet. */
  readonly unread: () => readonly string[]
  readonly closed: Promise<void>
}

const REPLY_END = /^\d{3}(?: |$)/

/** Opens a connection; `socket` may be one that stands already (TLS). */
export function openClient(port: number, socket: Socket = connect(port, '127.0.0.1')): Client {
  const replies: string[] = []
  let partial = ''
  let lines: string[] = []
  let isClosed = false
  let wake: (() => void) | null = null
  const { promise: closed, resolve: setClosed } = Promise.withResolvers<void>()
  socket.on('data', (chunk: Buffer) => {
    const parts = (partial + chunk.toString('utf8')).split('\r\n')
    partial = parts.pop() ?? ''
    for (const line of parts) {
      lines.push(line)
      if (!REPLY_END.test(line)) continue
      replies.push(lines.join('\n'))
      lines = []
    }
    wake?.()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
    setClosed()
    wake?.()
  })
  return {
    socket,
    closed,
    send: (octets) => void socket.write(typeof octets === 'string' ? Buffer.from(octets, 'latin1') : octets),
    reply: () =>
      new Promise((resolve) => {
        const look = (): void => {
          if (replies.length === 0 && !isClosed) return
          wake = null
          resolve(replies.shift() ?? null)
        }
        wake = look
        look()
      }),
    unread: () => replies,
  }
}

/** Runs a script to its end and returns every reply. The connection is closed afterwards. */
export async function runDialogue(port: number, script: string, socket?: Socket): Promise<readonly string[]> {
  const client = openClient(port, socket)
  const heard: string[] = []
  const transcript: string[] = []
  const fail = (why: string): never => {
    throw new Error(`${why}\n${transcript.join('\n')}`)
  }
  let toSend = ''
  try {
    for (const line of script.split('\n').map((one) => one.trim())) {
      if (line === '' || line.startsWith('#')) continue
      if (line.startsWith('C: ') || line === 'C:') toSend += `${unescape(line.slice(3))}\r\n`
      else if (line.startsWith('C> ')) toSend += unescape(line.slice(3))
      else if (line.startsWith('S: ')) {
        if (toSend !== '') {
          transcript.push(`C ${JSON.stringify(toSend)}`)
          client.send(toSend)
          toSend = ''
        }
        const expected = line.slice(3)
        const reply = await client.reply()
        transcript.push(`S ${reply ?? '(closed)'}`)
        if (reply !== null) heard.push(reply)
        const fits = expected === '(closed)' ? reply === null : begins(reply, expected)
        if (!fits) fail(`expected ${JSON.stringify(expected)}`)
      } else fail(`not a line of a script: ${line}`)
    }
    if (toSend !== '') fail('a script ends with S:')
    if (client.unread().length > 0) fail(`too many replies: ${client.unread().join(' | ')}`)
    return heard
  } finally {
    client.socket.destroy()
  }
}

/** Every line of a reply begins so: `250 2.1.0` fits `250 2.1.0 Accepted`, not `250 2.1.01`. */
function begins(reply: string | null, expected: string): boolean {
  if (reply === null) return false
  const last = reply.split('\n').at(-1) ?? ''
  return last === expected || last.startsWith(`${expected} `)
}

function unescape(text: string): string {
  return text.replace(/\\(?:r|n|0|\\|x([0-9a-f]{2}))/g, (whole, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return { '\\r': '\r', '\\n': '\n', '\\0': '\0', '\\\\': '\\' }[whole] ?? whole
  })
}
