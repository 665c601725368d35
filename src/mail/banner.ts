/**
 * Lines that systems add at the top: "[EXTERNAL]", "CAUTION: this mail came from outside", "reply above this line".
 * Fails: never. Source: the banners of Microsoft 365, Google Workspace, Proofpoint, Mimecast; Zendesk's marker.
 */
import { cleanLine, isBlank, quoteDepth, stripQuoteMarks } from './quoted-line.ts'
import { REPLY_ABOVE } from './signature-table.ts'

const MAX_BANNER_LINES = 8
const MAX_LINES_LOOKED_AT = 12

// A tag alone on the line, or in front of nothing but the word "mail".
const TAG =
  /^[\W_]*(?:external|extern|externe|externer|esterno|externo|ext)(?: (?:e-?mail|sender|message|absender|nachricht|mail|source))?[\W_]*$/i
const WARNING =
  /^[\W_]*(?:external e?-?mail|caution|warning|attention|achtung|vorsicht|warnung|hinweis|atención|precaución|attenzione|atenção|cuidado|let op|waarschuwing|advarsel|varning|uwaga|security notice|be careful|think before|exercise caution|this (?:e-?mail|message)|diese (?:e-?mail|nachricht)|ce (?:message|courriel)|este (?:mensaje|correo|e-?mail)|esta mensagem|questa (?:e-?mail)|deze (?:e-?mail)|you don['’]t often get|some people who received|sie erhalten nicht (?:oft|häufig)|vous n['’]obtenez pas souvent|no suele recibir|zix|external)/i
const OUTSIDE =
  /outside (?:of )?(?:the|your|our|this)? ?\w{0,20} ?(?:organi[sz]ation|company|network|firm|domain)|from (?:an )?(?:external|outside)|external (?:e-?mail|sender|source|address)|außerhalb|ausserhalb|externen? (?:absender|quelle|e-?mail|mail)|extérieur|expéditeur externe|remitente externo|externo a|fuera de (?:la|su|nuestra)|esterno|esterna|fora da|buiten de|don['’]t often get e?-?mail|who received this message don['’]t often|nicht (?:oft|häufig) e-?mails? von|pas souvent d['’]e-mails?|no suele recibir|udefra|utanför|utenfor|spoza organizacji|do not click (?:on )?(?:any )?links/i

/** Counts the lines of the banner at the top of a mail: 0 when there is none. */
export function bannerEnd(lines: readonly string[]): number {
  let end = 0
  for (let index = 0; index < Math.min(lines.length, MAX_LINES_LOOKED_AT); index += 1) {
    const line = cleanLine(lines[index] ?? '')
    if (line.startsWith('-----BEGIN PGP SIGNED MESSAGE')) {
      end = cleanLine(lines[index + 1] ?? '').startsWith('Hash:') ? index + 2 : index + 1
      index = end - 1
      continue
    }
    if (line === '' || (/^[-_=*\s]+$/.test(line) && !/^--$/.test(line))) continue
    if (!isBannerAt(lines, index)) break
    end = endOfParagraph(lines, index)
    index = end - 1
  }
  return end
}

function isBannerAt(lines: readonly string[], index: number): boolean {
  const line = cleanLine(lines[index] ?? '')
  if (quoteDepth(line) > 0) return false
  if (TAG.test(line)) return true
  if (!WARNING.test(line)) return false
  const paragraph = lines.slice(index, endOfParagraph(lines, index)).map(cleanLine).join(' ')
  return paragraph.length < 900 && OUTSIDE.test(paragraph)
}

function endOfParagraph(lines: readonly string[], index: number): number {
  if (TAG.test(cleanLine(lines[index] ?? ''))) return index + 1
  let end = index + 1
  while (end < lines.length && end < index + MAX_BANNER_LINES && !isBlank(lines[end])) {
    if (isReplyMarker(lines[end] ?? '')) break
    // A label or greeting right below the banner is the mail's own text.
    if (
      /^(?:hi|hello|dear|hallo|sehr geehrte|bonjour|hola|guten)\b|^[\p{L} ]{3,30}:\s/iu.test(
        cleanLine(lines[end] ?? ''),
      )
    )
      break
    end += 1
  }
  return end
}

/** Answers whether the line asks to reply above it: "##- Please type your reply above this line -##". */
export function isReplyMarker(line: string): boolean {
  const text = cleanLine(stripQuoteMarks(line))
  if (text.length > 160) return false
  const lower = text.toLowerCase()
  if (!REPLY_ABOVE.place.some((words) => lower.includes(words))) return false
  if (!REPLY_ABOVE.deed.some((word) => lower.includes(word))) return false
  // A sentence about such a line is not one: marks around it, or nothing else in a short line.
  return /^[#\-=_*~<>[(–—+]{1,}/.test(text) || text.length < 80
}
