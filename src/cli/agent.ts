/** `ticketgate agent add|list|remove`: the register of agents, who answer by mail. */
import { addAgent, listAgents, removeAgent } from '../store/registers.ts'
import {
  CONFIG_OPTION,
  type Command,
  choiceOption,
  EXIT,
  ExitError,
  JSON_OPTION,
  oneWord,
  textOption,
  textOptions,
  UsageError,
} from './command.ts'
import { withDesk } from './open-desk.ts'
import { addressOption, registerProblem, zoneOption } from './partner.ts'
import { printable, printRows } from './table.ts'

export const agentAdd: Command = {
  name: 'agent add',
  summary: 'register an agent',
  usage: 'NAME',
  details: `The first --address is where notices go; mail from the others counts as this agent's as well. The role names
the queue that the agent serves: support, engineering, or lead for all of them.`,
  options: {
    ...CONFIG_OPTION,
    address: { type: 'string', value: 'ADDRESS', multiple: true, help: 'mail address of the agent' },
    role: { type: 'string', value: 'ROLE', help: 'support, engineering or lead' },
    'time-zone': { type: 'string', value: 'ZONE', help: 'such as Europe/Berlin; notices show times in it' },
  },
  run: async (call, io) => {
    const name = oneWord(call, 'NAME')
    const role = choiceOption(call, 'role', ['support', 'engineering', 'lead']) ?? 'support'
    const addresses = textOptions(call, 'address').map(addressOption)
    if (addresses.length === 0) throw new UsageError('--address is missing')
    const timeZone = zoneOption(textOption(call, 'time-zone'))
    return withDesk(call, io, async (desk) => {
      const at = { now: desk.clock(), newId: desk.applyDeps.newId, brandId: desk.config.brand.id }
      const id = await addAgent(desk.store, { name, addresses, role, timeZone }, at).catch(registerProblem)
      io.out(`registered ${printable(name)} for ${role} (${id})\n`)
      return EXIT.ok
    })
  },
}

export const agentList: Command = {
  name: 'agent list',
  summary: 'list the agents',
  usage: '',
  details: '',
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      printRows(io, await listAgents(desk.store.db), {
        json: call.options['json'] === true,
        nothing: 'no agent is registered yet; see: ticketgate agent add --help',
        columns: [
          { title: 'NAME', of: (row) => row.name ?? '' },
          { title: 'ROLE', of: (row) => row.role },
          { title: 'TIME ZONE', of: (row) => row.timeZone ?? '–' },
          { title: 'ADDRESSES', of: (row) => row.addresses.join(' ') },
        ],
      })
      return EXIT.ok
    }),
}

export const agentRemove: Command = {
  name: 'agent remove',
  summary: 'remove an agent',
  usage: 'NAME|ADDRESS|ID',
  details: 'Their mail counts as a stranger’s from then on. What they wrote stays on its tickets.',
  options: CONFIG_OPTION,
  run: (call, io) =>
    withDesk(call, io, async (desk) => {
      const word = oneWord(call, 'NAME, ADDRESS or ID')
      const at = { now: desk.clock(), newId: desk.applyDeps.newId, brandId: desk.config.brand.id }
      if (!(await removeAgent(desk.store, word, at))) {
        throw new ExitError(EXIT.fault, `there is no agent "${printable(word)}"`)
      }
      io.out('removed\n')
      return EXIT.ok
    }),
}
