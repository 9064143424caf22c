// Slack's mrkdwn: *bold* _italic_ ~strike~ `code` ```pre``` > quote, and the
// sequences in angle brackets. As in Slack a mark counts only at the edge of a
// word, and a Chinese character is part of a word.
import { h } from './dom.js';
import { emoji, signals, withEmoji } from './emoji.js';
import { store } from './store.js';
import { slackDate } from './time.js';

const TAGS = { '*': 'strong', _: 'em', '~': 's' };
const WORD = /[\p{L}\p{N}]/u;
const URL = /https?:\/\/[^\s<>|"'，。；：！？、（）《》【】“”]+/y;
const EMOJI = /:([a-z0-9_+-]+):/y;

/** unescape undoes the three escapes of Slack's text. */
export function unescape(s) {
  return s.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: '<', gt: '>', amp: '&' })[name]);
}

/** mrkdwn turns text into nodes. verbatim leaves bare addresses alone. */
export function mrkdwn(text, { verbatim = false } = {}) {
  return String(text ?? '').split(/```\n?([\s\S]*?)\n?```/).flatMap((part, i) =>
    i % 2 ? [h('pre', unescape(part))] : paragraphs(part, verbatim));
}

function paragraphs(text, verbatim) {
  const out = [];
  let quote = [];
  let plain = [];
  const flush = () => {
    if (quote.length) out.push(h('blockquote', inline(quote.join('\n'), verbatim)));
    if (plain.length) out.push(...inline(plain.join('\n'), verbatim));
    quote = [];
    plain = [];
  };
  for (const line of text.split('\n')) {
    const mark = /^(&gt;|>) ?/.exec(line);
    if (Boolean(mark) !== quote.length > 0) flush();
    if (mark) quote.push(line.slice(mark[0].length));
    else plain.push(line);
  }
  flush();
  return out;
}

function inline(s, verbatim) {
  const out = [];
  let plain = '';
  const flush = () => {
    if (plain) out.push(...signals(unescape(plain)));
    plain = '';
  };
  for (let i = 0; i < s.length;) {
    const found = span(s, i, verbatim);
    if (found) {
      flush();
      out.push(found.node);
      i = found.end;
    } else {
      plain += s[i++];
    }
  }
  flush();
  return out;
}

// span is the marked-up piece that begins at i, as {node, end}, or null.
function span(s, i, verbatim) {
  const c = s[i];
  if (c === '`') {
    const end = s.indexOf('`', i + 1);
    if (end > i + 1 && !s.slice(i, end).includes('\n')) return { node: h('code', unescape(s.slice(i + 1, end))), end: end + 1 };
  } else if (c === '<') {
    const end = s.indexOf('>', i);
    const node = end > 0 && control(s.slice(i + 1, end));
    if (node) return { node, end: end + 1 };
  } else if (TAGS[c]) {
    const end = closing(s, i);
    if (end > 0) return { node: h(TAGS[c], inline(s.slice(i + 1, end), verbatim)), end: end + 1 };
  } else if (c === ':') {
    const m = sticky(EMOJI, s, i);
    const node = m && emoji(m[1]);
    if (node) return { node, end: i + m[0].length };
  } else if (c === 'h' && !verbatim) {
    const m = sticky(URL, s, i);
    const address = m && m[0].replace(/[.,;:!?)]+$/, '');
    if (address) return { node: link(unescape(address)), end: i + address.length };
  }
  return null;
}

function sticky(re, s, i) {
  re.lastIndex = i;
  return re.exec(s);
}

// closing finds the mark that ends the one at i, or -1.
function closing(s, i) {
  const mark = s[i];
  const before = s[i - 1] ?? ' ';
  if (WORD.test(before) || before === mark || !s[i + 1] || /\s/.test(s[i + 1]) || s[i + 1] === mark) return -1;
  for (let j = i + 1; j < s.length && s[j] !== '\n'; j++) {
    if (s[j] === '<') j = Math.max(j, s.indexOf('>', j));
    else if (s[j] === '`') j = Math.max(j, s.indexOf('`', j + 1));
    else if (s[j] === mark && j > i + 1 && !/\s/.test(s[j - 1]) && !WORD.test(s[j + 1] ?? ' ')) return j;
  }
  return -1;
}

// control is the node for what stood between < and >; null leaves it as text.
function control(body) {
  const bar = body.indexOf('|');
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? '' : unescape(body.slice(bar + 1));
  if (target.startsWith('@')) return mentionUser(target.slice(1), label);
  if (target.startsWith('#')) return mentionChannel(target.slice(1), label);
  if (target.startsWith('!date^')) return date(target, label);
  if (target.startsWith('!subteam^')) return h('span.mention', label || '@group');
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (/^(https?:|mailto:|tel:)/i.test(target)) return link(unescape(target), label);
  return null;
}

/** link is an anchor to a safe address, else its text. */
export function link(address, label) {
  const text = label || address.replace(/^(mailto|tel):/i, '');
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(address)) return h('span', text);
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, signals(text));
}

/** mentionUser is @name; the reader's own is marked. */
export function mentionUser(id, label = '') {
  const user = store.person(id);
  return h('span.mention', { class: id === store.me ? 'me' : '', title: user?.title || null }, `@${user?.real_name || user?.name || label || id}`);
}

/** mentionChannel is #name, and opens the channel when the reader can see it. */
export function mentionChannel(id, label = '') {
  const channel = store.channel(id);
  const name = `#${channel?.name || label || id}`;
  return channel ? h('button.mention', { type: 'button', onclick: () => store.go(id) }, name) : h('span.mention', name);
}

export const broadcast = (range) => h('span.mention.me', `@${range}`);

function date(target, fallback) {
  const [, seconds, pattern = '', href] = target.split('^');
  const text = slackDate(Number(seconds), unescape(pattern)) ?? fallback;
  return href ? link(unescape(href), text) : h('time', { title: fallback || null }, text);
}

/** textObject turns a mrkdwn or plain_text object, or a bare string, into nodes. */
export function textObject(o) {
  if (!o) return [];
  if (typeof o === 'string') return mrkdwn(o);
  return o.type === 'mrkdwn' ? mrkdwn(o.text, o) : plain(o);
}

/** plain is the text of a plain_text object with its shortcodes (emoji: false leaves them). */
export function plain(o) {
  const text = o?.text ?? '';
  return o?.emoji === false ? signals(text) : withEmoji(text);
}

/** words is an object's text alone, for labels and filters. */
export const words = (o) => (typeof o === 'string' ? o : unescape(o?.text ?? ''));
