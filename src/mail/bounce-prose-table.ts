/**
 * Words by which daemons say that a mail did not arrive, or not yet. Data for bounce-prose.ts.
 * Source: messages of qmail, Exim, sendmail, Postfix, Exchange, Domino, GroupWise, Gmail and large providers.
 */

export const BOUNCE_SUBJECT = new RegExp(
  [
    'undeliver(?:able|ed)',
    'non[- ]?delivery',
    'not (?:be )?delivered',
    '(?:delivery|mail|message)(?: (?:status|system))? (?:notification|failure|failed|error|problem|report)',
    '(?:failure|failed|error)(?: (?:notice|notification|in|delivering|report))',
    'fail(?:ed|ure)[ :,-]{1,3}(?:delivery|mail|notice)',
    'return(?:ed|ing) (?:mail|message)',
    'rejected (?:mail|message)',
    '(?:mail|message) (?:rejected|returned|bounced|blocked|could not be)',
    'could not (?:send|be) (?:message|delivered)',
    'unable to deliver',
    'user unknown',
    'unzustellbar',
    'nicht zugestellt',
    'zustellung fehlgeschlagen',
    'non remis',
    'échec de (?:la )?(?:remise|distribution)',
    'no se (?:puede|ha podido) entregar',
    'não (?:foi )?entreg',
    'mancato recapito',
    'onbestelbaar',
    'не доставлен',
    'недоставлен',
    '配信不能|(?:配信|送信|メール)エラー|エラーメール|送信できませんでした|退信|系统退信|投递失败',
  ].join('|'),
  'iu',
)

export const DELAY_SUBJECT =
  /delivery[^\n]{0,40}(?:delay|deferred)|delayed|(?:^|\W)warning: (?:message|could not send)|still being retried|verzögert/iu

export const DELAY_WORDS =
  /(?:has|have) not yet been delivered|(?:delivery|message)[^\n]{0,60} (?:is |has been |was )?delayed|will (?:keep|continue) (?:trying|to try)|still being (?:retried|attempted)|you do not need to resend|this is (?:only )?a warning message only|transient[^\n]{0,40}(?:error|problem)[^\n]{0,80}retr/iu

export const FAILURE_WORDS = new RegExp(
  [
    '(?:could|can) ?not (?:be )?deliver(?:ed)?',
    "(?:wasn['’]t|couldn['’]t|can['’]t|was not|were not|hasn['’]t been|has not been|unable to be) (?:be )?deliver",
    'unable to deliver',
    'undeliverable',
    'delivery (?:to the following|has failed|failed|attempts? failed|failure|error|was unsuccessful)',
    'permanent (?:fatal )?(?:error|failure)',
    'fatal errors?',
    '(?:user|recipient|mailbox|address|account|domain|host)[^\\n]{0,60}(?:unknown|not found|unavailable|does(?: not|n.t) exist|not (?:exist|known|listed|available)|invalid|disabled|full|inactive|rejected|over quota|exceeded)',
    'no such (?:user|recipient|mailbox|account|address|domain)',
    'unknown (?:user|recipient|mailbox|address|local part)',
    'unrouteable address',
    'returned (?:mail|to sender|message)',
    'this message was created automatically by mail delivery software',
    'your (?:message|e-?mail|mail)[^\\n]{0,80} (?:was |has been |could not be )(?:rejected|refused|returned|blocked|not)',
    'did not reach the following recipient',
    'i (?:wasn.t able to|was unable to|.m afraid i wasn.t able to) deliver',
    'giving up on',
    'this is a permanent error',
    'relay(?:ing)? (?:access )?(?:denied|not permitted)',
    'quota exceeded|over (?:its )?quota|mailbox (?:is )?full',
    'message (?:size )?(?:exceeds|too (?:large|big))',
    '\\b5\\d\\d[ -]5\\.\\d\\.\\d',
    'session transcript|transcript of session follows',
    'unzustellbar|nicht zugestellt werden',
    'no se pudo entregar|n.a pas pu être (?:remis|distribué)|não pôde ser entregue|non è stato possibile',
    'не (?:может быть|был|удалось) доставл',
    '配信(?:できません|不能)|送信できません|存在しません|无法投递|退信',
  ].join('|'),
  'iu',
)
