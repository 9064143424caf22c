// The markdown block: the common part of standard Markdown. Raw HTML in it
// stays text.
import { h } from './dom.js';
import { withEmoji } from './emoji.js';
import { link } from './mrkdwn.js';

const INLINE = new RegExp([
  '`([^`]+)`', '!?\\[([^\\]]*)\\]\\(([^)\\s]+)\\)', '\\*\\*(.+?)\\*\\*', '__(.+?)__', '~~(.+?)~~',
  '\\*([^*\\s][^*]*?)\\*', '(?<![\\p{L}\\p{N}])_([^_\\s][^_]*?)_(?![\\p{L}\\p{N}])', '(https?://[^\\s<>)，。；、]+)', '\\\\([\\\\`*_{}\\[\\]()#+.!~|>-])',
].join('|'), 'gu');

function inline(text) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(INLINE)) {
    out.push(...withEmoji(text.slice(at, m.index)));
    out.push(piece(m));
    at = m.index + m[0].length;
  }
  out.push(...withEmoji(text.slice(at)));
  return out;
}

function piece([all, code, label, href, bold, bold2, strike, em, em2, url, escaped]) {
  if (code !== undefined) return h('code', code);
  if (href !== undefined) return link(href, label || href);
  if (bold ?? bold2) return h('strong', inline(bold ?? bold2));
  if (strike) return h('s', inline(strike));
  if (em ?? em2) return h('em', inline(em ?? em2));
  if (url) return link(url);
  return escaped ?? all;
}

const LIST = /^(\s*)([-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/;
const cells = (line) => line.trim().replace(/^\||\|$/g, '').split('|').map((c) => c.trim());

// Each rule looks at the lines from i and gives {node, next}, or nothing.
const RULES = [
  (lines, i) => {
    const fence = /^\s*(```|~~~)/.exec(lines[i]);
    if (!fence) return null;
    let end = i + 1;
    while (end < lines.length && !lines[end].trim().startsWith(fence[1])) end++;
    return { node: h('pre', lines.slice(i + 1, end).join('\n')), next: end + 1 };
  },
  (lines, i) => {
    const m = /^(#{1,6})\s+(.*?)\s*#*$/.exec(lines[i]);
    return m && { node: h(`h${Math.min(6, m[1].length + 2)}.md`, inline(m[2])), next: i + 1 };
  },
  (lines, i) => (/^\s*([-*_])(\s*\1){2,}\s*$/.test(lines[i]) ? { node: h('hr'), next: i + 1 } : null),
  (lines, i) => {
    if (!/^\s*>/.test(lines[i])) return null;
    let end = i;
    while (end < lines.length && /^\s*>/.test(lines[end])) end++;
    const inner = lines.slice(i, end).map((l) => l.replace(/^\s*> ?/, '')).join('\n');
    return { node: h('blockquote', markdown(inner)), next: end };
  },
  (lines, i) => {
    if (!lines[i].includes('|') || !/^[\s|:-]*-[\s|:-]*$/.test(lines[i + 1] ?? '')) return null;
    let end = i + 2;
    while (end < lines.length && lines[end].includes('|')) end++;
    const aligns = cells(lines[i + 1]).map((c) => (/^:.*:$/.test(c) ? 'center' : c.endsWith(':') ? 'right' : 'left'));
    const row = (tag) => (line) => h('tr', cells(line).map((c, n) => h(tag, { style: { textAlign: aligns[n] } }, inline(c))));
    const body = lines.slice(i + 2, end).map(row('td'));
    return { node: h('div.table-scroll', h('table', h('thead', row('th')(lines[i])), h('tbody', body))), next: end };
  },
  (lines, i) => {
    if (!LIST.test(lines[i])) return null;
    let end = i;
    while (end < lines.length && LIST.test(lines[end])) end++;
    return { node: list(lines.slice(i, end).map((l) => LIST.exec(l))), next: end };
  },
];

function list(items) {
  const base = items[0][1].length;
  const root = h(/\d/.test(items[0][2]) ? 'ol' : 'ul', { start: parseInt(items[0][2], 10) || null });
  for (let i = 0; i < items.length;) {
    const [, , , box, text] = items[i];
    const li = h('li', box === undefined ? null : box === ' ' ? '☐ ' : '☑ ', inline(text));
    let end = i + 1;
    while (end < items.length && items[end][1].length > base) end++;
    if (end > i + 1) li.append(list(items.slice(i + 1, end)));
    root.append(li);
    i = end;
  }
  return root;
}

/** markdown turns Markdown into block nodes. */
export function markdown(text) {
  const lines = String(text ?? '').split('\n');
  const out = [];
  for (let i = 0; i < lines.length;) {
    const hit = RULES.reduce((found, rule) => found || rule(lines, i), null);
    if (hit) {
      out.push(hit.node);
      i = hit.next;
      continue;
    }
    const start = i++;
    if (!lines[start].trim()) continue;
    while (i < lines.length && lines[i].trim() && !RULES.some((rule) => rule(lines, i))) i++;
    out.push(h('p', inline(lines.slice(start, i).join('\n'))));
  }
  return out;
}
