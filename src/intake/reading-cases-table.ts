/**
 * Partner mails and what a fair human reads in them: many languages, layouts and manners. Test data, one row per mail.
 */
import type { Mail } from '../mail/mail.ts'
import type { Credentials, ReadingHints } from './reading.ts'

export type ReadingCase = {
  readonly name: string
  readonly text: string
  readonly parts?: Partial<Mail>
  readonly hints?: Partial<ReadingHints>
  readonly missing: readonly string[]
  /** A pattern for texts, the value for the rest. */
  readonly fields?: Readonly<Record<string, string | null | RegExp | Credentials>>
}

const SIX = [
  'partner_domain',
  'control_panel_url',
  'customer_domain',
  'credentials',
  'details',
  'steps_taken',
]
const HEAD = 'Partner Domain: northwind-it.example\nControl Panel URL: https://cp.northwind-it.example\n'

export const CASES: readonly ReadingCase[] = [
  {
    name: 'reads labels in capitals with typing slips and odd blanks',
    text: 'PARTNER DOMIAN : northwind-it.example\nCONTROL PANNEL URL\u00a0: https://cp.northwind-it.example\nCUSTOMER DOMAIN NAM: bakery-lane.example\nUSER CREDENTAILS: oven@bakery-lane.example / Rye+Bread9\nDETAILS OF THE ISUE: calendar invitations arrive twice\nSTEPS TAKEN TO REPLICATE AND RESLOVE: invited ourselves, also twice',
    missing: [],
    fields: {
      customer_domain: 'bakery-lane.example',
      credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' },
    },
  },
  {
    name: 'reads numbered labels with values on the line below',
    text: '1. Partner Domain\nnorthwind-it.example\n2. Control Panel URL\nhttps://northwind-it.example/cp\n3. Customer Domain Name\nbakery-lane.example\n4. User Credentials\noven@bakery-lane.example\nRye+Bread9\n5. Details of the Issue\nThe address book is empty.\n6. Steps taken to replicate and resolve\nOpened it in OWA and in Outlook, empty in both.',
    missing: [],
    fields: { control_panel_url: 'https://northwind-it.example/cp', details: 'The address book is empty.' },
  },
  {
    name: 'reads Markdown headings and bold labels',
    text: '**Partner Domain**: northwind-it.example\n**Control Panel URL**: <https://cp.northwind-it.example>\n**Customer Domain Name**: `bakery-lane.example`\n**User Credentials**: oven@bakery-lane.example / Rye+Bread9\n\n## Details of the Issue\nPrinting from OWA gives blank pages.\n\n## Steps taken\n- tried Chrome and Edge\n- cleared the cache',
    missing: [],
    fields: {
      control_panel_url: 'https://cp.northwind-it.example',
      steps_taken: /Chrome and Edge[\s\S]*cleared the cache/,
    },
  },
  {
    name: 'reads labels separated by dashes and equals signs',
    text: 'Partner domain = northwind-it.example\nPanel URL = cp.northwind-it.example/login\nClient domain - bakery-lane.example\nUsername = oven@bakery-lane.example\nPassword = a=b=c;d:e\nIssue - attachments over 5 MB never arrive\nSteps taken - sent 4 MB and 6 MB from two clients, only the small one arrives',
    missing: [],
    fields: {
      control_panel_url: 'cp.northwind-it.example/login',
      credentials: { username: 'oven@bakery-lane.example', password: 'a=b=c;d:e' },
    },
  },
  {
    name: 'reads several labels on one line separated by bars',
    text: 'Partner: northwind-it.example | Panel: https://cp.northwind-it.example | Customer: bakery-lane.example | User: oven@bakery-lane.example | Password: Rye+Bread9\nIssue: no mail since 9 am. Steps taken: checked the MX record, sent test mails from Gmail.',
    missing: [],
    fields: {
      customer_domain: 'bakery-lane.example',
      credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' },
      details: /^no mail since 9 am/,
    },
  },
  {
    name: 'reads a complete request in prose',
    text: 'Hello team,\n\nthis is northwind-it.example, our control panel is at https://cp.northwind-it.example. Our client bakery-lane.example cannot open shared calendars any more since the weekend: Outlook says "folder not found".\n\nYou can log in as oven@bakery-lane.example with the password Rye+Bread9. We recreated the Outlook profile and tested with a second user, the result is the same.\n\nRegards\nRobin',
    missing: [],
    fields: {
      partner_domain: 'northwind-it.example',
      customer_domain: 'bakery-lane.example',
      credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' },
      details: /cannot open shared calendars/,
      steps_taken: /recreated the Outlook profile/,
    },
  },
  {
    name: 'never takes the sender address for the partner domain',
    text: 'Hi,\n\nbakery-lane.example has no mail since this morning.\n\nRobin',
    missing: ['partner_domain', 'control_panel_url', 'credentials', 'steps_taken'],
    fields: {
      partner_domain: null,
      customer_domain: 'bakery-lane.example',
      details: /no mail since this morning/,
    },
  },
  { name: 'finds everything missing in an empty mail', text: '', missing: SIX },
  { name: 'finds everything missing in thanks alone', text: 'Thanks a lot!\nRobin', missing: SIX },
  {
    name: 'takes promises for no answers',
    text: `${HEAD}Customer Domain Name: will follow\nUser Credentials: ask the customer please\nDetails of the Issue: see below\nSteps taken to replicate and resolve: TBD`,
    missing: ['customer_domain', 'credentials', 'details', 'steps_taken'],
  },
  {
    name: 'takes a template with untouched brackets for empty',
    text: 'Partner Domain: [your domain]\nControl Panel URL: {{panel}}\nCustomer Domain Name: <customer domain>\nUser Credentials: %CREDENTIALS%\nDetails of the Issue: ____\nSteps taken to replicate and resolve: ...',
    missing: SIX,
  },
  {
    name: 'takes ticked boxes without values for no answers',
    text: '[x] Partner Domain\n[x] Control Panel URL\n[x] Customer Domain Name\n[x] User Credentials\n[x] Details of the Issue\n[x] Steps taken to replicate and resolve',
    missing: SIX,
  },
  {
    name: 'keeps a user name whose password is promised',
    text: `${HEAD}Customer Domain Name: bakery-lane.example\nUser Credentials: oven@bakery-lane.example / will be sent by SMS\nDetails of the Issue: sent items are not saved\nSteps taken: tested in OWA, same`,
    missing: ['credentials'],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: null } },
  },
  {
    name: 'takes a one-time link for the password',
    text: `${HEAD}Customer Domain Name: bakery-lane.example\nUser Credentials: oven@bakery-lane.example, password: https://onetimesecret.example/secret/a1b2c3\nDetails of the Issue: sent items are not saved\nSteps taken: tested in OWA, same`,
    missing: [],
    fields: {
      credentials: {
        username: 'oven@bakery-lane.example',
        password: 'https://onetimesecret.example/secret/a1b2c3',
      },
    },
  },
  {
    name: 'says that nothing was tried is no step',
    text: `${HEAD}Customer Domain Name: bakery-lane.example\nUser Credentials: oven@bakery-lane.example / Rye+Bread9\nDetails of the Issue: sent items are not saved\nSteps taken: We have not tried anything yet.`,
    missing: ['steps_taken'],
  },
  {
    name: 'keeps blanks and signs in a password',
    text: `${HEAD}Customer Domain Name: bakery-lane.example\nUsername: oven@bakery-lane.example\nPassword: two words: <a> & 'b' = c\nDetails of the Issue: sent items are not saved\nSteps taken: tested in OWA, same`,
    missing: [],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: "two words: <a> & 'b' = c" } },
  },
  {
    name: 'reads credentials in parentheses after the user',
    text: `${HEAD}Customer: bakery-lane.example\nAccess: oven@bakery-lane.example (Rye+Bread9)\nProblem: sent items are not saved\nTested: OWA and Outlook, same`,
    missing: [],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' } },
  },
  {
    name: 'reads a user name that is no address',
    text: `${HEAD}Customer: bakery-lane.example\nLogin: BAKERY\\oven\nPW: Rye+Bread9\nProblem: sent items are not saved\nTested: OWA and Outlook, same`,
    missing: [],
    fields: { credentials: { username: 'BAKERY\\oven', password: 'Rye+Bread9' } },
  },
  {
    name: 'finds steps inside the details',
    text: `${HEAD}Customer Domain Name: bakery-lane.example\nUser Credentials: oven@bakery-lane.example / Rye+Bread9\nDetails of the Issue: Out of office replies are not sent. We switched the reply off and on in OWA and tested from two outside addresses.`,
    missing: [],
    fields: { steps_taken: /switched the reply off and on/ },
  },
  {
    name: 'reads German labels and prose',
    text: 'Hallo zusammen,\n\nPartner-Domain: northwind-it.example\nControl-Panel-URL: https://cp.northwind-it.example\nKunde: bäckerei-süd.example\nZugangsdaten: ofen@bäckerei-süd.example / Rogen&Brot9\nProblembeschreibung: Kalendereinladungen kommen doppelt an.\nBisher unternommen: Profil neu angelegt, in OWA getestet, keine Änderung.\n\nViele Grüße\nRobin',
    missing: [],
    fields: { customer_domain: 'bäckerei-süd.example', details: 'Kalendereinladungen kommen doppelt an.' },
  },
  {
    name: 'reads German prose without labels',
    text: 'Guten Tag,\n\nwir sind der Partner northwind-it.example, unser Panel liegt unter https://cp.northwind-it.example. Beim Kunden bakery-lane.example kommen seit gestern keine Mails mehr an. Benutzer oven@bakery-lane.example, Passwort Rye+Bread9. Wir haben den MX-Eintrag geprüft und Testmails von GMX geschickt, ohne Erfolg.\n\nMit freundlichen Grüßen\nRobin',
    missing: [],
    fields: {
      partner_domain: 'northwind-it.example',
      customer_domain: 'bakery-lane.example',
      details: /keine Mails mehr an/,
      steps_taken: /MX-Eintrag geprüft/,
    },
  },
  {
    name: 'reads French labels',
    text: 'Bonjour,\n\nDomaine partenaire : northwind-it.example\nPanneau de contrôle : https://cp.northwind-it.example\nDomaine du client : boulangerie.example\nIdentifiants : four@boulangerie.example / Pain&Beurre7\nProblème : les messages partent deux fois\nActions effectuées : testé sur deux postes, profil recréé, sans succès\n\nCordialement\nRobin',
    missing: [],
    fields: {
      customer_domain: 'boulangerie.example',
      credentials: { username: 'four@boulangerie.example', password: 'Pain&Beurre7' },
      details: 'les messages partent deux fois',
    },
  },
  {
    name: 'takes French promises for no answers',
    text: 'Domaine partenaire : northwind-it.example\nURL du panneau : à venir\nClient : boulangerie.example\nIdentifiant : four@boulangerie.example\nMot de passe : voir avec le client\nProblème : les messages partent deux fois\nÉtapes : aucune pour le moment',
    missing: ['control_panel_url', 'credentials', 'steps_taken'],
  },
  {
    name: 'reads Spanish labels and a password on its own line',
    text: 'Hola:\n\nDominio del partner: northwind-it.example\nURL del panel: https://cp.northwind-it.example\nDominio del cliente: panaderia.example\nUsuario: horno@panaderia.example\nContraseña: Pan&Vino7\nIncidencia: no llegan los correos desde ayer\nPruebas realizadas: enviado desde Gmail y desde OWA, nada llega\n\nSaludos\nRobin',
    missing: [],
    fields: { credentials: { username: 'horno@panaderia.example', password: 'Pan&Vino7' } },
  },
  {
    name: 'reads Portuguese labels',
    text: 'Olá,\n\nDomínio do parceiro: northwind-it.example\nPainel de controle: https://cp.northwind-it.example\nDomínio do cliente: padaria.example\nUsuário: forno@padaria.example\nSenha: Pao#Queijo7\nProblema: os e-mails não chegam\nJá tentado: reiniciamos o Outlook e testamos no webmail, sem sucesso\n\nObrigado\nRobin',
    missing: [],
    fields: { credentials: { username: 'forno@padaria.example', password: 'Pao#Queijo7' } },
  },
  {
    name: 'reads Italian labels',
    text: 'Buongiorno,\n\nDominio partner: northwind-it.example\nPannello di controllo: https://cp.northwind-it.example\nDominio cliente: panificio.example\nCredenziali: forno@panificio.example / Pane+Olio7\nProblema: la rubrica è vuota\nPassi eseguiti: profilo ricreato, provato da webmail, stesso risultato\n\nCordiali saluti\nRobin',
    missing: [],
    fields: { details: 'la rubrica è vuota' },
  },
  {
    name: 'reads Dutch labels',
    text: 'Beste,\n\nPartnerdomein: northwind-it.example\nControlepaneel: https://cp.northwind-it.example\nKlantdomein: bakkerij.example\nInloggegevens: oven@bakkerij.example / Brood&Kaas7\nProbleem: agenda-uitnodigingen komen dubbel aan\nOndernomen stappen: profiel opnieuw aangemaakt, getest in OWA, geen verschil\n\nMet vriendelijke groet\nRobin',
    missing: [],
    fields: { credentials: { username: 'oven@bakkerij.example', password: 'Brood&Kaas7' } },
  },
  {
    name: 'reads Japanese labels with full-width colons',
    text: 'お世話になっております。\n\nパートナードメイン：northwind-it.example\nコントロールパネル URL：https://cp.northwind-it.example\n顧客ドメイン：panya.example\nユーザー名：kama@panya.example\nパスワード：Pan-to-Gohan7\n問題の詳細：昨日からメールが届きません。\n実施した手順：OutlookとOWAで確認しましたが、同じ症状です。\n\nよろしくお願いいたします。',
    missing: [],
    fields: {
      customer_domain: 'panya.example',
      credentials: { username: 'kama@panya.example', password: 'Pan-to-Gohan7' },
    },
  },
  {
    name: 'takes Japanese promises for no answers',
    text: 'パートナードメイン：northwind-it.example\nコントロールパネルURL：後日連絡します\n顧客ドメイン：panya.example\nユーザー認証情報：お客様に確認中\n問題の詳細：メールが届きません\n実施した手順：未実施',
    missing: ['control_panel_url', 'credentials', 'steps_taken'],
  },
  {
    name: 'reads a table of labels and values',
    text: 'Please see our form:\n\nPartner Domain\tnorthwind-it.example\nPanel\thttps://cp.northwind-it.example\nCustomer\tbakery-lane.example\nUser\toven@bakery-lane.example\nPassword\tRye+Bread9\nIssue\tsent items are not saved\nSteps\ttested in OWA, same',
    parts: {
      tableRows: [
        ['Partner Domain', 'northwind-it.example'],
        ['Panel', 'https://cp.northwind-it.example'],
        ['Customer', 'bakery-lane.example'],
        ['User', 'oven@bakery-lane.example'],
        ['Password', 'Rye+Bread9'],
        ['Issue', 'sent items are not saved'],
        ['Steps', 'tested in OWA, same'],
      ],
    },
    missing: [],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' } },
  },
  {
    name: 'reads a table with a row of headings',
    text: 'Partner Domain Control Panel URL Customer\nnorthwind-it.example https://cp.northwind-it.example bakery-lane.example',
    parts: {
      tableRows: [
        ['Partner Domain', 'Control Panel URL', 'Customer'],
        ['northwind-it.example', 'https://cp.northwind-it.example', 'bakery-lane.example'],
      ],
    },
    missing: ['credentials', 'details', 'steps_taken'],
    fields: { partner_domain: 'northwind-it.example', customer_domain: 'bakery-lane.example' },
  },
  {
    name: 'reads answers typed below the quoted labels',
    text: '> Customer Domain Name:\nbakery-lane.example\n> User Credentials:\n\noven@bakery-lane.example / Rye+Bread9\n> Steps taken to replicate and resolve:\nsame on our own PC, cache cleared',
    parts: {
      newText:
        'bakery-lane.example\n\noven@bakery-lane.example / Rye+Bread9\nsame on our own PC, cache cleared',
      quotedText: '> Customer Domain Name:\n> User Credentials:\n> Steps taken to replicate and resolve:',
      inReplyTo: ['c@mailhub.example'],
    },
    missing: ['partner_domain', 'control_panel_url', 'details'],
    fields: { customer_domain: 'bakery-lane.example', steps_taken: /cache cleared/ },
  },
  {
    name: 'takes a bare password when the thread asks for it',
    text: 'oven@bakery-lane.example\nRye+Bread9',
    hints: { missing: ['credentials'] },
    missing: ['partner_domain', 'control_panel_url', 'customer_domain', 'details', 'steps_taken'],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' } },
  },
  {
    name: 'takes a bare URL when the thread asks for it',
    text: 'Hi,\nhttps://cp.northwind-it.example\nRegards\nRobin',
    hints: { missing: ['control_panel_url'] },
    missing: ['partner_domain', 'customer_domain', 'credentials', 'details', 'steps_taken'],
    fields: { control_panel_url: 'https://cp.northwind-it.example' },
  },
  {
    name: 'takes bare steps when the thread asks for them',
    text: 'Outlook 2019 and OWA on two machines, both show it.',
    hints: { missing: ['steps_taken'] },
    missing: ['partner_domain', 'control_panel_url', 'customer_domain', 'credentials', 'details'],
    fields: { steps_taken: /both show it/ },
  },
  {
    name: 'sorts bare values by their shape when several are asked for',
    text: 'https://cp.northwind-it.example\noven@bakery-lane.example / Rye+Bread9',
    hints: { missing: ['control_panel_url', 'credentials'] },
    missing: ['partner_domain', 'customer_domain', 'details', 'steps_taken'],
    fields: {
      control_panel_url: 'https://cp.northwind-it.example',
      credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' },
    },
  },
  {
    name: 'reads labels in a text attachment',
    text: `${HEAD}The rest is in the attached file.`,
    parts: {
      attachments: [
        {
          fileName: 'form.txt',
          contentType: 'text/plain',
          size: 200,
          inline: false,
          sha256: '00',
          text: 'Customer: bakery-lane.example\nLogin: oven@bakery-lane.example / Rye+Bread9\nProblem: sent items are not saved\nSteps: tested in OWA, same',
        },
      ],
    },
    missing: [],
    fields: { details: 'sent items are not saved' },
  },
  {
    name: 'takes the customer domain from the subject',
    text: `${HEAD}User Credentials: oven@bakery-lane.example / Rye+Bread9\nDetails of the Issue: sent items are not saved\nSteps taken: tested in OWA, same`,
    parts: { subject: 'Customer bakery-lane.example: sent items' },
    missing: [],
    fields: { customer_domain: 'bakery-lane.example' },
  },
  {
    name: 'takes a forwarded mail for the details',
    text: `${HEAD}Customer: bakery-lane.example\n\nFrom: Oven <oven@bakery-lane.example>\nSubject: help\n\nMy sent items are empty since Monday.`,
    parts: {
      newText: `${HEAD}Customer: bakery-lane.example`,
      forwarded: {
        from: { displayName: 'Oven', address: 'oven@bakery-lane.example' },
        subject: 'help',
        date: null,
        messageId: null,
        text: 'My sent items are empty since Monday.',
      },
    },
    missing: ['credentials', 'steps_taken'],
    fields: { details: /sent items are empty/ },
  },
  {
    name: 'keeps checks inside the steps',
    text: `${HEAD}Customer: bakery-lane.example\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: sent items are not saved\nSteps taken:\n- DNS: MX and SPF are fine\n- OWA: same error\n- Outlook 2021: new profile, same error`,
    missing: [],
    fields: { steps_taken: /OWA: same error[\s\S]*new profile/ },
  },
  {
    name: 'ends the steps at the three R labels of a form',
    text: `${HEAD}Customer: bakery-lane.example\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: sent items are not saved\nSteps taken: n/a\nOS: Windows 11\nMail client: Outlook 2021`,
    missing: ['steps_taken'],
    fields: { os: 'Windows 11', mail_client: 'Outlook 2021' },
  },
  {
    name: 'keeps an error line inside the details',
    text: `${HEAD}Customer: bakery-lane.example\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: Outlook shows a message on start.\nError: 0x8004010F\nTime: about 10:15\nSteps taken: repaired the data file`,
    missing: [],
    fields: { details: /0x8004010F[\s\S]*10:15/ },
  },
  {
    name: 'does not take a public mail host for the customer',
    text: 'Mails from gmail.com and outlook.com are rejected for our customer bakery-lane.example.',
    missing: ['partner_domain', 'control_panel_url', 'credentials', 'steps_taken'],
    fields: { customer_domain: 'bakery-lane.example' },
  },
  {
    name: 'does not take a file name for a domain',
    text: 'The customer cannot open report.zip or winmail.dat, see error.log.',
    missing: ['partner_domain', 'control_panel_url', 'customer_domain', 'credentials', 'steps_taken'],
  },
  {
    name: 'does not take a talk about passwords for one',
    text: 'Our customer bakery-lane.example cannot reset a password. The password is not accepted, the password prompt comes back.',
    missing: ['partner_domain', 'control_panel_url', 'credentials', 'steps_taken'],
    fields: { credentials: null },
  },
  {
    name: 'reads labels as questions',
    text: 'What is your partner domain? northwind-it.example\nWhat is your Control Panel URL? https://cp.northwind-it.example\nWhich customer domain is affected? bakery-lane.example\nUser and password? oven@bakery-lane.example / Rye+Bread9\nWhat is the problem? sent items are not saved\nWhat have you tried? tested in OWA, same',
    missing: [],
  },
  {
    name: 'reads two forms of a customer as several customers but one submission',
    text: `${HEAD}Customer: bakery-lane.example\nCustomer: butcher-row.example\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: sent items are not saved\nSteps: tested in OWA, same`,
    missing: [],
    fields: { customer_domain: 'bakery-lane.example' },
  },
  {
    name: 'leaves the signature out of a text',
    text: `${HEAD}Customer: bakery-lane.example\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: sent items are not saved\nSteps: tested in OWA, same\n\nBest regards,\nRobin Sender\nNorthwind IT\nPhone: 555 0100`,
    missing: [],
    fields: { steps_taken: 'tested in OWA, same' },
  },
  {
    name: 'masks a password repeated in the steps',
    text: `${HEAD}Customer: bakery-lane.example\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: sent items are not saved\nSteps: logged in with Rye+Bread9 in OWA, same`,
    missing: [],
    fields: { steps_taken: 'logged in with •••••••• in OWA, same' },
  },
  {
    name: 'reads a panel that is only named by its word',
    text: 'We (northwind-it.example) manage bakery-lane.example at https://northwind-it.example/panel. Since noon every mail to the domain bounces with 550.',
    missing: ['credentials', 'steps_taken'],
    fields: {
      control_panel_url: 'https://northwind-it.example/panel',
      customer_domain: 'bakery-lane.example',
      partner_domain: 'northwind-it.example',
    },
  },
  {
    name: 'reads a hurried mail from a phone',
    text: 'partner northwind-it.example cp https://cp.northwind-it.example client bakery-lane.example oven@bakery-lane.example / Rye+Bread9 cant send since 10, tried owa n outlook same\n\nSent from my iPhone',
    missing: [],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' } },
  },
  {
    name: 'reads an idle form with values after dots',
    text: 'Partner Domain ......: northwind-it.example\nControl Panel URL ...: https://cp.northwind-it.example\nCustomer Domain .....: bakery-lane.example\nUsername ............: oven@bakery-lane.example\nPassword ............: Rye+Bread9\nProblem .............: sent items are not saved\nTried ...............: OWA, same',
    missing: [],
  },
  {
    name: 'reads a customer written as a site',
    text: `${HEAD}Customer Domain Name: https://www.bakery-lane.example/\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: sent items are not saved\nSteps: tested in OWA, same`,
    missing: [],
    fields: { customer_domain: 'bakery-lane.example' },
  },
  {
    name: 'finds a company name without a domain missing',
    text: 'Partner: Northwind IT Ltd\nPanel: https://cp.northwind-it.example\nCustomer: Bakery Lane\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: sent items are not saved\nSteps: tested in OWA, same',
    missing: ['partner_domain', 'customer_domain'],
  },
  {
    name: 'finds a panel without an address missing',
    text: 'Partner: northwind-it.example\nPanel: the usual one\nCustomer: bakery-lane.example\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: sent items are not saved\nSteps: tested in OWA, same',
    missing: ['control_panel_url'],
  },
  {
    name: 'takes a plea for help for no details',
    text: `${HEAD}Customer: bakery-lane.example\nCredentials: oven@bakery-lane.example / Rye+Bread9\nIssue: please help, urgent!\nSteps: please check`,
    missing: ['details', 'steps_taken'],
  },
  {
    name: 'reads credentials as user colon password',
    text: `${HEAD}Customer: bakery-lane.example\nCredentials: oven@bakery-lane.example:Rye:Bread9\nIssue: sent items are not saved\nSteps: tested in OWA, same`,
    missing: [],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: 'Rye:Bread9' } },
  },
  {
    name: 'reads user and password with words between them',
    text: `${HEAD}Customer: bakery-lane.example\nCredentials: user oven@bakery-lane.example, password Rye+Bread9\nIssue: sent items are not saved\nSteps: tested in OWA, same`,
    missing: [],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9' } },
  },
  {
    name: 'cuts the full stop of a sentence from a password, and keeps an exclamation mark',
    text: 'We are northwind-it.example. The password of oven@bakery-lane.example is Rye+Bread9!. The mailbox at bakery-lane.example is locked.',
    missing: ['control_panel_url', 'steps_taken'],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: 'Rye+Bread9!' } },
  },
  {
    name: 'reads a masked password as missing',
    text: `${HEAD}Customer: bakery-lane.example\nUser: oven@bakery-lane.example\nPassword: ********\nIssue: sent items are not saved\nSteps: tested in OWA, same`,
    missing: ['credentials'],
    fields: { credentials: { username: 'oven@bakery-lane.example', password: null } },
  },
  {
    name: 'reads labels with their explanation in parentheses',
    text: 'Partner Domain (required): northwind-it.example\nControl Panel URL (unique): https://cp.northwind-it.example\nCustomer Domain Name (affected): bakery-lane.example\nUser Credentials (user / password): oven@bakery-lane.example / Rye+Bread9\nDetails of the Issue (what happens?): sent items are not saved\nSteps taken (so far): tested in OWA, same',
    missing: [],
  },
  {
    name: 'does not read markup as a value',
    text: `${HEAD}Customer Domain Name: <img src=x onerror=alert(1)>\nUser Credentials: {{#each users}}\nDetails of the Issue: {{{details}}}\nSteps taken: <script>steps()</script>`,
    missing: ['customer_domain', 'credentials', 'details', 'steps_taken'],
  },
  {
    name: 'reads a form that stands below a dashed line like a signature',
    text: 'Hi, our form:\n-- \nPartner Domain: northwind-it.example\nCustomer: bakery-lane.example\nIssue: sent items are not saved',
    parts: {
      newText: 'Hi, our form:',
      signature:
        '-- \nPartner Domain: northwind-it.example\nCustomer: bakery-lane.example\nIssue: sent items are not saved',
    },
    missing: ['control_panel_url', 'credentials', 'steps_taken'],
    fields: { customer_domain: 'bakery-lane.example' },
  },
  {
    name: 'takes nothing from an ordinary signature',
    text: 'Mail is down at bakery-lane.example.\n-- \nNorthwind IT\nPartner: northwind-it.example\nTel: 555 0100',
    parts: {
      newText: 'Mail is down at bakery-lane.example.',
      signature: '-- \nNorthwind IT\nPartner: northwind-it.example\nTel: 555 0100',
    },
    missing: ['partner_domain', 'control_panel_url', 'credentials', 'steps_taken'],
  },
  {
    name: 'puts the forwarded words of the customer below the note of the partner',
    text: 'Our customer has trouble.',
    parts: {
      forwarded: {
        from: { displayName: 'Oven', address: 'oven@bakery-lane.example' },
        subject: 'help',
        date: null,
        messageId: null,
        text: 'All my mails of January are gone.',
      },
    },
    missing: ['partner_domain', 'control_panel_url', 'credentials', 'steps_taken'],
    fields: { details: 'Our customer has trouble.\nAll my mails of January are gone.' },
  },
  {
    name: 'takes a bare domain for the partner when the panel stands under it',
    text: '1) northwind-host.example\n2) https://cp.northwind-host.example\n3) bakery-lane.example\n4) anna@bakery-lane.example / Rye+Bread9\n5) Search in OWA finds nothing older than a week.\n6) Tried Edge and Chrome.',
    missing: [],
    fields: { partner_domain: 'northwind-host.example', customer_domain: 'bakery-lane.example' },
  },
  {
    name: 'reads a question as the trouble that it asks about',
    text: "Could you please check why bakery-lane.example doesn't get mail from paypal.com?",
    missing: ['partner_domain', 'control_panel_url', 'credentials', 'steps_taken'],
    fields: { customer_domain: 'bakery-lane.example', details: /doesn't get mail/ },
  },
  {
    name: 'takes a double slash between user name and password',
    text: '1. northwind-host.example / https://cp.northwind-host.example\n2. bakery-lane.example\n3. tom@bakery-lane.example // Crumb~88\n4. Push stops after ten minutes, a manual refresh works.\n5. Replicated with a test phone; no change.',
    missing: [],
    fields: { credentials: { username: 'tom@bakery-lane.example', password: 'Crumb~88' } },
  },
  {
    name: 'takes the password that something was reset to',
    text: 'Our customer bakery-lane.example cannot log in. I reset the password to "Rye.Path.5" for mona@bakery-lane.example and tried it in OWA: it is refused.',
    missing: ['partner_domain', 'control_panel_url'],
    fields: { credentials: { username: 'mona@bakery-lane.example', password: 'Rye.Path.5' } },
  },
]
