/**
 * Public mail hosts: domains under which anybody has a mailbox, so that sharing one makes nobody a colleague.
 * Fails: never; a host that is not listed counts as a company's own. Extend it freely, one domain per word.
 */
const PUBLIC_MAIL_HOSTS: ReadonlySet<string> = new Set(
  (
    'gmail.com googlemail.com outlook.com outlook.de outlook.fr outlook.es hotmail.com hotmail.co.uk hotmail.de ' +
    'hotmail.fr hotmail.it hotmail.es live.com live.co.uk live.de live.fr live.nl msn.com yahoo.com yahoo.co.uk ' +
    'yahoo.de yahoo.fr yahoo.it yahoo.es yahoo.co.jp yahoo.com.br ymail.com rocketmail.com aol.com aim.com icloud.com ' +
    'me.com mac.com proton.me protonmail.com protonmail.ch pm.me gmx.com gmx.de gmx.net gmx.at gmx.ch web.de ' +
    't-online.de freenet.de posteo.de mailbox.org mail.com mail.ru inbox.ru bk.ru list.ru yandex.ru yandex.com ya.ru ' +
    'rambler.ru qq.com 163.com 126.com sina.com naver.com daum.net hanmail.net orange.fr wanadoo.fr free.fr sfr.fr ' +
    'laposte.net libero.it virgilio.it tiscali.it tin.it alice.it wp.pl o2.pl onet.pl interia.pl seznam.cz centrum.cz ' +
    'ziggo.nl kpnmail.nl planet.nl hetnet.nl xs4all.nl telenet.be skynet.be bluewin.ch comcast.net verizon.net att.net ' +
    'sbcglobal.net bellsouth.net cox.net charter.net btinternet.com sky.com virginmedia.com talktalk.net zoho.com ' +
    'zohomail.com fastmail.com fastmail.fm hey.com tutanota.com tuta.io uol.com.br bol.com.br terra.com.br rediffmail.com'
  ).split(' '),
)

/** Can anybody get a mailbox under this domain? */
export function isPublicMailHost(domain: string): boolean {
  return PUBLIC_MAIL_HOSTS.has(domain.toLowerCase())
}
