/** `ticketgate letters preview [FOLDER]`: renders every letter with sample data to files, to be looked at. */
import { resolve } from 'node:path'
import { lettersOf } from '../desk.ts'
import { previewLetters } from '../letters/preview.ts'
import { CONFIG_OPTION, type Command, EXIT, UsageError } from './command.ts'
import { asExitError } from './exit-error.ts'
import { asConfigProblem, loadSettings } from './settings.ts'

export const lettersPreview: Command = {
  name: 'letters preview',
  summary: 'render every letter with sample data to files',
  usage: '[FOLDER]',
  details: `Uses your own templates, words and colours when the configuration names them. FOLDER is made when it is not
there (default: letters-preview); open its index.html in a browser.`,
  options: CONFIG_OPTION,
  run: async (call, io) => {
    const [word = 'letters-preview', ...more] = call.words
    if (more.length > 0) throw new UsageError('one FOLDER only')
    const letters = asConfigProblem(() => lettersOf(loadSettings(call, io)))
    const folder = resolve(io.cwd, word)
    const files = written(() => previewLetters(letters, folder))
    io.out(`${files.length} files in ${folder}; open ${resolve(folder, 'index.html')}\n`)
    return EXIT.ok
  },
}

function written<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asExitError(error)
  }
}
