// Runs a script of this project under Node 24, whatever Node started it: the platform's Node comes as an optional
// npm package without install scripts. `--install` (or `--install-all`, with the tools of a developer) first makes
// node_modules agree with package-lock.json, and does nothing when it already does.
// Fails: with npm's own exit code when the installation fails; else with the script's.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const places = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  for (const place of places) {
    const found = join(root, 'node_modules', place, 'bin', 'node')
    if (existsSync(found)) return found
  }
  return null
}

function requireNode24() {
  const found = findNode24()
  if (found !== null) return found
  process.stderr.write(
    `ticketgate needs Node 24; this is ${process.version} on ${process.platform}-${process.arch}, for which npm brings none. ` +
      'Install Node 24 or newer (https://nodejs.org) and try again.\n',
  )
  return process.exit(78)
}

function stampOf(what) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  return `${lock} ${what}`
}

const stampFile = join(root, 'node_modules', '.ticketgate-installed')
const turnstile = join(root, '.installing')
/** An installation that takes longer than this was ended in the middle. */
const STALE_MS = 10 * 60_000

/** What is installed: 'all', 'program', or '' when it does not agree with the lock file. */
function installed() {
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  return ['all', 'program'].find((what) => stamp === stampOf(what)) ?? ''
}

/** One installation at a time: two would tear each other's folders down. */
function enterTurnstile() {
  for (;;) {
    try {
      mkdirSync(turnstile)
      return
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      const found = statSync(turnstile, { throwIfNoEntry: false })
      if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) rmdirSync(turnstile)
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
    }
  }
}

function isEnough(wanted) {
  const has = installed()
  return has === 'all' || has === wanted
}

function install(what) {
  // A developer's tools stay when the program is started.
  const wanted = existsSync(join(root, 'node_modules', 'vitest')) ? 'all' : what
  if (isEnough(wanted)) return
  enterTurnstile()
  try {
    if (isEnough(wanted)) return
    process.stderr.write('Installing what Ticketgate needs (once) …\n')
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    if (wanted === 'program') args.push('--omit=dev')
    const npm = process.env.npm_execpath
    const [command, before] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
    const done = spawnSync(command, [...before, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    if (done.status !== 0) process.exitCode = done.status ?? 1
    else writeFileSync(stampFile, stampOf(wanted))
  } finally {
    rmdirSync(turnstile)
  }
  if (process.exitCode) process.exit()
}

export function runUnderNode24(args) {
  const child = spawn(requireNode24(), args, { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // A terminal sends Ctrl+C to the program as well: this process only waits for its end.
  process.on('SIGINT', () => undefined)
  child.on('error', (error) => {
    process.stderr.write(`cannot start Node 24: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2)
  if (args[0] === '--install' || args[0] === '--install-all') {
    install(args.shift() === '--install-all' ? 'all' : 'program')
  }
  runUnderNode24(args)
}
