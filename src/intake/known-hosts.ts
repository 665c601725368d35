/**
 * Domains that belong to nobody in an escalation: public mail hosts, vendors, sites that people quote; and names by which
 * a panel, a web mailer or a one-time secret is known. Fails: never. Data, no rules.
 */
import { comparable } from './find-hosts.ts'

const THIRD_PARTIES = wordSet(`
  gmail.com googlemail.com google.com goo.gl youtube.com outlook.com hotmail.com live.com msn.com
  office.com office365.com microsoft.com microsoftonline.com windows.com bing.com yahoo.com
  ymail.com aol.com icloud.com me.com mac.com apple.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de
  t-online.de freenet.de arcor.de mail.ru yandex.ru orange.fr wanadoo.fr free.fr laposte.net sfr.fr
  libero.it tiscali.it virgilio.it telefonica.net terra.es uol.com.br bol.com.br ziggo.nl
  kpnmail.nl xs4all.nl planet.nl btinternet.com comcast.net verizon.net att.net protonmail.com
  proton.me zoho.com mozilla.org thunderbird.net mxtoolbox.com intodns.com whatsmydns.net
  spamhaus.org mail-tester.com testconnectivity.microsoft.com stackoverflow.com serverfault.com
  reddit.com superuser.com wikipedia.org github.com zendesk.com freshdesk.com whatsapp.com
  facebook.com twitter.com x.com linkedin.com instagram.com dropbox.com wetransfer.com adobe.com
  qq.com 163.com yahoo.co.jp docomo.ne.jp example.com example.org example.net amazon.com
  amazonaws.com cloudflare.com mailchimp.com godaddy.com letsencrypt.org
`)

const PANEL_LABELS = wordSet(`
  cp cpanel panel control controlpanel my admin portal console manage manager kunden kundenportal
  verwaltung panneau panel-de-control pannello painel paneel ccp dashboard backend konsole ctrl
  hosting reseller partner account login secure start desk steuerung espace cliente clientes mijn
  beheer gestione gestion
`)
const WEBMAIL_LABELS = wordSet(`
  owa webmail mail autodiscover smtp imap pop pop3 mx exchange
`)
const SECRET_LINK =
  /(?:one-?time|\bots\b|\botp\b|secret(?!ar|ion)|privnote|pwpush|password-?push|pw-?push|snappass|yopass|\bburn(?:er|note|after)?\b|burn-after|safenote|einmal|\bscrt\b|eenmalig)/iu

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/u))
}

/** Tells whether a domain is a public mail host's, a vendor's or another site that is nobody's own here. */
export function isThirdParty(domain: string): boolean {
  const labels = comparable(domain).split('.')
  return labels.some((_, at) => THIRD_PARTIES.has(labels.slice(at).join('.')))
}

/** Tells whether a URL is a panel's by its name alone: `https://cp.x.example`, `https://x.example/panel`. */
export function looksLikePanel(url: string): boolean {
  const [host = '', path = ''] = url
    .toLowerCase()
    .replace(/^https?:\/\//u, '')
    .split('/', 2)
  const first = host.split('.')[0] ?? ''
  return PANEL_LABELS.has(first) || PANEL_LABELS.has(path.split(/[?#.]/u)[0] ?? '')
}

/** Tells whether a URL is a web mailer or a mail server rather than a panel. */
export function looksLikeMailHost(url: string): boolean {
  const [host = '', path = ''] = url
    .toLowerCase()
    .replace(/^https?:\/\//u, '')
    .split('/', 2)
  return WEBMAIL_LABELS.has(host.split('.')[0] ?? '') || WEBMAIL_LABELS.has(path.split(/[?#]/u)[0] ?? '')
}

/** Tells whether a URL shows a secret once. */
export function looksLikeSecretLink(url: string): boolean {
  // The host alone shows nothing: what is shown is named by the path, the query or the fragment.
  return SECRET_LINK.test(url) && /^https?:\/\/[^/?#]+\/?[^/\s]/iu.test(url)
}
