#!/usr/bin/env node
// The `ticketgate` command: starts the program under Node 24, whatever Node found this file.
import { fileURLToPath } from 'node:url'
import { runUnderNode24 } from './with-node24.mjs'

runUnderNode24([fileURLToPath(new URL('../src/main.ts', import.meta.url)), ...process.argv.slice(2)])
