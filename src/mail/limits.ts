/**
 * How much of a mail is read. Everything a stranger can make long, deep or many has its bound here.
 * Ordinary mail stays far below all of them; what goes beyond is cut with a warning or read headers only.
 */

/** Header octets of one MIME part; real headers with long ARC chains stay below 100 KiB. */
export const MAX_HEADER_BYTES = 256 * 1024
export const MAX_HEADER_FIELDS = 1000
/** Longest header value kept; the longest useful ones are References and DKIM signatures. */
export const MAX_FIELD_CHARS = 32 * 1024
export const MAX_MIME_PARTS = 300
/** Octets of a text part that are decoded; what is beyond would be cut from the text anyway. */
export const MAX_TEXT_PART_BYTES = 4 * 1024 * 1024
/** Decoded text of a mail, in UTF-16 units. */
export const MAX_TEXT_CHARS = 1024 * 1024
export const MAX_HTML_CHARS = 1_000_000
/** Reply chains of HTML clients nest two or three elements a round. */
export const MAX_HTML_DEPTH = 200
export const MAX_HTML_CHILDREN = 10_000
export const MAX_TABLE_ROWS = 2000
export const MAX_TABLE_CELLS = 20
export const MAX_CELL_CHARS = 4000
export const MAX_ATTACHMENT_TEXT_BYTES = 64 * 1024
export const MAX_FILE_NAME_CHARS = 120
export const MAX_MESSAGE_IDS = 200
export const MAX_MAILBOXES = 500
/** Text that is searched for quotes and forwards; longer mails are logs, not letters. */
export const MAX_SPLIT_CHARS = 256 * 1024
/** Rich text of Outlook, decompressed; its words are a small part of it. */
export const MAX_RTF_BYTES = 4 * 1024 * 1024
export const MAX_TNEF_ATTRIBUTES = 5000
export const MAX_MAPI_PROPERTIES = 2000
/** A message inside a message inside a winmail.dat. */
export const MAX_TNEF_DEPTH = 3
