/** Turns the expected failures of opening and listening into one line and the right exit code. */
import { StoreUnavailable } from '../store/open.ts'
import { EXIT, ExitError } from './command.ts'

/** Returns an ExitError for what an operator can mend; anything else comes back as it is. */
export function asExitError(error: unknown): unknown {
  if (error instanceof StoreUnavailable) {
    const exitCode = { unreachable: EXIT.unavailable, unwritable: EXIT.cannotCreate, unfit: EXIT.config }[
      error.reason
    ]
    return new ExitError(exitCode, error.message)
  }
  if (!(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  const place = 'address' in error && 'port' in error ? `${String(error.address)}:${String(error.port)}` : ''
  if (code === 'EADDRINUSE') {
    return new ExitError(EXIT.unavailable, `cannot listen on ${place}: something else listens there already`)
  }
  if (code === 'EADDRNOTAVAIL' || (code === 'EACCES' && place !== '')) {
    return new ExitError(
      EXIT.unavailable,
      `cannot listen on ${place}: ${code === 'EACCES' ? 'not permitted' : 'no such address here'}`,
    )
  }
  if (['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'].includes(code)) {
    return new ExitError(EXIT.cannotCreate, `cannot write there: ${error.message}`)
  }
  return error
}
