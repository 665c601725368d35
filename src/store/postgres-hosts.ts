/**
 * Several hosts in one `postgres:` URL: a connection goes to the first that answers. The driver knows such URLs too, but
 * when no host answers it tries them for ever, without a pause and without an error.
 * Fails: a socket that breaks at once with the last host's error, which the driver tells whoever asked.
 */
import { connect, Socket } from 'node:net'

export type Host = { readonly host: string; readonly port: number }

const DEFAULT_PORT = 5432

/** Reads the hosts of a URL, without user and password: `postgres://u:p@a:1,b/name` gives a:1 and b:5432. */
export function hostsOf(url: string): readonly Host[] {
  const rest = /^[a-z]+:\/\/(.*)$/is.exec(url)?.[1] ?? ''
  const authority = rest.split(/[/?]/)[0] ?? ''
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .split(',')
    .filter((one) => one !== '')
    .map((one) => {
      const [, host = one, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(one) ?? []
      return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port ?? DEFAULT_PORT) }
    })
}

/** Returns a socket to the first host that answers within `timeoutMs`. Never rejects. */
export async function connectToFirst(hosts: readonly Host[], timeoutMs: number): Promise<Socket> {
  let last: unknown = new Error('no host is named')
  for (const host of hosts) {
    try {
      return await connectTo(host, timeoutMs)
    } catch (error) {
      last = error
    }
  }
  const broken = new Socket()
  // The driver must be listening by then; a rejection would leave its connection unused for ever.
  setImmediate(() => broken.destroy(last instanceof Error ? last : new Error(String(last))))
  return broken
}

function connectTo({ host, port }: Host, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    // The driver names its TLS peer by these.
    const socket = Object.assign(connect({ host, port }), { host, port })
    const timer = setTimeout(
      () => socket.destroy(new Error(`${host}:${port} did not answer in time`)),
      timeoutMs,
    )
    const done = (): void => {
      clearTimeout(timer)
      socket.removeListener('error', failed)
      resolve(socket)
    }
    const failed = (error: Error): void => {
      clearTimeout(timer)
      reject(error)
    }
    socket.once('connect', done)
    socket.once('error', failed)
  })
}
