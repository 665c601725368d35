// Runs a script of this project under Node 24, whatever Node started it: the platform's Node comes as an optional
// npm package without install scripts. `--install` (or `--install-all`, with the tools of a developer) first makes
// node_modules agree with package-lock.json, and does nothing when it already does.
// Fails: with npm's own exit code when the installation fails; else with the script's.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

export function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const places = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  for (const place of places) {
    const found = join(root, 'node_modules', place, 'bin', 'node')
    if (existsSync(found)) return found
  }
  process.stderr.write(
    `ticketgate needs Node 24; this is ${process.version} on ${process.platform}-${process.arch}, for which npm brings none. ` +
      'Install Node 24 or newer (https://nodejs.org) and try again.\n',
  )
  process.exit(78)
}

function install(all) {
  const stampFile = join(root, 'node_modules', '.ticketgate-installed')
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
  const stamp = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : ''
  if (stamp === `${lock} all` || (!all && stamp === `${lock} program`)) return
  process.stderr.write('Installing what Ticketgate needs (once) …\n')
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...(all ? [] : ['--omit=dev'])]
  const npm = process.env.npm_execpath
  const done = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (done.status !== 0) process.exit(done.status ?? 1)
  writeFileSync(stampFile, `${lock} ${all ? 'all' : 'program'}`)
}

export function runUnderNode24(args) {
  const child = spawn(findNode24(), args, { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`cannot start Node 24: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2)
  if (args[0] === '--install' || args[0] === '--install-all') install(args.shift() === '--install-all')
  runUnderNode24(args)
}
